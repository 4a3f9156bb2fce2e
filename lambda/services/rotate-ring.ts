import { deriveSealingKeys, parseRing, type Ring, writeRing } from '../core/ring.ts';
import { addRingKey, onlySealingKey, opensAllOf, retireRingKeys, secondsUntilSettled } from '../core/ring-life.ts';
import { DependencyError, type RingReferenceStore, type RingVersionStore, type ShopStore } from '../ports.ts';
import { resealShops } from './reseal-shops.ts';
import { ringReferences } from './ring-references.ts';
import { SHOP_KEY_PURPOSE } from './shop-key-sealing.ts';

export interface RingRotation {
  readonly ring: RingVersionStore;
  readonly shops: ShopStore;
  readonly references: RingReferenceStore;
  readonly deployment: string;
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

const NOTHING: StepReport = { resealed: 0, unopenable: [] };

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

/** Makes that ring the one that all read. Who still has the one before meets an unknown key and reads again. */
async function promote({ ring }: RingRotation, { versionId }: StepContext): Promise<StepReport> {
  const [current, pending] = await Promise.all([ring.readCurrent(), ring.readPending(versionId)]);
  if (current.versionId === versionId || pending === undefined) return NOTHING;
  // Somebody changed the ring meanwhile: a key that it gained must not be lost.
  if (!opensAllOf(parsed(pending), parsed(current.text))) throw new DependencyError('the prepared ring lacks a key');
  await ring.makeCurrent(current.versionId, versionId);
  return NOTHING;
}

/** Seals anew whatever is not sealed with the newest key. */
async function reseal({ ring, ...rotation }: RingRotation, context: StepContext): Promise<StepReport> {
  const { hasTime, letReadersRefresh } = context;
  const current = parsed((await ring.readCurrent()).text);
  const referenced = await ringReferences(rotation.references);
  if (referenced === undefined || [...referenced].some((id) => id !== current.sealWith)) await letReadersRefresh();
  const keys = deriveSealingKeys(current, SHOP_KEY_PURPOSE, rotation.deployment);
  return resealShops({ ...rotation, keys, hasTime });
}

/** Ends the rotation, and drops the keys whose time is over and to which nothing refers. */
async function retire({ ring, references }: RingRotation, context: StepContext): Promise<StepReport> {
  await ring.endPending(context.versionId);
  const current = await ring.readCurrent();
  const before = parsed(current.text);
  const referenced = await ringReferences(references);
  const after = writeRing(retireRingKeys(before, referenced, context.nowSeconds));
  if (after !== writeRing(before)) await ring.makeCurrent(current.versionId, await ring.addSettled(after));
  return NOTHING;
}

/**
 * Drops every key but the one that seals, for one that leaked: seals anew what the others still seal, and leaves no version behind that holds
 * them. What was sealed with them beside shop keys, security tokens and sessions, opens no more. May be run again, like the steps. Throws
 * `DependencyError` while a cache of the ring may still seal with an old key.
 */
export async function dropOldRingKeys(rotation: RingRotation, context: StepContext): Promise<StepReport> {
  const { ring } = rotation;
  const current = await ring.readCurrent();
  const before = parsed(current.text);
  const seconds = secondsUntilSettled(before, context.nowSeconds);
  if (seconds > 0) throw new DependencyError(`old ring keys may be in use yet; drop them in ${seconds} s`);
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
