import type { ShopView } from '#contract/admin-api.ts';
import { limits } from '#contract/limits.ts';
import type { AuditedRecord } from '../audit/outbox.ts';
import type { KeyKind } from '../crypto/api-key.ts';
import type { Stored } from '../platform/stored.ts';

/** Kind and owner of an API key; never the key. Its end, if any, is in the record of its shop. */
export interface KeyRecord {
  readonly keyId: string;
  readonly kind: KeyKind;
  /** The shop id, for a shop key. */
  readonly owner: string;
  /** SHA-256 of the whole key, hex. */
  readonly sha256: string;
  /** Unix seconds. */
  readonly createdAt: number;
}

/** A page of the stored shops. */
export interface StoredShopPage {
  readonly shops: readonly { readonly shopId: string; readonly stored: Stored<Shop> }[];
  /** The shop id after which the next page begins; absent: there are no more. */
  readonly after?: string;
}

/** Each method throws `DependencyError` when the store fails. */
export interface ShopStore {
  read(shopId: string): Promise<Stored<Shop>>;
  /** False when the id is taken. */
  create(shop: Shop): Promise<boolean>;
  /** Replaces the previous version; false, with nothing written, if another version is stored by now. */
  replace(shop: Shop): Promise<boolean>;
  /** Deletes a shop; false when another version of it is stored. It may already be gone. */
  delete(shop: Shop): Promise<boolean>;
  /**
   * About `limit` shops after a shop id, or from the beginning; a shop that was created a moment ago may be missing. For the list, not for
   * decisions.
   */
  list(limit: number, after?: string): Promise<StoredShopPage>;
}

/** Each method throws `DependencyError` when the store fails. */
export interface KeyStore {
  read(keyId: string): Promise<Stored<KeyRecord>>;
  /** False when the id is taken. */
  create(record: KeyRecord): Promise<boolean>;
}

/** A shop's signing key in the shop record. Times are Unix seconds. Source: contract §4.2. */
export interface ShopKey {
  readonly keyId: string;
  /** The key's text, sealed with a ring key and bound to deployment, shop and key id. */
  readonly sealed: string;
  readonly createdAt: number;
  /** From this moment it no longer authenticates; absent: no end. */
  readonly credentialUntil?: number;
  /** From this moment it no longer verifies tokens; absent: no end. */
  readonly verifyUntil?: number;
}

/** A shop (tenant). This record alone determines the lifetimes of its keys and what its widgets may do. */
export interface Shop extends AuditedRecord {
  readonly shopId: string;
  /** Counts the changes; every write names the version that it replaces. */
  readonly version: number;
  /** The display name; absent: none was set. */
  readonly name?: string;
  readonly url: string;
  /** Exact origins and `https://*.` patterns, as registered. */
  readonly origins: readonly string[];
  /** Refuse calls without an Origin header. */
  readonly requireOrigin: boolean;
  readonly disabled: boolean;
  /** The time of disabling; absent for an enabled shop. */
  readonly disabledAt?: number;
  /** The start of its deletion; it has no keys and no origins any more. */
  readonly deletedAt?: number;
  readonly issuingPaused: boolean;
  /** Tokens stamped at or before this moment are revoked; 0: none are. */
  readonly tokensNotBefore: number;
  /** The value of `tokensNotBefore` before the last revocation, while that can be undone. */
  readonly tokensNotBeforeUndo?: number;
  readonly keys: readonly ShopKey[];
  readonly createdAt: number;
  /** SHA-256 of the request that created it, if that had a client token: the same token in another request is refused. */
  readonly requestSha256?: string;
}

type KeyLife = Pick<ShopKey, 'credentialUntil' | 'verifyUntil'>;

/**
 * Whether a token of this stamp is revoked. A token that is stamped ahead of the clock was made by a server whose clock is fast, and
 * perhaps before the revocation. It is refused until the clock reaches its stamp; from then on it equals, byte for byte, the token of a
 * server whose clock is right. The one stamp that the gate itself issues ahead, a second after the revocation, is accepted.
 */
export function isRevoked({ tokensNotBefore }: Pick<Shop, 'tokensNotBefore'>, issuedAt: number, now: number): boolean {
  if (issuedAt <= tokensNotBefore) return true;
  const maybeMadeBefore = issuedAt > tokensNotBefore + 1 && issuedAt <= tokensNotBefore + limits.maxClockSkewSeconds;
  return maybeMadeBefore && issuedAt > now;
}

/** Whether a key authenticates its holder now. */
export const isCredential = (key: KeyLife, nowSeconds: number): boolean =>
  key.credentialUntil === undefined || nowSeconds < key.credentialUntil;

/**
 * Whether a key now verifies a token stamped at `issuedAt`. Stamps after its end as a credential were not made by its rightful owner,
 * except those of a function that had not read the end yet. Source: contract §4.2.
 */
export const canVerify = (key: KeyLife, issuedAt: number, nowSeconds: number): boolean =>
  (key.verifyUntil === undefined || nowSeconds < key.verifyUntil) &&
  (key.credentialUntil === undefined || issuedAt <= key.credentialUntil + limits.endedKeyGraceSeconds);

/** The members of a shop that may be shown: all except its sealed keys and internal values. */
export function describeShop({
  keys,
  lastAudit: _lastAudit,
  auditOutbox: _outbox,
  requestSha256: _request,
  ...shop
}: Shop): ShopView {
  return { ...shop, keys: keys.map(({ sealed: _sealed, ...key }) => key) };
}
