import type { AuditedRecord } from '../audit/outbox.ts';
import type { KeyKind } from '../crypto/api-key.ts';
import type { Stored } from '../platform/stored.ts';

/** What a service key opens, by its name in the API, and the kind in the key itself. */
export const serviceKeyKinds = { analytics: 'an', 'data-router': 'dr', dev: 'dev' } as const satisfies Record<
  string,
  KeyKind
>;

export type ServiceKeyPurpose = keyof typeof serviceKeyKinds;

/** The settings that an administrator chooses for a key; its successors have the same. */
export interface ServiceKeyScope {
  readonly purpose: ServiceKeyPurpose;
  /** The display name. */
  readonly label: string;
  /**
   * Allowed origins of pages with sessions of an analytics key, or with a dev key; loopback pages may always use a dev
   * key.
   */
  readonly allowedOrigins: readonly string[];
  /** Longest lifetime of the security tokens created with it, or of a dev key itself; absent: the gate's own limit. */
  readonly maxTtlSeconds?: number;
  /** The apps for which it may be used; absent: all. */
  readonly appIds?: readonly string[];
}

/**
 * A key of the deployment's own servers, or of a developer. It signs nothing, so only its digest is stored. Times are
 * Unix seconds.
 */
export interface ServiceKey extends ServiceKeyScope, AuditedRecord {
  readonly keyId: string;
  /** SHA-256 of the whole key, hex. */
  readonly sha256: string;
  /** Counts the changes. */
  readonly version: number;
  readonly createdAt: number;
  /** From this moment it no longer authenticates; absent: no end. */
  readonly credentialUntil?: number;
  /** The key that replaces it, once it was rotated. */
  readonly successorId?: string;
  /** Tokens and sessions created with it up to this moment are refused; 0: none. */
  readonly tokensNotBefore: number;
}

/** The members that may be shown. */
export function describeServiceKey({
  sha256: _digest,
  lastAudit: _audit,
  auditOutbox: _outbox,
  ...key
}: ServiceKey): Omit<ServiceKey, 'sha256' | 'lastAudit' | 'auditOutbox'> {
  return key;
}

/**
 * Whether a live key can still get a successor. A key with an end already has one or was revoked; dev keys always have
 * an end.
 */
export const isRotatable = ({ purpose, credentialUntil, successorId }: ServiceKey): boolean =>
  successorId === undefined && (credentialUntil === undefined || purpose === 'dev');

/** Whether a key may be used for an app. */
export const isForApp = ({ appIds }: ServiceKeyScope, appId: string): boolean =>
  appIds === undefined || appIds.includes(appId);

export interface ServiceKeyList {
  /** Oldest first. */
  readonly keys: readonly ServiceKey[];
  /** Unreadable keys, by key id. */
  readonly corruptIds: readonly string[];
}

/** Each method throws `DependencyError` when the store fails. */
export interface ServiceKeyStore {
  read(keyId: string): Promise<Stored<ServiceKey>>;
  /** All of them: there are about as many as servers. A key that was created a moment ago may be missing. */
  list(): Promise<ServiceKeyList>;
  /** False when the id is taken. */
  create(key: ServiceKey): Promise<boolean>;
  /** Replaces the version before it; false if another version is stored by now. */
  replace(key: ServiceKey): Promise<boolean>;
}

/** When service keys were last used. Each method throws `DependencyError` when the store fails. */
export interface KeyUseStore {
  /** Unix seconds of the last use by key id; a key that was never used has none. */
  lastUses(keyIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
  note(keyId: string, usedAt: number): Promise<void>;
}
