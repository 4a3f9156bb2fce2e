/** What an authorizer hands on. API Gateway turns every value into a string. */
export interface WidgetAuthorizerContext {
  readonly shopId: string;
  /** Unix seconds. */
  readonly issuedAt: number;
  /** Unix seconds. */
  readonly expiresAt: number;
}

/** On a Deny: the catalogue entry that the gateway's ACCESS_DENIED response shows. */
export interface DenyContext {
  readonly code: string;
  readonly message: string;
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
