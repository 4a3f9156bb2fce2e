import { limits } from '#contract/limits.ts';
import type { AuditedRecord } from '../audit/outbox.ts';
import type { Stored } from '../platform/stored.ts';

/**
 * Text that fits into a header unchanged, since the upstream gets the ids in headers: printable ASCII without a space
 * at either end.
 */
const SHAPE = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;

/** Whether a text is a valid id of a user, an app, a client or an organization. */
export const isSubjectId = (text: string): boolean => text.length <= limits.maxSubjectIdChars && SHAPE.test(text);

/** The identity of a security token or a session, and the claims of its backend. */
export interface SecuritySubject {
  readonly userId: string;
  readonly appId: string;
  readonly clientId?: string;
  readonly orgId?: string;
  /** The other members of the backend's request, unchanged. */
  readonly claims: Readonly<Record<string, unknown>>;
}

/** The encrypted content of a security token. Times are Unix seconds. Source: contract §5.1. */
export interface SecurityToken extends SecuritySubject {
  /** The analytics key that it was issued for. */
  readonly keyId: string;
  readonly issuedAt: number;
  readonly expiresAt: number;
}

/** The content of a session's cookie or bearer value. Source: contract §5.3. */
export interface AnalyticsSession extends SecurityToken {
  readonly sessionId: string;
  /** The latest end, no matter how often it is renewed. */
  readonly endsAt: number;
}

/** The stored part of a temp token, under its SHA-256. */
export interface TempToken extends SecurityToken {
  readonly sessionEndsAt: number;
}

/**
 * The subjects whose tokens and sessions can be revoked together. A session, of the analytics API or of an
 * administrator, is named by the SHA-256 of its id.
 */
export interface RevocationSubject {
  readonly kind: 'user' | 'client' | 'app' | 'session' | 'admin-session';
  readonly id: string;
}

export interface Revocation extends AuditedRecord {
  /** Tokens and sessions issued up to this moment are refused. Unix seconds. */
  readonly notBefore: number;
}

/** Whether a token has expired. */
export const hasExpired = ({ expiresAt }: Pick<SecurityToken, 'expiresAt'>, nowSeconds: number): boolean =>
  nowSeconds >= expiresAt;

/** Temp tokens. Each method throws `DependencyError` when the store fails. */
export interface TempTokenStore {
  /** Stores a temp token by its SHA-256. */
  create(hash: string, token: TempToken): Promise<void>;
  read(hash: string): Promise<Stored<TempToken>>;
  /** Records that it was exchanged; false when it was exchanged before. */
  useOnce(hash: string): Promise<boolean>;
}

/** Each method throws `DependencyError` when the store fails. */
export interface RevocationStore {
  read(subject: RevocationSubject): Promise<Stored<Revocation>>;
  /** Stores a revocation; an existing one of the same subject that reaches as far remains. */
  put(subject: RevocationSubject, revocation: Revocation): Promise<void>;
  /** Replaces the revocation that was read, if any; false if another one is stored by now. */
  replace(subject: RevocationSubject, revocation: Revocation, before: Revocation | undefined): Promise<boolean>;
}
