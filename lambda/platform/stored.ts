/** What is stored under a key. `corrupt`: something is there that we can't have written; its owner gets 503 and nobody else is harmed. */
export type Stored<Value> =
  | { readonly kind: 'found'; readonly value: Value }
  | { readonly kind: 'absent' }
  | { readonly kind: 'corrupt' };

/** A dependency did not answer, or refused us: the caller gets 503 and never a wrong yes or no. */
export class DependencyError extends Error {
  override readonly name = 'DependencyError';
}

/** The value that is stored, or nothing. Throws `DependencyError` for a corrupt record. */
export function found<Value>(stored: Stored<Value>): Value | undefined {
  if (stored.kind === 'corrupt') throw new DependencyError('a stored record is corrupt');
  return stored.kind === 'found' ? stored.value : undefined;
}

/** Unix time in milliseconds. */
export type Clock = () => number;

/** A number from 0 to below 1, for jitter only. */
export type Random = () => number;
