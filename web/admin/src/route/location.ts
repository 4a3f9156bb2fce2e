import { createStore, useStore } from '../state/store.ts';
import { parseRoute, type Route } from './route.ts';

const route = createStore<Route>({ path: [], query: new Map() });

/** Follows the address. Returns nothing: the console never stops following it. */
export function followLocation(): void {
  const follow = (): void => route.set(parseRoute(location.hash));
  addEventListener('hashchange', follow);
  follow();
}

export const useRoute = (): Route => useStore(route);

export function goTo(href: string): void {
  location.hash = href;
}

/** The same place, differently filtered: no step for the back button. */
export function refine(href: string): void {
  history.replaceState(null, '', href);
  route.set(parseRoute(location.hash));
}

const LINK = '#link=';

/** The code of a one-time link, taken out of the address and the history at once. */
export function takeLinkCode(): string | undefined {
  const { hash, pathname, search } = location;
  if (!hash.startsWith(LINK)) return undefined;
  refine(`${pathname}${search}`);
  return hash.slice(LINK.length);
}
