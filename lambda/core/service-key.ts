import type { KeyKind } from './api-key.ts';

/** What a service key opens, in the words of the API, and the kind that stands in the key itself. */
export const serviceKeyKinds = { analytics: 'an', 'data-router': 'dr' } as const satisfies Record<string, KeyKind>;

export type ServiceKeyPurpose = keyof typeof serviceKeyKinds;

/** A key of the deployment's own servers. It signs nothing, so only its digest is stored. Times are Unix seconds. */
export interface ServiceKey {
  readonly keyId: string;
  readonly purpose: ServiceKeyPurpose;
  /** What people call it. */
  readonly label: string;
  /** SHA-256 of the whole key, hex. */
  readonly sha256: string;
  /** Counts the changes. */
  readonly version: number;
  readonly createdAt: number;
  /** From this moment it no longer authenticates; absent: no end. */
  readonly credentialUntil?: number;
  /** The audit entry of the last change, as JSON, as in a shop record. */
  readonly lastAudit?: string;
}

/** What of it may be told. */
export function describeServiceKey({
  sha256: _digest,
  lastAudit: _audit,
  ...key
}: ServiceKey): Omit<ServiceKey, 'sha256' | 'lastAudit'> {
  return key;
}
