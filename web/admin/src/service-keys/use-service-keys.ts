import { ask } from '../api/ask.ts';
import type { ListedServiceKey, ServiceKeyView } from '../api/views.ts';
import { type Loaded, useLoaded } from '../state/use-loaded.ts';

export interface ServiceKeyList {
  readonly serviceKeys: readonly ListedServiceKey[];
}

export const useServiceKeys = (): Loaded<ServiceKeyList> =>
  useLoaded('service-keys', () => ask('list-service-keys', {}));

export type ServiceKeyState = 'live' | 'ending' | 'ended';

export function serviceKeyStateOf({ credentialUntil }: ServiceKeyView, now: number): ServiceKeyState {
  if (credentialUntil === undefined) return 'live';
  return now < credentialUntil ? 'ending' : 'ended';
}

/** A rotated or revoked key has a successor or needs none; dev keys always have an end. */
export const isRotatable = ({ purpose, credentialUntil, successorId }: ServiceKeyView, now: number): boolean =>
  successorId === undefined && (credentialUntil === undefined || (purpose === 'dev' && now < credentialUntil));

/** Live keys first, newest first; unreadable ones at the end. */
export function sortKeys(keys: readonly ListedServiceKey[], now: number): ListedServiceKey[] {
  const rank = (key: ListedServiceKey): number =>
    'corrupt' in key ? 2 : serviceKeyStateOf(key, now) === 'ended' ? 1 : 0;
  const createdAt = (key: ListedServiceKey): number => ('corrupt' in key ? 0 : key.createdAt);
  return [...keys].sort((one, other) => rank(one) - rank(other) || createdAt(other) - createdAt(one));
}
