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
