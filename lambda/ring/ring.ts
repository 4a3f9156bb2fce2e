import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import type { RingKeys } from '../crypto/jwe.ts';
import { type Result, refusal, success } from '../crypto/result.ts';

/**
 * For values that others must open or verify at once: the same keys, but a key that is younger than `settledSeconds` is not used yet, so
 * that every reader has it before it meets it. Until then the newest older key is used.
 */
export function settledKeys<Key>(ring: RingKeys<Key>, settledSeconds: number, nowSeconds: number): RingKeys<Key> {
  const madeAt = (id: string): number => ring.addedAt?.get(id) ?? 0;
  const isSettled = (id: string): boolean => nowSeconds - madeAt(id) >= settledSeconds;
  const [first, ...others] = isSettled(ring.sealWith) ? [] : [...ring.keys.keys()].filter(isSettled);
  if (first === undefined) return ring;
  return { ...ring, sealWith: others.reduce((newest, id) => (madeAt(id) > madeAt(newest) ? id : newest), first) };
}

/**
 * The secrets that a deployment's keys are derived from, by ring key id. The newest seals or signs; with the others, values still open or
 * verify.
 */
export interface Ring {
  readonly sealWith: string;
  readonly secrets: ReadonlyMap<string, string>;
  /** When a key was first found to be superseded, Unix seconds. It is kept for a while, because backups refer to it. */
  readonly supersededAt: ReadonlyMap<string, number>;
  /** When a rotation created a key, Unix seconds; absent for the first key. */
  readonly addedAt: ReadonlyMap<string, number>;
}

const NO_KEYS: ReadonlySet<string> = new Set(['version', 'sealWith', 'supersededAt', 'addedAt']);
const RING_KEY_ID = /^rk_[1-9][0-9]{0,5}$/;

/** 64 characters of at least 62 kinds: more than the 256 bits that are derived from them. */
const RING_SECRET = /^[\x21-\x7e]{64,256}$/;

/**
 * Parses the ring document
 * `{"version":1,"sealWith":"rk_2","supersededAt":{"rk_1":1715000000},"addedAt":{"rk_2":1715000000},"rk_1":"…","rk_2":"…"}`. It is flat
 * because Secrets Manager can generate the first one in this shape by itself, so that no template or deployer ever chooses its secret.
 */
export function parseRing(text: string): Result<Ring, 'malformed_ring'> {
  const document = parseObject(text);
  if (document === undefined || document.get('version') !== 1) return refusal('malformed_ring');
  const sealWith = document.get('sealWith');
  const supersededAt = readTimes(document.get('supersededAt'));
  const addedAt = readTimes(document.get('addedAt'));
  const secrets = new Map<string, string>();
  for (const [name, value] of document) {
    if (NO_KEYS.has(name)) continue;
    if (!RING_KEY_ID.test(name) || typeof value !== 'string' || !RING_SECRET.test(value))
      return refusal('malformed_ring');
    secrets.set(name, value);
  }
  if (typeof sealWith !== 'string' || !secrets.has(sealWith) || supersededAt === undefined || addedAt === undefined)
    return refusal('malformed_ring');
  return success({ sealWith, secrets, supersededAt, addedAt });
}

export const writeRing = ({ sealWith, secrets, supersededAt, addedAt }: Ring): string =>
  JSON.stringify({
    version: 1,
    sealWith,
    ...(supersededAt.size > 0 && { supersededAt: Object.fromEntries(supersededAt) }),
    ...(addedAt.size > 0 && { addedAt: Object.fromEntries(addedAt) }),
    ...Object.fromEntries(secrets),
  });

const isJsonObject = (value: unknown): value is object =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

function readTimes(value: unknown): Map<string, number> | undefined {
  if (value === undefined) return new Map();
  const entries = isJsonObject(value) ? Object.entries(value) : [['', undefined] as const];
  const times = new Map<string, number>();
  for (const [id, time] of entries) {
    if (!RING_KEY_ID.test(id) || !Number.isSafeInteger(time)) return undefined;
    times.set(id, time as number);
  }
  return times;
}

/**
 * Derives a key from each ring secret for one purpose in one deployment: 32 bytes by HKDF-SHA256 (RFC 5869). A value that is sealed or
 * signed for one purpose never opens or verifies with another purpose's key.
 */
export function deriveKeys<Key>(
  ring: Ring,
  purpose: string,
  deployment: string,
  make: (bytes: Buffer) => Key,
): RingKeys<Key> {
  const info = `widget-gate/${purpose}/${deployment}`;
  const keys = new Map(
    [...ring.secrets].map(([id, secret]) => [id, make(Buffer.from(hkdfSync('sha256', secret, '', info, 32)))]),
  );
  return { sealWith: ring.sealWith, keys, addedAt: ring.addedAt };
}

/** The AES-256 keys of one purpose. */
export const deriveSealingKeys = (ring: Ring, purpose: string, deployment: string): RingKeys<KeyObject> =>
  deriveKeys(ring, purpose, deployment, createSecretKey);

function parseObject(text: string): Map<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? new Map(Object.entries(value)) : undefined;
  } catch {
    return undefined;
  }
}

export interface RingStore {
  /** The ring document as text. Throws `DependencyError` when it cannot be read. */
  read(): Promise<string>;
}

/** The ring as one version of its secret. */
export interface RingVersion {
  readonly versionId: string;
  readonly text: string;
}

/** The versions of the ring secret, for its rotation. Each method throws `DependencyError` when it fails. */
export interface RingVersionStore {
  /** The version that every reader gets. */
  readCurrent(): Promise<RingVersion>;
  /** The version that a rotation prepared under its id; undefined: there is none yet, or it was already removed. */
  readPending(versionId: string): Promise<string | undefined>;
  /**
   * Prepares a version that no reader gets yet. An existing version of this id remains as it is: an earlier run of the rotation created it.
   */
  addPending(versionId: string, text: string): Promise<void>;
  /** Makes a prepared version the one that every reader gets, if `from` still is; otherwise it fails and changes nothing. */
  makeCurrent(from: string, to: string): Promise<void>;
  /** Removes the label of a rotation in progress from a version; it may have none. */
  endPending(versionId: string): Promise<void>;
  /** Prepares a version outside of any rotation; returns its id. */
  addSettled(text: string): Promise<string>;
  /** Removes the labels of versions that were current before, or that a rotation prepared and did not promote; there may be none. */
  forgetOthers(): Promise<void>;
}
