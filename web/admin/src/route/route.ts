import { createStore, useStore } from '../state/store.ts';

/** The current route: the part of the address after `#`. */
export interface Route {
  readonly path: readonly string[];
  readonly query: ReadonlyMap<string, string>;
}

export function parseRoute(hash: string): Route {
  const [path = '', search = ''] = hash.replace(/^#\/?/, '').split('?');
  const segments = path.split('/').filter((segment) => segment !== '');
  return { path: segments.map(decode), query: new Map(new URLSearchParams(search)) };
}

/** A malformed escape is an unknown route, like any other wrong one. */
function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** The address of a route; empty members of the query are omitted. */
export function hrefOf(path: readonly string[], query: Readonly<Record<string, string>> = {}): string {
  const search = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== '')).toString();
  return `#/${path.map(encodeURIComponent).join('/')}${search === '' ? '' : `?${search}`}`;
}

const route = createStore<Route>({ path: [], query: new Map() });

/** Follows the address. Returns no stop function: the console never stops following it. */
export function followLocation(): void {
  const follow = (): void => route.set(parseRoute(location.hash));
  addEventListener('hashchange', follow);
  follow();
}

export const useRoute = (): Route => useStore(route);

export function goTo(href: string): void {
  location.hash = href;
}

/** The same route with other filters: adds no entry to the browser history. */
export function refine(href: string): void {
  history.replaceState(null, '', href);
  route.set(parseRoute(location.hash));
}

const LINK = '#link=';

/** The code of a login link. It is removed from the address and the history immediately. */
export function takeLinkCode(): string | undefined {
  const { hash, pathname, search } = location;
  if (!hash.startsWith(LINK)) return undefined;
  refine(`${pathname}${search}`);
  return hash.slice(LINK.length);
}
