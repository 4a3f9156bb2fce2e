import type { KeyKind } from './core/api-key.ts';
import type { Shop } from './core/shop.ts';

/** What is stored under a key. `corrupt`: something is there that we can't have written; its owner gets 503 and nobody else is harmed. */
export type Stored<Value> =
  | { readonly kind: 'found'; readonly value: Value }
  | { readonly kind: 'absent' }
  | { readonly kind: 'corrupt' };

/** What an API key is and whose; never the key. Its end, if any, is told by the owner's shop record. */
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

/** A dependency did not answer, or refused us: the caller gets 503 and never a wrong yes or no. */
export class DependencyError extends Error {
  override readonly name = 'DependencyError';
}

/** Each method throws `DependencyError` when the store fails. */
export interface ShopStore {
  read(shopId: string): Promise<Stored<Shop>>;
  /** False when the id is taken. */
  create(shop: Shop): Promise<boolean>;
  /** Writes a shop over the version before it; false when that is no longer the stored one, and then nothing is written. */
  replace(shop: Shop): Promise<boolean>;
}

/** Each method throws `DependencyError` when the store fails. */
export interface KeyStore {
  read(keyId: string): Promise<Stored<KeyRecord>>;
  /** False when the id is taken. */
  create(record: KeyRecord): Promise<boolean>;
}

export interface RingStore {
  /** The ring document as text. Throws `DependencyError` when it can't be read. */
  read(): Promise<string>;
}

/** Unix time in milliseconds. */
export type Clock = () => number;

/** A number from 0 to below 1, for jitter only. */
export type Random = () => number;
