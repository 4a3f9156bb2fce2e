/**
 * The value that is stored under a key. `corrupt`: an item that we cannot have written; its owner gets 503 and nobody
 * else is affected.
 */
export type Stored<Value> =
  | { readonly kind: 'found'; readonly value: Value }
  | { readonly kind: 'absent' }
  | { readonly kind: 'corrupt' };

/** A dependency did not respond, or refused the gate: the caller gets 503 and never a wrong decision. */
export class DependencyError extends Error {
  override readonly name = 'DependencyError';
}

/** The stored value, or undefined. Throws `DependencyError` for a corrupt record. */
export function found<Value>(stored: Stored<Value>): Value | undefined {
  if (stored.kind === 'corrupt') throw new DependencyError('a stored record is corrupt');
  return stored.kind === 'found' ? stored.value : undefined;
}

/** Unix time in milliseconds. */
export type Clock = () => number;

/** A number from 0 to below 1, for jitter only. */
export type Random = () => number;
