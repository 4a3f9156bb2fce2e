/** Header names as the README writes them. HTTP compares them without regard to case. */
export const headers = {
  shopApiKey: 'X-Shop-API-Key',
  widgetToken: 'X-Widget-Token',
  widgetTokenExpiresIn: 'X-Widget-Token-Expires-In',
  /** Verified identity, set for the upstream; a client's own copy is dropped. */
  shopId: 'X-Shop-Id',
  tokenIssuedAt: 'X-Token-Issued-At',
  requestId: 'X-Request-Id',
} as const;
