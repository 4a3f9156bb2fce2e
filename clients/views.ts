/** A shop's key as the admin API shows it. Times are Unix seconds, here and below. */
export interface KeyView {
  readonly keyId: string;
  readonly createdAt: number;
  readonly credentialUntil?: number;
  readonly verifyUntil?: number;
}

export interface ShopView {
  readonly shopId: string;
  readonly version: number;
  /** What people call it; absent: nobody has named it. */
  readonly name?: string;
  readonly url: string;
  readonly origins: readonly string[];
  readonly requireOrigin: boolean;
  readonly disabled: boolean;
  /** Since when; absent for a shop that is enabled. */
  readonly disabledAt?: number;
  readonly issuingPaused: boolean;
  readonly tokensNotBefore: number;
  /** There while the last revocation can be taken back. */
  readonly tokensNotBeforeUndo?: number;
  readonly keys: readonly KeyView[];
  readonly createdAt: number;
}

/** What an answer says about addresses that were registered, beside what is stored. */
export interface RegistrationNotes {
  /** Addresses that are stored otherwise than they were given. */
  readonly normalized?: readonly { readonly given: string; readonly stored: string }[];
  /** Sentences on origins that other apps have, too. */
  readonly warnings?: readonly string[];
}

export type Purpose = 'analytics' | 'data-router' | 'dev';

export interface ServiceKeyView {
  readonly keyId: string;
  readonly purpose: Purpose;
  readonly label: string;
  readonly allowedOrigins: readonly string[];
  readonly appIds?: readonly string[];
  readonly maxTtlSeconds?: number;
  readonly createdAt: number;
  readonly credentialUntil?: number;
  readonly successorId?: string;
  readonly tokensNotBefore: number;
  /** The last use is between this moment and as many seconds later as the grain says; absent: never used. */
  readonly lastUsedAt?: number;
  readonly lastUsedGrainSeconds?: number;
}
