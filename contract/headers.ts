/** Header names as the documents write them. HTTP compares them without regard to case. */
export const headers = {
  shopApiKey: 'X-Shop-API-Key',
  widgetToken: 'X-Widget-Token',
  widgetTokenExpiresIn: 'X-Widget-Token-Expires-In',
  /** The key of a server: analytics, data-router or dev. */
  serviceKey: 'X-API-Key',
  securityTokenExpiresIn: 'X-Security-Token-Expires-In',
  sessionExpiresIn: 'X-Session-Expires-In',
  /** A renewed session for pages that keep theirs as a bearer value. */
  sessionToken: 'X-Session-Token',
  /** On every answer to a dev key. */
  devKeyWarning: 'X-Dev-Key-Warning',
  /** Verified identity, set for the upstream; a client's own copy is dropped. */
  shopId: 'X-Shop-Id',
  tokenIssuedAt: 'X-Token-Issued-At',
  /** Beside a server's or dev key a client states these; to the upstream they are always verified. */
  userId: 'X-User-Id',
  appId: 'X-App-Id',
  clientId: 'X-Client-Id',
  orgId: 'X-Org-Id',
  /** Which kind of credential decided. */
  credentialKind: 'X-Credential-Kind',
  /** The short id of the service key behind a call. */
  serviceKeyId: 'X-Service-Key-Id',
  /** The members of a security token beside the ids: JSON in Base64url. */
  claims: 'X-Security-Claims',
  /** A signed statement of whose call it is, by which an upstream can check that the gate sent it; a client's own copy is dropped. */
  assertion: 'X-Gate-Assertion',
  /** By which the login and the API's web ACL recognize calls that came through the CDN; no credential. */
  edgeMark: 'X-Widget-Gate-Edge',
  requestId: 'X-Request-Id',
} as const;
