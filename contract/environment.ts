/** Names of the environment variables that constructs set and functions read. None ever holds a secret. */
export const environment = {
  /** `<name>:<account>:<stage>`: what sealed values are bound to, so that copies do not open elsewhere. */
  deployment: 'WIDGET_GATE_DEPLOYMENT',
  /** `live` in production, else `test`: which API keys exist here. */
  keyEnvironment: 'WIDGET_GATE_KEY_ENVIRONMENT',
  shopTable: 'WIDGET_GATE_SHOP_TABLE',
  keyTable: 'WIDGET_GATE_KEY_TABLE',
  sessionTable: 'WIDGET_GATE_SESSION_TABLE',
  auditTable: 'WIDGET_GATE_AUDIT_TABLE',
  /** How long audit entries are kept, in days. */
  auditRetentionDays: 'WIDGET_GATE_AUDIT_RETENTION_DAYS',
  /** ARN of the administrators' group. */
  adminGroup: 'WIDGET_GATE_ADMIN_GROUP',
  /** The command that adds the user whose name follows it to that group; absent: the AWS CLI's. A host with an IAM of its own sets it. */
  addMemberCommand: 'WIDGET_GATE_ADD_MEMBER_COMMAND',
  /** Host name of STS in this region. */
  identityHost: 'WIDGET_GATE_IDENTITY_HOST',
  /** ARN of the ring secret. */
  ringSecret: 'WIDGET_GATE_RING_SECRET',
  /** ARN of the secret of the signing keys, with which the gate asserts calls to upstreams. */
  signingSecret: 'WIDGET_GATE_SIGNING_SECRET',
  /** `iss` of those assertions: which deployment it is, without its account. */
  assertionIssuer: 'WIDGET_GATE_ASSERTION_ISSUER',
  /** Below which path a widget token opens this API: `/api/widget` in the gate's own. */
  protectedTree: 'WIDGET_GATE_PROTECTED_TREE',
  /** JSON array of origins that every shop allows (the seed's app.widget.allowed-origins). */
  allowedOrigins: 'WIDGET_GATE_ALLOWED_ORIGINS',
  /** `true` where dev keys work. */
  devKeys: 'WIDGET_GATE_DEV_KEYS',
  /** Base URLs that authorized calls are forwarded to; absent: the built-in identity endpoint answers. */
  upstreamUrl: 'WIDGET_GATE_UPSTREAM_URL',
  analyticsUpstreamUrl: 'WIDGET_GATE_ANALYTICS_UPSTREAM_URL',
  dataRouterUpstreamUrl: 'WIDGET_GATE_DATA_ROUTER_UPSTREAM_URL',
  /** ARN of the secret with the certificates of a private authority, which is trusted for upstreams; absent: public authorities only. */
  upstreamCaSecret: 'WIDGET_GATE_UPSTREAM_CA_SECRET',
  /** How long a call waits for its upstream, in seconds; absent: the contract's default. */
  upstreamTimeoutSeconds: 'WIDGET_GATE_UPSTREAM_TIMEOUT_SECONDS',
  /** `true` where responses of upstreams are passed on as they come; absent: whole. */
  upstreamStreaming: 'WIDGET_GATE_UPSTREAM_STREAMING',
  /** What the stage's CloudFront puts on its calls of the API: with it the viewer's address in X-Forwarded-For is CloudFront's word. */
  edgeMark: 'WIDGET_GATE_EDGE_MARK',
  /** What the canary checks, as which shop, from which page, and the ARN of the secret with that shop's API key. */
  gateUrl: 'WIDGET_GATE_GATE_URL',
  canaryShopId: 'WIDGET_GATE_CANARY_SHOP_ID',
  canaryOrigin: 'WIDGET_GATE_CANARY_ORIGIN',
  canaryKeySecret: 'WIDGET_GATE_CANARY_KEY_SECRET',
} as const;

export type EnvironmentName = keyof typeof environment;
