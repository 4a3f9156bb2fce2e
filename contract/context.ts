/** What an authorizer passes on. API Gateway turns every value into a string. */
export interface WidgetAuthorizerContext {
  readonly shopId: string;
  /** Unix seconds. */
  readonly issuedAt: number;
  /** Unix seconds. */
  readonly expiresAt: number;
}

/** The kind of credential that decided on an analytics call. */
export type AnalyticsCredentialKind = 'security-token' | 'session' | 'analytics-key' | 'dev-key';

/** The verified identity of an analytics call. */
export interface AnalyticsAuthorizerContext {
  readonly kind: AnalyticsCredentialKind;
  /** Short id of the service key that was sent, or that created the token or session. */
  readonly keyId: string;
  readonly userId?: string;
  readonly appId?: string;
  readonly clientId?: string;
  readonly orgId?: string;
  /** Unix seconds; absent: no known end. */
  readonly expiresAt?: number;
  /** The other members of the token: JSON in Base64url. */
  readonly claims?: string;
  /** The renewed session, if this call renewed it, and the form in which it is sent. */
  readonly renewed?: string;
  readonly renewedAs?: 'cookie' | 'token';
}

/**
 * Replaces the identity when a valid key came with invalid ids. An authorizer can return only 401 and 403, so the endpoint behind it
 * returns this 400.
 */
export interface RefusedIdsContext {
  readonly refusedIds: 'dev_ids_missing' | 'ids_malformed';
  readonly header: string;
}

/** The service key of a data router call. */
export interface DataRouterAuthorizerContext {
  readonly keyId: string;
}

/** The administrator who owns a session. */
export interface AdminAuthorizerContext {
  readonly arn: string;
  readonly userId: string;
  readonly userName: string;
  /** SHA-256 of the session id, which identifies it when it is ended. */
  readonly sessionHash: string;
  /** Unix seconds. */
  readonly createdAt: number;
}
