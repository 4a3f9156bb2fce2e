/** Names of the environment variables that constructs set and functions read. None of them contains a secret. */
export const environment = {
  /** `<name>:<account>:<stage>`. Sealed values are bound to it, so a copy in another deployment cannot be opened. */
  deployment: 'WIDGET_GATE_DEPLOYMENT',
  /** `live` in production, otherwise `test`: the environment in the API keys of this stage. */
  keyEnvironment: 'WIDGET_GATE_KEY_ENVIRONMENT',
  shopTable: 'WIDGET_GATE_SHOP_TABLE',
  keyTable: 'WIDGET_GATE_KEY_TABLE',
  sessionTable: 'WIDGET_GATE_SESSION_TABLE',
  auditTable: 'WIDGET_GATE_AUDIT_TABLE',
  /** How long audit entries are kept, in days. */
  auditRetentionDays: 'WIDGET_GATE_AUDIT_RETENTION_DAYS',
  /** ARN of the administrators' group. */
  adminGroup: 'WIDGET_GATE_ADMIN_GROUP',
  /**
   * The command that adds a user to that group; the user's name is appended. Absent: the AWS CLI's. A host with its own
   * IAM sets it.
   */
  addMemberCommand: 'WIDGET_GATE_ADD_MEMBER_COMMAND',
  /** Host name of STS in this region. */
  identityHost: 'WIDGET_GATE_IDENTITY_HOST',
  /** ARN of the ring secret. */
  ringSecret: 'WIDGET_GATE_RING_SECRET',
  /** ARN of the secret with the signing keys for the gate's assertions to upstreams. */
  signingSecret: 'WIDGET_GATE_SIGNING_SECRET',
  /** `iss` of those assertions: identifies the deployment, without its account. */
  assertionIssuer: 'WIDGET_GATE_ASSERTION_ISSUER',
  /** The path below which a widget token opens this API: `/api/widget` in the gate's own. */
  protectedTree: 'WIDGET_GATE_PROTECTED_TREE',
  /** JSON array of origins that every shop allows (the seed's app.widget.allowed-origins). */
  allowedOrigins: 'WIDGET_GATE_ALLOWED_ORIGINS',
  /** `true` if dev keys are enabled. */
  devKeys: 'WIDGET_GATE_DEV_KEYS',
  /** Base URLs to which authorized calls are forwarded; absent: the built-in identity endpoint answers. */
  upstreamUrl: 'WIDGET_GATE_UPSTREAM_URL',
  analyticsUpstreamUrl: 'WIDGET_GATE_ANALYTICS_UPSTREAM_URL',
  dataRouterUpstreamUrl: 'WIDGET_GATE_DATA_ROUTER_UPSTREAM_URL',
  /**
   * ARN of the secret with the certificates of a private authority that is trusted for upstreams; absent: public
   * authorities only.
   */
  upstreamCaSecret: 'WIDGET_GATE_UPSTREAM_CA_SECRET',
  /** How long a call waits for its upstream, in seconds; absent: the default in `limits`. */
  upstreamTimeoutSeconds: 'WIDGET_GATE_UPSTREAM_TIMEOUT_SECONDS',
  /** `true` if responses of upstreams are streamed; absent: they are buffered. */
  upstreamStreaming: 'WIDGET_GATE_UPSTREAM_STREAMING',
  /**
   * The secret header value that the stage's CloudFront adds to its calls of the API. With it, the viewer's address in
   * X-Forwarded-For comes from CloudFront.
   */
  edgeMark: 'WIDGET_GATE_EDGE_MARK',
  /** The canary's gate, shop and page, and the ARN of the secret with that shop's API key. */
  gateUrl: 'WIDGET_GATE_GATE_URL',
  canaryShopId: 'WIDGET_GATE_CANARY_SHOP_ID',
  canaryOrigin: 'WIDGET_GATE_CANARY_ORIGIN',
  canaryKeySecret: 'WIDGET_GATE_CANARY_KEY_SECRET',
} as const;

export type EnvironmentName = keyof typeof environment;
