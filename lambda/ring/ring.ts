import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import type { RingKeys } from '../crypto/jwe.ts';
import { type Result, refusal, success } from '../crypto/result.ts';

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

/** The secrets that a deployment's keys are derived from, by ring key id. The newest seals or signs; with the others, values still open or verify. */
export interface Ring {
  readonly sealWith: string;
  readonly secrets: ReadonlyMap<string, string>;
  /** When a key was found to seal no more, Unix seconds: it is kept for a while yet, because backups refer to it. */
  readonly supersededAt: ReadonlyMap<string, number>;
  /** When a rotation made a key, Unix seconds; the first key has none. */
  readonly addedAt: ReadonlyMap<string, number>;
}

const NO_KEYS: ReadonlySet<string> = new Set(['version', 'sealWith', 'supersededAt', 'addedAt']);
const RING_KEY_ID = /^rk_[1-9][0-9]{0,5}$/;

/** 64 characters of at least 62 kinds: more than the 256 bits that are derived from them. */
const RING_SECRET = /^[\x21-\x7e]{64,256}$/;

/**
 * Reads the ring document `{"version":1,"sealWith":"rk_2","supersededAt":{"rk_1":1715000000},"addedAt":{"rk_2":1715000000},"rk_1":"…","rk_2":"…"}`. It is flat because
 * that is the shape in which Secrets Manager can generate the first one by itself, so that no template or deployer ever chooses its secret.
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
 * Makes a key of each ring secret for one purpose in one deployment, from 32 bytes by HKDF-SHA256 (RFC 5869): what is sealed or signed for
 * one purpose never opens or verifies under another's key.
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
  /** The ring document as text. Throws `DependencyError` when it can't be read. */
  read(): Promise<string>;
}

/** The ring as one version of its secret. */
export interface RingVersion {
  readonly versionId: string;
  readonly text: string;
}

/** The versions of the ring secret, for its rotation. Each method throws `DependencyError` when it can't be done. */
export interface RingVersionStore {
  /** What every reader gets. */
  readCurrent(): Promise<RingVersion>;
  /** The version that a rotation prepared under its id; undefined: it has none yet, or it has been done with. */
  readPending(versionId: string): Promise<string | undefined>;
  /** Prepares a version that nobody reads yet. One that exists under this id stays as it is: an earlier run of the rotation made it. */
  addPending(versionId: string, text: string): Promise<void>;
  /** Makes a prepared version the one that every reader gets, if `from` still is; fails, and changes nothing, if not. */
  makeCurrent(from: string, to: string): Promise<void>;
  /** Takes the mark of a rotation in progress off a version; it may have none. */
  endPending(versionId: string): Promise<void>;
  /** Prepares a version outside of any rotation; gives its id. */
  addSettled(text: string): Promise<string>;
  /** Lets the versions go that were current before, or that a rotation prepared and did not promote; there may be none. */
  forgetOthers(): Promise<void>;
}
