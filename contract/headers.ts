/** Header names as the documents write them. HTTP compares them without regard to case. */
export const headers = {
  shopApiKey: 'X-Shop-API-Key',
  widgetToken: 'X-Widget-Token',
  widgetTokenExpiresIn: 'X-Widget-Token-Expires-In',
  /** A service key: analytics, data-router or dev. */
  serviceKey: 'X-API-Key',
  securityTokenExpiresIn: 'X-Security-Token-Expires-In',
  sessionExpiresIn: 'X-Session-Expires-In',
  /** The renewed session, for pages that send it as a bearer value. */
  sessionToken: 'X-Session-Token',
  /** In every response to a dev key. */
  devKeyWarning: 'X-Dev-Key-Warning',
  /** Verified identity, set for the upstream; a client's own copy is dropped. */
  shopId: 'X-Shop-Id',
  tokenIssuedAt: 'X-Token-Issued-At',
  /** A client sends these together with an analytics or dev key. Toward the upstream they are always verified. */
  userId: 'X-User-Id',
  appId: 'X-App-Id',
  clientId: 'X-Client-Id',
  orgId: 'X-Org-Id',
  /** The kind of credential that decided. */
  credentialKind: 'X-Credential-Kind',
  /** The short id of the service key of a call. */
  serviceKeyId: 'X-Service-Key-Id',
  /** The members of a security token other than the ids: JSON in Base64url. */
  claims: 'X-Security-Claims',
  /**
   * A signed statement of the caller's identity. An upstream can verify with it that the gate sent the call; a client's
   * own copy is dropped.
   */
  assertion: 'X-Gate-Assertion',
  /** Marks calls that came through the CDN, for the login and the API's web ACL. Not a credential. */
  edgeMark: 'X-Widget-Gate-Edge',
  requestId: 'X-Request-Id',
} as const;
