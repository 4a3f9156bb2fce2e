import { limits } from '../contract/limits.ts';
import type { IamUser } from './caller-identity.ts';

/** A System Administrator's login. Times are Unix seconds. */
export interface AdminSession extends IamUser {
  /** SHA-256 of the session id in hex: the id itself is only in the cookie. */
  readonly sessionHash: string;
  readonly createdAt: number;
  readonly lastSeenAt: number;
  /** When the login asked who is in the group, Unix milliseconds: an older answer does not speak of this user. */
  readonly provenAt: number;
}

/** Whether a session has ended by time: idle too long, or old. */
export const isOver = ({ createdAt, lastSeenAt }: AdminSession, nowSeconds: number): boolean =>
  nowSeconds >= lastSeenAt + limits.adminSessionIdleSeconds || nowSeconds >= createdAt + limits.adminSessionSeconds;

/** Whether a use of it is worth a write: only once a minute, so the idle time counts from at most a minute before the last use. */
export const isWorthTouching = ({ lastSeenAt }: AdminSession, nowSeconds: number): boolean =>
  nowSeconds >= lastSeenAt + limits.adminSessionTouchSeconds;
