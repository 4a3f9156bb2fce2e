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
  readonly url: string;
  readonly origins: readonly string[];
  readonly requireOrigin: boolean;
  readonly disabled: boolean;
  readonly issuingPaused: boolean;
  readonly tokensNotBefore: number;
  /** There while the last revocation can be taken back. */
  readonly tokensNotBeforeUndo?: number;
  readonly keys: readonly KeyView[];
  readonly createdAt: number;
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
  /** To the hour; absent: never. */
  readonly lastUsedAt?: number;
}
