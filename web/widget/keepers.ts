import { createKeeper, type Keeper } from './keeper.ts';
import type { Settings } from './settings.ts';

const kept = new Map<string, { readonly keeper: Keeper; users: number; token: string | undefined }>();

/** The keeper of a widget: all widgets of a page that get their token from the same place have one, and so one refresh. */
export function takeKeeper(settings: Settings): { readonly keeper: Keeper; release(): void } {
  const { apiUrl, auth, tokenUrl, token, devKey, stated } = settings;
  const key = JSON.stringify([apiUrl, auth, tokenUrl ?? token ?? [devKey, stated]]);
  const entry = kept.get(key) ?? { keeper: createKeeper(settings), users: 0, token };
  kept.set(key, entry);
  entry.users += 1;
  if (token && token !== entry.token) {
    entry.token = token;
    entry.keeper.restart(token);
  }
  return {
    keeper: entry.keeper,
    release() {
      entry.users -= 1;
      if (entry.users === 0) kept.delete(key);
    },
  };
}
