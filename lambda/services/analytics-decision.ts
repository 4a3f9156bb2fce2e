import type { AnalyticsCredentialKind } from '../contract/context.ts';
import type { SecuritySubject } from '../core/security-token.ts';
import type { SessionMode } from './analytics-sessions.ts';

/** The caller of an `unauthorized` learns nothing of why; the other refusals come only after a credential proved valid. */
export type AnalyticsDecision =
  | AnalyticsIdentity
  /** The reason is for the audit trail alone. */
  | { readonly outcome: 'unauthorized'; readonly reason: AnalyticsReason }
  /** The key is valid, but the ids that its caller states beside it are not: input, no matter of rights. */
  | IdsRefused
  /** The key that was sent, or from which the token or session came. */
  | { readonly outcome: 'wrong_app' | 'origin_not_allowed' | 'api_key_in_browser'; readonly keyId: string };

export interface IdsRefused {
  readonly outcome: 'dev_ids_missing' | 'ids_malformed';
  readonly keyId: string;
  /** The header to correct. */
  readonly header: string;
}

/** Who a call is let through for. */
export interface AnalyticsIdentity extends Partial<SecuritySubject> {
  readonly outcome: 'allowed';
  readonly kind: AnalyticsCredentialKind;
  readonly keyId: string;
  /** Unix seconds; absent: no end is known. */
  readonly expiresAt?: number;
  /** The session anew, where this call renewed it, and how it travels. */
  readonly renewed?: string;
  readonly renewedAs?: SessionMode;
}

/** Why a credential was not accepted. */
export type AnalyticsReason =
  | 'credential_missing'
  | 'credential_malformed'
  | 'token_expired'
  | 'token_revoked'
  | 'no_session'
  | 'invalid_api_key'
  | 'dev_keys_disabled'
  | 'dev_page_not_allowed';

/** What a refusal is filed under. */
export const whyDenied = (decision: Exclude<AnalyticsDecision, AnalyticsIdentity>): string =>
  'reason' in decision ? decision.reason : decision.outcome;

export const unauthorizedFor = (reason: AnalyticsReason): AnalyticsDecision => ({ outcome: 'unauthorized', reason });
