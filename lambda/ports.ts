import type { AdminSession } from './core/admin-session.ts';
import type { KeyKind } from './core/api-key.ts';
import type { AuditEntry } from './core/audit.ts';
import type { AuditedRecord } from './core/audit-outbox.ts';
import type { IdentityRequest } from './core/login-challenge.ts';
import type { LoginLink } from './core/login-link.ts';
import type { Revocation, RevocationSubject, TempToken } from './core/security-token.ts';
import type { ServiceKey } from './core/service-key.ts';
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

/** Some of the stored shops. */
export interface StoredShopPage {
  readonly shops: readonly { readonly shopId: string; readonly stored: Stored<Shop> }[];
  /** The shop id after which to go on; absent: there are no more. */
  readonly after?: string;
}

/** Each method throws `DependencyError` when the store fails. */
export interface ShopStore {
  read(shopId: string): Promise<Stored<Shop>>;
  /** False when the id is taken. */
  create(shop: Shop): Promise<boolean>;
  /** Writes a shop over the version before it; false when that is no longer the stored one, and then nothing is written. */
  replace(shop: Shop): Promise<boolean>;
  /** Deletes a shop; false when another version of it is stored. It may be gone already. */
  delete(shop: Shop): Promise<boolean>;
  /** About `limit` shops after a shop id, or from the beginning; one that was made a moment ago may be missing. For people, not for calls. */
  list(limit: number, after?: string): Promise<StoredShopPage>;
}

/** Each method throws `DependencyError` when the store fails. */
export interface KeyStore {
  read(keyId: string): Promise<Stored<KeyRecord>>;
  /** False when the id is taken. */
  create(record: KeyRecord): Promise<boolean>;
}

export interface ServiceKeyList {
  /** Oldest first. */
  readonly keys: readonly ServiceKey[];
  /** What can't be read, by key id. */
  readonly corruptIds: readonly string[];
}

/** Each method throws `DependencyError` when the store fails. */
export interface ServiceKeyStore {
  read(keyId: string): Promise<Stored<ServiceKey>>;
  /** All of them: there are as many as servers. One that was made a moment ago may be missing. */
  list(): Promise<ServiceKeyList>;
  /** False when the id is taken. */
  create(key: ServiceKey): Promise<boolean>;
  /** Writes a key over the version before it; false when that is no longer the stored one. */
  replace(key: ServiceKey): Promise<boolean>;
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

/** What of a shop record refers to the ring, whatever else may be wrong with it. */
export interface RingReferences {
  readonly shopId: string;
  /** The ring key that each sealed value names; undefined for one that can't be read. */
  readonly ringKeyIds: readonly (string | undefined)[];
}

export interface RingReferenceStore {
  /** A page of all shop records, as they are now, and where the next page begins. Throws `DependencyError`. */
  page(after: string | undefined): Promise<{ readonly shops: readonly RingReferences[]; readonly next?: string }>;
}

/** What AWS says to a signed identity request. */
export type IdentityAnswer =
  /** STS vouches for the signer; the members of its answer. */
  | { readonly kind: 'vouched'; readonly answer: ReadonlyMap<string, unknown> }
  /** STS refused the signature, or answered neither the JSON nor the XML that it documents. */
  | { readonly kind: 'refused' };

export interface IdentityService {
  /** Sends the request with a client's signature. Throws `DependencyError` when STS can't be asked, fails or throttles. */
  callerIdentity(request: IdentityRequest, accessKeyId: string, signature: string): Promise<IdentityAnswer>;
}

export interface AdminGroup {
  /** The unique ids of all members, from every page. Throws `DependencyError`. */
  memberIds(): Promise<ReadonlySet<string>>;
}

/** Each method throws `DependencyError` when the store fails. */
export interface SessionStore {
  /** Remembers a one-time value by its SHA-256 until `expiresAt` (Unix seconds); false when it was used before. */
  useOnce(hash: string, expiresAt: number): Promise<boolean>;
  create(session: AdminSession): Promise<void>;
  read(sessionHash: string): Promise<Stored<AdminSession>>;
  /** Writes a session over itself if it still exists. */
  replace(session: AdminSession): Promise<void>;
  /** It may be gone already. */
  delete(sessionHash: string): Promise<void>;
}

/** Links into the console. Each method throws `DependencyError` when the store fails. */
export interface LoginLinkStore {
  /** Keeps a link by its code's SHA-256. */
  create(hash: string, link: LoginLink): Promise<void>;
  read(hash: string): Promise<Stored<LoginLink>>;
}

/** Temp tokens. Each method throws `DependencyError` when the store fails. */
export interface TempTokenStore {
  /** Keeps a temp token by its SHA-256. */
  create(hash: string, token: TempToken): Promise<void>;
  read(hash: string): Promise<Stored<TempToken>>;
  /** Notes that it was exchanged; false when somebody did so before. */
  useOnce(hash: string): Promise<boolean>;
}

/** Each method throws `DependencyError` when the store fails. */
export interface RevocationStore {
  read(subject: RevocationSubject): Promise<Stored<Revocation>>;
  /** Keeps a revocation; one of the same subject that reaches as far stays as it is. */
  put(subject: RevocationSubject, revocation: Revocation): Promise<void>;
  /** Writes a revocation over the one that was read, if any; false when that is no longer the stored one. */
  replace(subject: RevocationSubject, revocation: Revocation, before: Revocation | undefined): Promise<boolean>;
}

/** Calls by address and window. Throws `DependencyError` when the store fails. */
export interface CallCounter {
  /** Counts one call more under this digest, exact however many count at once; returns how many there are. The count ends at `expiresAt` (Unix seconds). */
  count(digest: string, expiresAt: number): Promise<number>;
}

/** When service keys were last used. Each method throws `DependencyError` when the store fails. */
export interface KeyUseStore {
  /** Unix seconds of the last use by key id; a key that was never used has none. */
  lastUses(keyIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
  note(keyId: string, usedAt: number): Promise<void>;
}

/** What to look for in the audit trail; each member given must hold. */
export interface AuditQuery {
  readonly subject?: string;
  /** ARN or name of a user. */
  readonly actor?: string;
  readonly action?: string;
  readonly code?: string;
  readonly requestId?: string;
  /** Unix milliseconds, both included. */
  readonly from: number;
  readonly to: number;
  readonly limit: number;
  readonly cursor?: string;
}

export interface AuditPage {
  /** Newest first. */
  readonly entries: readonly AuditEntry[];
  /** Where to go on; there may be fewer entries than asked for, or none, and yet more to come. */
  readonly cursor?: string;
}

/** The append-only trail. Each method throws `DependencyError` when the store fails. */
export interface AuditStore {
  /** An entry that is there already stays as it is. */
  append(entries: readonly AuditEntry[]): Promise<void>;
  /** Undefined for a cursor that we did not write. */
  query(query: AuditQuery): Promise<AuditPage | undefined>;
}

/** A record, and the audit entries in it that may not be in the trail yet. */
export interface WaitingRecord extends AuditedRecord {
  readonly kind: 'shop' | 'service-key' | 'revocation';
  /** A shop id, a key id, or the kind and id of a revoked subject: `user/u-1`. */
  readonly id: string;
}

/** Each method throws `DependencyError` when the store fails. */
export interface AuditOutboxStore {
  /** The records with such entries, page by page; one that was changed a moment ago may be missing, or be here although it was emptied. */
  waiting(): AsyncIterable<readonly WaitingRecord[]>;
  /** Takes the entries out of a record that still holds exactly these. */
  empty(record: WaitingRecord): Promise<void>;
}

/** Unix time in milliseconds. */
export type Clock = () => number;

/** A number from 0 to below 1, for jitter only. */
export type Random = () => number;
