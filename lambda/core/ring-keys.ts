/** What is derived from the keys of a ring, by ring key id: one of them seals or signs, the others still open or verify. */
export interface RingKeys<Key> {
  readonly sealWith: string;
  readonly keys: ReadonlyMap<string, Key>;
  /** When a key was made, Unix seconds; absent: before all that have one. */
  readonly addedAt?: ReadonlyMap<string, number>;
}

/**
 * For values that others must open or verify at once: the same keys, but one made less than `settledSeconds` ago is not used yet, so that
 * every reader knows it before it meets it. Until then the newest key before it is used.
 */
export function settledKeys<Key>(ring: RingKeys<Key>, settledSeconds: number, nowSeconds: number): RingKeys<Key> {
  const madeAt = (id: string): number => ring.addedAt?.get(id) ?? 0;
  const isSettled = (id: string): boolean => nowSeconds - madeAt(id) >= settledSeconds;
  const [first, ...others] = isSettled(ring.sealWith) ? [] : [...ring.keys.keys()].filter(isSettled);
  if (first === undefined) return ring;
  return { ...ring, sealWith: others.reduce((newest, id) => (madeAt(id) > madeAt(newest) ? id : newest), first) };
}
