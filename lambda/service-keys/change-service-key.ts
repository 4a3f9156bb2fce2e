import type { RegistrationNotes } from '#contract/admin-api.ts';
import { DEPLOYMENT_SUBJECT } from '#contract/audit.ts';
import { limits } from '#contract/limits.ts';
import { withEntry } from '../audit/outbox.ts';
import { type AuditRecording, copyToTrail, entryOf } from '../audit/recording.ts';
import { digestApiKey, generateApiKey, type KeyEnvironment } from '../crypto/api-key.ts';
import { type Result, refusal, success } from '../crypto/result.ts';
import { found } from '../platform/stored.ts';
import type { OriginRefusal } from '../shops/origin.ts';
import { notesOn, registerOrigins } from '../shops/registration.ts';
import { isCredential } from '../shops/shop.ts';
import {
  describeServiceKey,
  isRotatable,
  type ServiceKey,
  type ServiceKeyScope,
  type ServiceKeyStore,
  serviceKeyKinds,
} from './service-key.ts';

/** The settings of a new key; a kind without pages has no origins. */
export type NewServiceKey = Omit<ServiceKeyScope, 'allowedOrigins'> &
  Partial<Pick<ServiceKeyScope, 'allowedOrigins'>> & {
    /** Whether the origins may include those that all apps of a kind share. Default: no. */
    readonly app?: boolean;
  };

type CreationRefusal = 'dev_keys_disabled' | 'too_many_service_keys' | 'id_taken';
type ChangeRefusal = 'service_key_not_found' | 'version_conflict';

/** A new service key with its secret text, which is shown only this once. */
export interface MadeServiceKey {
  readonly key: ServiceKey;
  readonly apiKey: string;
}

interface Keys {
  readonly serviceKeys: ServiceKeyStore;
  readonly keyEnvironment: KeyEnvironment;
  /** Whether dev keys are enabled in the stage. */
  readonly devKeys: boolean;
}

/** Adds a service key. Throws `DependencyError` when the store fails. */
export async function addServiceKey(
  { purpose, label, allowedOrigins = [], app = false, maxTtlSeconds, appIds }: NewServiceKey,
  keys: Keys,
  now: number,
  recording: AuditRecording,
): Promise<Result<MadeServiceKey & { readonly notes: RegistrationNotes }, CreationRefusal | OriginRefusal>> {
  const rules = { production: keys.keyEnvironment === 'live', app };
  const origins = registerOrigins('allowedOrigins', allowedOrigins, rules);
  if (!origins.ok) return origins;
  const life = maxTtlSeconds ?? (purpose === 'dev' ? limits.maxDevKeySeconds : undefined);
  const scope: ServiceKeyScope = {
    purpose,
    label,
    allowedOrigins: origins.value.origins,
    ...(life !== undefined && { maxTtlSeconds: life }),
    ...(appIds !== undefined && { appIds }),
  };
  const created = await createKey(scope, keys, now, recording);
  return created.ok ? success({ ...created.value, notes: notesOn(origins.value.read, app) }) : created;
}

/** The key of this id; refused when it does not exist. Throws `DependencyError` when the store fails or the record is corrupt. */
async function keyOf(keyId: string, { serviceKeys }: Keys): Promise<Result<ServiceKey, 'service_key_not_found'>> {
  const key = found(await serviceKeys.read(keyId));
  return key === undefined ? refusal('service_key_not_found') : success(key);
}

/** Ends a key now, with the tokens and sessions created with it. Throws `DependencyError`. */
export async function revokeServiceKey(
  keyId: string,
  keys: Keys,
  now: number,
  recording: AuditRecording,
): Promise<Result<ServiceKey, ChangeRefusal | 'key_not_live'>> {
  const read = await keyOf(keyId, keys);
  if (!read.ok) return read;
  if (!isCredential(read.value, now)) return refusal('key_not_live');
  const tokensNotBefore = Math.max(now, read.value.tokensNotBefore);
  return changeKey(read.value, { credentialUntil: now, tokensNotBefore }, keys, recording);
}

/**
 * Refuses every token and session created with a key up to now; without this, they may be valid longer than the key. Throws
 * `DependencyError`.
 */
export async function revokeServiceKeyTokens(
  keyId: string,
  keys: Keys,
  now: number,
  recording: AuditRecording,
): Promise<Result<ServiceKey, ChangeRefusal>> {
  const read = await keyOf(keyId, keys);
  if (!read.ok) return read;
  return changeKey(read.value, { tokensNotBefore: Math.max(now, read.value.tokensNotBefore) }, keys, recording);
}

/**
 * Gives a key a successor. The successor is written first, so that nobody is locked out if the second write fails; then the successor,
 * whose text was not returned, is ended again. If the response of a write is lost, its result is read before the write is considered
 * failed.
 */
export async function rotateServiceKey(
  { keyId, overlapSeconds }: { readonly keyId: string; readonly overlapSeconds: number },
  keys: Keys,
  now: number,
  recording: AuditRecording,
): Promise<Result<MadeServiceKey, ChangeRefusal | CreationRefusal | 'key_not_live'>> {
  const read = await keyOf(keyId, keys);
  if (!read.ok) return read;
  const key = read.value;
  if (!isCredential(key, now) || !isRotatable(key)) return refusal('key_not_live');
  const successor = await createKey(scopeOf(key), keys, now, recording);
  if (!successor.ok) return successor;
  const { keyId: successorId } = successor.value.key;
  // A dev key may end before the overlap does.
  const end = { successorId, credentialUntil: Math.min(now + overlapSeconds, key.credentialUntil ?? Infinity) };
  const ended = await changeKey(key, end, keys, recording).catch((error: unknown) => error as Error);
  if (!(ended instanceof Error) && ended.ok) return successor;
  if (ended instanceof Error && (await hasSuccessor(key, successorId, keys))) return successor;
  await changeKey(successor.value.key, { credentialUntil: now }, keys, recording).catch(() => undefined);
  if (ended instanceof Error) throw ended;
  return ended;
}

const scopeOf = ({ purpose, label, allowedOrigins, maxTtlSeconds, appIds }: ServiceKey): ServiceKeyScope => ({
  purpose,
  label,
  allowedOrigins,
  ...(maxTtlSeconds !== undefined && { maxTtlSeconds }),
  ...(appIds !== undefined && { appIds }),
});

async function hasSuccessor({ keyId }: ServiceKey, successorId: string, { serviceKeys }: Keys): Promise<boolean> {
  const stored = await serviceKeys.read(keyId).catch(() => undefined);
  return stored?.kind === 'found' && stored.value.successorId === successorId;
}

/** The key as it was stored, with its audit entry: a change of it must keep that entry, which the trail may not have yet. */
async function createKey(
  scope: ServiceKeyScope,
  { serviceKeys, keyEnvironment, devKeys }: Keys,
  now: number,
  recording: AuditRecording,
): Promise<Result<MadeServiceKey, CreationRefusal>> {
  if (scope.purpose === 'dev' && !devKeys) return refusal('dev_keys_disabled');
  const live = (await serviceKeys.list()).keys.filter((key) => isCredential(key, now));
  if (live.length >= limits.maxServiceKeys) return refusal('too_many_service_keys');
  const { keyId, text } = generateApiKey(serviceKeyKinds[scope.purpose], keyEnvironment);
  const key: ServiceKey = {
    keyId,
    ...scope,
    sha256: digestApiKey(text),
    version: 1,
    createdAt: now,
    ...(scope.purpose === 'dev' && { credentialUntil: now + (scope.maxTtlSeconds ?? limits.maxDevKeySeconds) }),
    tokensNotBefore: 0,
  };
  const entry = entryOf(DEPLOYMENT_SUBJECT, undefined, describeServiceKey(key), recording);
  const audited = withEntry(undefined, entry);
  const recorded = { ...key, ...audited };
  if (!(await serviceKeys.create(recorded))) return refusal('id_taken');
  await copyToTrail({ kind: 'service-key', id: keyId, ...audited }, recording);
  return success({ key: recorded, apiKey: text });
}

/** As `createKey`, the key as it was stored. */
async function changeKey(
  key: ServiceKey,
  change: Pick<Partial<ServiceKey>, 'credentialUntil' | 'successorId' | 'tokensNotBefore'>,
  { serviceKeys }: Keys,
  recording: AuditRecording,
): Promise<Result<ServiceKey, 'version_conflict'>> {
  const changed = { ...key, ...change, version: key.version + 1 };
  const entry = entryOf(DEPLOYMENT_SUBJECT, describeServiceKey(key), describeServiceKey(changed), recording);
  const audited = withEntry(key, { ...entry, before: { keyId: key.keyId, ...entry.before } });
  const recorded = { ...changed, ...audited };
  if (!(await serviceKeys.replace(recorded))) return refusal('version_conflict');
  await copyToTrail({ kind: 'service-key', id: key.keyId, ...audited }, recording);
  return success(recorded);
}
