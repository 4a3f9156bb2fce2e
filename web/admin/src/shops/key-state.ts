import type { KeyView } from '../api/views.ts';

/** The state of a key (contract §4.2). */
export type KeyState = 'current' | 'overlapping' | 'verifying' | 'ended';

export function keyStateOf({ credentialUntil, verifyUntil }: KeyView, now: number): KeyState {
  if (credentialUntil === undefined) return 'current';
  if (now < credentialUntil) return 'overlapping';
  return verifyUntil === undefined || now < verifyUntil ? 'verifying' : 'ended';
}

export const isOverlapping = (key: KeyView, now: number): boolean => keyStateOf(key, now) === 'overlapping';

/** Whether a rotation would result in three keys that verify, which is one too many. */
export const earlierKeyOf = (keys: readonly KeyView[], now: number): KeyView | undefined =>
  keys.find((key) => ['overlapping', 'verifying'].includes(keyStateOf(key, now)));
