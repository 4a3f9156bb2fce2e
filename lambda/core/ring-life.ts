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

/** The ring to promote: if its newest key was made a while ago, with the present time as that key's. */
export function promotedRing(ring: Ring, nowSeconds: number): Ring {
  const isRecent = nowSeconds - (ring.addedAt.get(ring.sealWith) ?? 0) <= limits.ringPromotionSeconds;
  return isRecent ? ring : { ...ring, addedAt: new Map([...ring.addedAt, [ring.sealWith, nowSeconds]]) };
}

/**
 * *Retire*: drops the keys that are superseded, that nothing refers to, and that were superseded `keptSeconds` ago, when whatever was made
 * with them is gone, such as backups; notes the time for those superseded since. `referenced` is undefined when it is unknown what refers
 * to which key: then none is dropped.
 */
export function retireRingKeys(
  ring: Ring,
  referenced: ReadonlySet<string> | undefined,
  nowSeconds: number,
  keptSeconds: number,
): Ring {
  const secrets = new Map<string, string>();
  const supersededAt = new Map<string, number>();
  for (const [id, secret] of ring.secrets) {
    const since = ring.supersededAt.get(id) ?? nowSeconds;
    const isOver = id !== ring.sealWith && nowSeconds - since >= keptSeconds;
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

/** How long a key from before the newest may still be in use, if that ends `settledSeconds` after the newest was made; the first key has none before it. */
export const secondsUntilSettled = ({ sealWith, addedAt }: Ring, nowSeconds: number, settledSeconds: number): number =>
  Math.max(0, (addedAt.get(sealWith) ?? 0) + settledSeconds - nowSeconds);

/** Whether a ring opens all that another one opens. */
export const opensAllOf = (ring: Ring, other: Ring): boolean =>
  [...other.secrets].every(([id, secret]) => ring.secrets.get(id) === secret);

const numberOf = (ringKeyId: string): number => Number(ringKeyId.slice('rk_'.length));
