import { parseRing, type Ring, writeRing } from '../core/ring.ts';
import {
  addRingKey,
  onlySealingKey,
  opensAllOf,
  promotedRing,
  retireRingKeys,
  secondsUntilSettled,
} from '../core/ring-life.ts';
import { DependencyError, type RingVersionStore } from '../ports.ts';

/** A ring and what its keys are used for, which decides when they may go. */
export interface RingRotation {
  readonly ring: RingVersionStore;
  /** Seals again whatever is not sealed with the newest key. */
  readonly reseal: (current: Ring, context: StepContext) => Promise<StepReport>;
  /** The ring keys that anything stored refers to; undefined when that is unknown. */
  readonly referenced: () => Promise<ReadonlySet<string> | undefined>;
  /** How long a superseded key is kept at least. */
  readonly keptSeconds: number;
  /** How long after a new key was made an older one may still be in use. */
  readonly settledSeconds: number;
}

/** Secrets Manager's names for the steps of a rotation, in their order. */
export type RotationStep = 'createSecret' | 'setSecret' | 'testSecret' | 'finishSecret';

export interface StepContext {
  /** Of the version that this rotation makes. */
  readonly versionId: string;
  readonly nowSeconds: number;
  /** False when the function should end: what is done by then is kept, and the step is to be run again. */
  readonly hasTime: () => boolean;
  /** Waits until every reader that meets an unknown ring key may read the ring again. */
  readonly letReadersRefresh: () => Promise<void>;
}

/** What a step did, for the log. */
export interface StepReport {
  readonly resealed: number;
  /** Shops with a value that no ring key opens; the keys they name are kept. */
  readonly unopenable: readonly string[];
}

export const NOTHING: StepReport = { resealed: 0, unopenable: [] };

/**
 * The four steps of a ring rotation. Each may be killed at any moment and run again: it looks at what is there, and does what is missing.
 * Throws `DependencyError` when a store fails; then, too, the step is to be run again.
 */
export const rotationSteps: Readonly<
  Record<RotationStep, (rotation: RingRotation, context: StepContext) => Promise<StepReport>>
> = { createSecret: add, setSecret: promote, testSecret: reseal, finishSecret: retire };

/** Prepares the ring with one key more, which is to seal. Nobody reads it yet. */
async function add({ ring }: RingRotation, { versionId, nowSeconds }: StepContext): Promise<StepReport> {
  const current = await ring.readCurrent();
  if (current.versionId === versionId || (await ring.readPending(versionId)) !== undefined) return NOTHING;
  await ring.addPending(versionId, writeRing(addRingKey(parsed(current.text), nowSeconds)));
  return NOTHING;
}

/**
 * Makes that ring the one that all read. Who still has the one before meets an unknown key and reads again. A ring that waited for this is
 * promoted as a copy with the present time: from the time of a key readers are known to have it.
 */
async function promote({ ring }: RingRotation, { versionId, nowSeconds }: StepContext): Promise<StepReport> {
  const [current, pending] = await Promise.all([ring.readCurrent(), ring.readPending(versionId)]);
  if (current.versionId === versionId || pending === undefined) return NOTHING;
  const [before, prepared] = [parsed(current.text), parsed(pending)];
  // Somebody changed the ring meanwhile: a key that it gained must not be lost.
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

/** Ends the rotation, and drops the keys whose time is over and to which nothing refers. */
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
 * Drops every key but the newest, for one that leaked: seals again what the others still seal, and leaves no version behind that holds them.
 * What else was sealed with them no longer opens, and what was signed with them no longer verifies. May be run again, like the steps. Throws
 * `DependencyError` while a function may still seal or sign with an old key.
 */
export async function dropOldRingKeys(rotation: RingRotation, context: StepContext): Promise<StepReport> {
  const { ring } = rotation;
  const current = await ring.readCurrent();
  const before = parsed(current.text);
  const seconds = secondsUntilSettled(before, context.nowSeconds, rotation.settledSeconds);
  if (seconds > 0) throw new DependencyError(`old keys may be in use yet; drop them in ${seconds} s`);
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
