import { limits } from '#contract/limits.ts';
import { randomBase62 } from '../crypto/base62.ts';
import { DependencyError } from '../platform/stored.ts';
import { parseRing, type Ring, type RingVersionStore, writeRing } from './ring.ts';

const RING_SECRET_CHARS = 64;

/** *Add* and *promote* in one document: a new key that seals from now on; every earlier key still opens. */
export function addRingKey(ring: Ring, nowSeconds: number): Ring {
  const newest = Math.max(...[...ring.secrets.keys()].map(numberOf));
  const sealWith = `rk_${newest + 1}`;
  const secrets = new Map([...ring.secrets, [sealWith, randomBase62(RING_SECRET_CHARS)]]);
  return { ...ring, sealWith, secrets, addedAt: new Map([...ring.addedAt, [sealWith, nowSeconds]]) };
}

/** The ring to promote: if its newest key was created a while ago, that key gets the present time. */
function promotedRing(ring: Ring, nowSeconds: number): Ring {
  const isRecent = nowSeconds - (ring.addedAt.get(ring.sealWith) ?? 0) <= limits.ringPromotionSeconds;
  return isRecent ? ring : { ...ring, addedAt: new Map([...ring.addedAt, [ring.sealWith, nowSeconds]]) };
}

/**
 * *Retire*: drops the keys that were superseded `keptSeconds` ago and that nothing refers to; by then everything that was made with them is
 * gone, such as backups. It records the time for keys superseded since the last run. `referenced` is undefined when the references are
 * unknown: then none is dropped.
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

/** *Drop*: only the key that seals remains. */
function onlySealingKey({ sealWith, secrets, addedAt }: Ring): Ring {
  const ofIt = <Value>(values: ReadonlyMap<string, Value>) => new Map([...values].filter(([id]) => id === sealWith));
  return { sealWith, secrets: ofIt(secrets), supersededAt: new Map(), addedAt: ofIt(addedAt) };
}

/**
 * How long a key from before the newest may still be in use, if that ends `settledSeconds` after the newest was created; the first key has
 * no earlier one.
 */
const secondsUntilSettled = ({ sealWith, addedAt }: Ring, nowSeconds: number, settledSeconds: number): number =>
  Math.max(0, (addedAt.get(sealWith) ?? 0) + settledSeconds - nowSeconds);

/** Whether a ring opens everything that another one opens. */
export const opensAllOf = (ring: Ring, other: Ring): boolean =>
  [...other.secrets].every(([id, secret]) => ring.secrets.get(id) === secret);

const numberOf = (ringKeyId: string): number => Number(ringKeyId.slice('rk_'.length));

/** A ring and the use of its keys, which determines when they may be dropped. */
export interface RingRotation {
  readonly ring: RingVersionStore;
  /** Reseals every value that is not sealed with the newest key. */
  readonly reseal: (current: Ring, context: StepContext) => Promise<StepReport>;
  /** The ring keys that stored values refer to; undefined when that is unknown. */
  readonly referenced: () => Promise<ReadonlySet<string> | undefined>;
  /** The minimum time for which a superseded key is kept. */
  readonly keptSeconds: number;
  /** How long after the creation of a new key an older one may still be in use. */
  readonly settledSeconds: number;
}

/** Secrets Manager's names for the steps of a rotation, in order. */
export type RotationStep = 'createSecret' | 'setSecret' | 'testSecret' | 'finishSecret';

export interface StepContext {
  /** Id of the version that this rotation makes. */
  readonly versionId: string;
  readonly nowSeconds: number;
  /** False when the function should end: completed work is kept, and the step must be run again. */
  readonly hasTime: () => boolean;
  /** Waits until every reader that meets an unknown ring key may read the ring again. */
  readonly letReadersRefresh: () => Promise<void>;
}

/** The result of a step, for the log. */
export interface StepReport {
  readonly resealed: number;
  /** Shops with a value that no ring key opens; the keys they name are kept. */
  readonly unopenable: readonly string[];
}

export const NOTHING: StepReport = { resealed: 0, unopenable: [] };

/**
 * The four steps of a ring rotation. Each may be killed at any moment and run again: it checks the current state and does what is missing.
 * Throws `DependencyError` when a store fails; then the step must be run again, too.
 */
export const rotationSteps: Readonly<
  Record<RotationStep, (rotation: RingRotation, context: StepContext) => Promise<StepReport>>
> = { createSecret: add, setSecret: promote, testSecret: reseal, finishSecret: retire };

/** Prepares the ring with one more key, which will seal. No reader gets it yet. */
async function add({ ring }: RingRotation, { versionId, nowSeconds }: StepContext): Promise<StepReport> {
  const current = await ring.readCurrent();
  if (current.versionId === versionId || (await ring.readPending(versionId)) !== undefined) return NOTHING;
  await ring.addPending(versionId, writeRing(addRingKey(parsed(current.text), nowSeconds)));
  return NOTHING;
}

/**
 * Makes that ring the one that all readers get. A reader with the previous ring meets an unknown key and reads again. A ring that was
 * prepared a while ago is promoted as a copy with the present time, because readers are assumed to have a key from its time on.
 */
async function promote({ ring }: RingRotation, { versionId, nowSeconds }: StepContext): Promise<StepReport> {
  const [current, pending] = await Promise.all([ring.readCurrent(), ring.readPending(versionId)]);
  if (current.versionId === versionId || pending === undefined) return NOTHING;
  const [before, prepared] = [parsed(current.text), parsed(pending)];
  // The ring changed meanwhile: a key that was added to it must not be lost.
  if (!opensAllOf(prepared, before)) throw new DependencyError('the prepared ring lacks a key');
  // An earlier run promoted a copy.
  if (opensAllOf(before, prepared)) return NOTHING;
  const promoted = promotedRing(prepared, nowSeconds);
  await ring.makeCurrent(
    current.versionId,
    promoted === prepared ? versionId : await ring.addSettled(writeRing(promoted)),
  );
  return NOTHING;
}

async function reseal({ ring, reseal: resealAll }: RingRotation, context: StepContext): Promise<StepReport> {
  return resealAll(parsed((await ring.readCurrent()).text), context);
}

/** Ends the rotation, and drops keys whose time is over and that nothing refers to. */
async function retire(rotation: RingRotation, context: StepContext): Promise<StepReport> {
  const { ring, keptSeconds } = rotation;
  await ring.endPending(context.versionId);
  const current = await ring.readCurrent();
  const before = parsed(current.text);
  const referenced = await rotation.referenced();
  const after = writeRing(retireRingKeys(before, referenced, context.nowSeconds, keptSeconds));
  if (after !== writeRing(before)) await ring.makeCurrent(current.versionId, await ring.addSettled(after));
  return NOTHING;
}

/**
 * Drops every key except the newest, for one that leaked: reseals everything that the others still seal, and removes all versions that
 * contain them. Other values that were sealed with them no longer open, and signatures made with them no longer verify. May be run again,
 * like the steps. Throws `DependencyError` while a function may still seal or sign with an old key.
 */
export async function dropOldRingKeys(rotation: RingRotation, context: StepContext): Promise<StepReport> {
  const { ring } = rotation;
  const current = await ring.readCurrent();
  const before = parsed(current.text);
  const seconds = secondsUntilSettled(before, context.nowSeconds, rotation.settledSeconds);
  if (seconds > 0) throw new DependencyError(`old keys may still be in use; drop them in ${seconds} s`);
  const report = await reseal(rotation, context);
  const after = writeRing(onlySealingKey(before));
  if (after !== writeRing(before)) await ring.makeCurrent(current.versionId, await ring.addSettled(after));
  await ring.forgetOthers();
  return report;
}

function parsed(text: string): Ring {
  const ring = parseRing(text);
  if (!ring.ok) throw new DependencyError('the ring secret is malformed');
  return ring.value;
}
