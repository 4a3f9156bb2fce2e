/** What an authorizer hands on. API Gateway turns every value into a string. */
export interface WidgetAuthorizerContext {
  readonly shopId: string;
  /** Unix seconds. */
  readonly issuedAt: number;
  /** Unix seconds. */
  readonly expiresAt: number;
}

/** Which kind of credential decided about an analytics call. */
export type AnalyticsCredentialKind = 'security-token' | 'session' | 'analytics-key' | 'dev-key';

/** The verified identity behind an analytics call. */
export interface AnalyticsAuthorizerContext {
  readonly kind: AnalyticsCredentialKind;
  /** Short id of the service key that was sent, or that the token or session came from. */
  readonly keyId: string;
  readonly userId?: string;
  readonly appId?: string;
  readonly clientId?: string;
  readonly orgId?: string;
  /** Unix seconds; absent: no end is known. */
  readonly expiresAt?: number;
  /** The other members of the token: JSON in Base64url. */
  readonly claims?: string;
  /** The session anew, when this call renewed it, and how it travels. */
  readonly renewed?: string;
  readonly renewedAs?: 'cookie' | 'token';
}

/**
 * In place of the identity: a valid key came with ids that are not. An authorizer can answer 401 and 403 only, so the endpoint behind it
 * answers this 400.
 */
export interface RefusedIdsContext {
  readonly refusedIds: 'dev_ids_missing' | 'ids_malformed';
  readonly header: string;
}

/** Whose server a data router call came from. */
export interface DataRouterAuthorizerContext {
  readonly keyId: string;
}

/** Who an administrator's session belongs to. */
export interface AdminAuthorizerContext {
  readonly arn: string;
  readonly userId: string;
  readonly userName: string;
  /** SHA-256 of the session id, by which it can be ended. */
  readonly sessionHash: string;
  /** Unix seconds. */
  readonly createdAt: number;
}
