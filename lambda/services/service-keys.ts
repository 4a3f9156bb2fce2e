import { DEPLOYMENT_SUBJECT } from '../contract/audit.ts';
import { limits } from '../contract/limits.ts';
import { digestApiKey, generateApiKey, type KeyEnvironment } from '../core/api-key.ts';
import { withEntry } from '../core/audit-outbox.ts';
import type { OriginRefusal } from '../core/origin.ts';
import { notesOn, type RegistrationNotes, registerOrigins } from '../core/registration.ts';
import { type Result, refusal, success } from '../core/result.ts';
import {
  describeServiceKey,
  isRotatable,
  type ServiceKey,
  type ServiceKeyScope,
  serviceKeyKinds,
} from '../core/service-key.ts';
import { isCredential } from '../core/shop.ts';
import { DependencyError, type ServiceKeyStore } from '../ports.ts';
import { type AuditRecording, copyToTrail, entryOf } from './audit-recording.ts';

/** What a new key is to be; without origins it has none. */
export type NewServiceKey = Omit<ServiceKeyScope, 'allowedOrigins'> &
  Partial<Pick<ServiceKeyScope, 'allowedOrigins'>> & {
    /** Whether the origins may have such as all apps of a kind share. Default: no. */
    readonly app?: boolean;
  };

export type ServiceKeyRequest =
  | ({ readonly action: 'add-service-key' } & NewServiceKey)
  | { readonly action: 'rotate-service-key'; readonly keyId: string; readonly overlapSeconds: number }
  | { readonly action: 'revoke-service-key' | 'revoke-service-key-tokens'; readonly keyId: string };

type CreationRefusal = 'dev_keys_disabled' | 'too_many_service_keys' | 'id_taken';
export type ServiceKeyRefusal =
  | CreationRefusal
  | OriginRefusal
  | 'service_key_not_found'
  | 'key_not_live'
  | 'version_conflict';

/** A service key, and its text where one was made, which is shown this once. */
export interface ServiceKeyChange {
  readonly key: ServiceKey;
  readonly apiKey?: string;
  readonly notes?: RegistrationNotes;
}

interface Keys {
  readonly serviceKeys: ServiceKeyStore;
  readonly keyEnvironment: KeyEnvironment;
  /** Whether the stage takes dev keys. */
  readonly devKeys: boolean;
}

/** Adds, rotates or revokes a service key, or what it got. Throws `DependencyError` when the store fails or a record is corrupt. */
export async function changeServiceKey(
  request: ServiceKeyRequest,
  keys: Keys,
  now: number,
  recording: AuditRecording,
): Promise<Result<ServiceKeyChange, ServiceKeyRefusal>> {
  if (request.action === 'add-service-key') return addKey(request, keys, now, recording);
  const stored = await keys.serviceKeys.read(request.keyId);
  if (stored.kind === 'corrupt') throw new DependencyError('a stored record is corrupt');
  if (stored.kind === 'absent') return refusal('service_key_not_found');
  const key = stored.value;
  const tokensNotBefore = Math.max(now, key.tokensNotBefore);
  // What it got may outlive the key.
  if (request.action === 'revoke-service-key-tokens') return changeKey(key, { tokensNotBefore }, keys, recording);
  if (!isCredential(key, now)) return refusal('key_not_live');
  if (request.action === 'rotate-service-key')
    return isRotatable(key) ? rotateKey(key, now, request.overlapSeconds, keys, recording) : refusal('key_not_live');
  return changeKey(key, { credentialUntil: now, tokensNotBefore }, keys, recording);
}

async function addKey(
  { purpose, label, allowedOrigins = [], app = false, maxTtlSeconds, appIds }: NewServiceKey,
  keys: Keys,
  now: number,
  recording: AuditRecording,
): Promise<Result<ServiceKeyChange, ServiceKeyRefusal>> {
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

/**
 * The successor first, so that nobody is locked out should the second write fail; then the successor, which nobody was told, is ended again.
 * A write whose answer got lost is looked for before it is taken for failed.
 */
async function rotateKey(
  key: ServiceKey,
  now: number,
  overlapSeconds: number,
  keys: Keys,
  recording: AuditRecording,
): Promise<Result<ServiceKeyChange, ServiceKeyRefusal>> {
  const successor = await createKey(scopeOf(key), keys, now, recording);
  if (!successor.ok) return successor;
  const { keyId: successorId } = successor.value.key;
  // A dev key's own end may come before that of the overlap.
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

async function createKey(
  scope: ServiceKeyScope,
  { serviceKeys, keyEnvironment, devKeys }: Keys,
  now: number,
  recording: AuditRecording,
): Promise<Result<ServiceKeyChange, CreationRefusal>> {
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
  if (!(await serviceKeys.create({ ...key, ...audited }))) return refusal('id_taken');
  await copyToTrail({ kind: 'service-key', id: keyId, ...audited }, recording);
  return success({ key, apiKey: text });
}

async function changeKey(
  key: ServiceKey,
  change: Pick<Partial<ServiceKey>, 'credentialUntil' | 'successorId' | 'tokensNotBefore'>,
  { serviceKeys }: Keys,
  recording: AuditRecording,
): Promise<Result<ServiceKeyChange, 'version_conflict'>> {
  const changed = { ...key, ...change, version: key.version + 1 };
  const entry = entryOf(DEPLOYMENT_SUBJECT, describeServiceKey(key), describeServiceKey(changed), recording);
  const audited = withEntry(key, { ...entry, before: { keyId: key.keyId, ...entry.before } });
  if (!(await serviceKeys.replace({ ...changed, ...audited }))) return refusal('version_conflict');
  await copyToTrail({ kind: 'service-key', id: key.keyId, ...audited }, recording);
  return success({ key: changed });
}
