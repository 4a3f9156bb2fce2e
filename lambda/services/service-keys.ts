import { DEPLOYMENT_SUBJECT } from '../contract/audit.ts';
import { digestApiKey, generateApiKey, type KeyEnvironment } from '../core/api-key.ts';
import { type Result, refusal, success } from '../core/result.ts';
import { describeServiceKey, type ServiceKey, type ServiceKeyPurpose, serviceKeyKinds } from '../core/service-key.ts';
import { isCredential } from '../core/shop.ts';
import { DependencyError, type ServiceKeyStore } from '../ports.ts';
import { type AuditRecording, copyToTrail, entriesOf, entryOf } from './audit-recording.ts';

export type ServiceKeyRequest =
  | { readonly action: 'add-service-key'; readonly purpose: ServiceKeyPurpose; readonly label: string }
  | { readonly action: 'rotate-service-key'; readonly keyId: string; readonly overlapSeconds: number }
  | { readonly action: 'revoke-service-key'; readonly keyId: string };

export type ServiceKeyRefusal = 'service_key_not_found' | 'key_not_live' | 'version_conflict' | 'id_taken';

/** A service key, and its text where one was made, which is shown this once. */
export interface ServiceKeyChange {
  readonly key: ServiceKey;
  readonly apiKey?: string;
}

interface Keys {
  readonly serviceKeys: ServiceKeyStore;
  readonly keyEnvironment: KeyEnvironment;
}

/** Adds, rotates or revokes a service key. Throws `DependencyError` when the store fails or a record is corrupt. */
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
  // The record has room for one entry, and a key that has ended never changes again.
  await recording.trail.append(entriesOf(key.lastAudit));
  if (!isCredential(key, now)) return refusal('key_not_live');
  if (request.action === 'revoke-service-key') return endKey(key, now, keys, recording);
  // One that ends already has a successor, which is the one to rotate.
  if (key.credentialUntil !== undefined) return refusal('key_not_live');
  return rotateKey(key, now, request.overlapSeconds, keys, recording);
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
  const successor = await addKey(key, keys, now, recording);
  if (!successor.ok) return successor;
  const ended = await endKey(key, now + overlapSeconds, keys, recording).catch((error: unknown) => error as Error);
  if (!(ended instanceof Error) && ended.ok) return successor;
  if (ended instanceof Error && (await wasEnded(key, now + overlapSeconds, keys))) return successor;
  await endKey(successor.value.key, now, keys, recording).catch(() => undefined);
  if (ended instanceof Error) throw ended;
  return ended;
}

async function wasEnded({ keyId, version }: ServiceKey, until: number, { serviceKeys }: Keys): Promise<boolean> {
  const stored = await serviceKeys.read(keyId).catch(() => undefined);
  return stored?.kind === 'found' && stored.value.version === version + 1 && stored.value.credentialUntil === until;
}

async function addKey(
  { purpose, label }: { readonly purpose: ServiceKeyPurpose; readonly label: string },
  { serviceKeys, keyEnvironment }: Keys,
  now: number,
  recording: AuditRecording,
): Promise<Result<ServiceKeyChange, 'id_taken'>> {
  const { keyId, text } = generateApiKey(serviceKeyKinds[purpose], keyEnvironment);
  const key: ServiceKey = { keyId, purpose, label, sha256: digestApiKey(text), version: 1, createdAt: now };
  const lastAudit = JSON.stringify(entryOf(DEPLOYMENT_SUBJECT, undefined, describeServiceKey(key), recording));
  if (!(await serviceKeys.create({ ...key, lastAudit }))) return refusal('id_taken');
  await copyToTrail(lastAudit, recording);
  return success({ key, apiKey: text });
}

async function endKey(
  key: ServiceKey,
  credentialUntil: number,
  { serviceKeys }: Keys,
  recording: AuditRecording,
): Promise<Result<ServiceKeyChange, 'version_conflict'>> {
  const ended = { ...key, credentialUntil, version: key.version + 1 };
  const entry = entryOf(DEPLOYMENT_SUBJECT, describeServiceKey(key), describeServiceKey(ended), recording);
  const lastAudit = JSON.stringify({ ...entry, before: { ...entry.before, keyId: key.keyId } });
  if (!(await serviceKeys.replace({ ...ended, lastAudit }))) return refusal('version_conflict');
  await copyToTrail(lastAudit, recording);
  return success({ key: ended });
}
