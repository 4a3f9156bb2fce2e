import { limits } from '../contract/limits.ts';
import { randomBase62 } from './base62.ts';
import type { Ring } from './ring.ts';

const RING_SECRET_CHARS = 64;

/** *Add* and *promote* in one document: a new key that seals from now on; every earlier one still opens. */
export function addRingKey(ring: Ring, nowSeconds: number): Ring {
  const newest = Math.max(...[...ring.secrets.keys()].map(numberOf));
  const sealWith = `rk_${newest + 1}`;
  const secrets = new Map([...ring.secrets, [sealWith, randomBase62(RING_SECRET_CHARS)]]);
  return { ...ring, sealWith, secrets, addedAt: new Map([...ring.addedAt, [sealWith, nowSeconds]]) };
}

/**
 * *Retire*: drops the keys that seal no more, that nothing refers to, and that were superseded long enough ago for backups and sealed
 * sessions of their time to be gone; notes the time for those superseded since. `referenced` is undefined when it can't be told what
 * refers to which key: then none is dropped.
 */
export function retireRingKeys(ring: Ring, referenced: ReadonlySet<string> | undefined, nowSeconds: number): Ring {
  const secrets = new Map<string, string>();
  const supersededAt = new Map<string, number>();
  for (const [id, secret] of ring.secrets) {
    const since = ring.supersededAt.get(id) ?? nowSeconds;
    const isOver = id !== ring.sealWith && nowSeconds - since >= limits.ringKeyKeptSeconds;
    if (isOver && referenced !== undefined && !referenced.has(id)) continue;
    secrets.set(id, secret);
    if (id !== ring.sealWith) supersededAt.set(id, since);
  }
  const addedAt = new Map([...ring.addedAt].filter(([id]) => secrets.has(id)));
  return { sealWith: ring.sealWith, secrets, supersededAt, addedAt };
}

/** *Drop*: the key that seals, and no other. */
export function onlySealingKey({ sealWith, secrets, addedAt }: Ring): Ring {
  const ofIt = <Value>(values: ReadonlyMap<string, Value>) => new Map([...values].filter(([id]) => id === sealWith));
  return { sealWith, secrets: ofIt(secrets), supersededAt: new Map(), addedAt: ofIt(addedAt) };
}

/** How long some cache of the ring may still seal with a key from before the newest; the first key has none before it. */
export const secondsUntilSettled = ({ sealWith, addedAt }: Ring, nowSeconds: number): number =>
  Math.max(0, (addedAt.get(sealWith) ?? 0) + limits.ringSettledSeconds - nowSeconds);

/** Whether a ring opens all that another one opens. */
export const opensAllOf = (ring: Ring, other: Ring): boolean =>
  [...other.secrets].every(([id, secret]) => ring.secrets.get(id) === secret);

const numberOf = (ringKeyId: string): number => Number(ringKeyId.slice('rk_'.length));
