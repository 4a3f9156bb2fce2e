import type { EnvironmentName } from './environment.ts';
import { limits } from './limits.ts';

export interface FunctionSpec {
  readonly summary: string;
  readonly memoryMegabytes: number;
  readonly timeoutSeconds: number;
  /** The variables the function requires; the construct sets exactly these. */
  readonly environment: readonly EnvironmentName[];
  /** Set only when the stage configures it. */
  readonly optionalEnvironment: readonly EnvironmentName[];
}

/** The time-out of a function that waits for an upstream for this many seconds. */
export function forwardingSeconds(upstreamTimeoutSeconds: number): number {
  return upstreamTimeoutSeconds + limits.forwardingMarginSeconds;
}

/** Every function: `lambda/<capability>/<name>.handler.ts` is bundled to `dist/lambda/<name>/index.js`, whose `handler` Lambda calls. */
export const functions = {
  'token-issuer': {
    summary: 'Exchanges a shop API key for a widget token',
    memoryMegabytes: 512,
    timeoutSeconds: 5,
    environment: ['deployment', 'keyEnvironment', 'shopTable', 'keyTable', 'auditTable', 'auditRetentionDays'],
    optionalEnvironment: [],
  },
  'token-inspector': {
    summary: 'Explains to a shop why its widget token is or is not accepted',
    memoryMegabytes: 512,
    timeoutSeconds: 5,
    environment: [
      'deployment',
      'keyEnvironment',
      'shopTable',
      'keyTable',
      'auditTable',
      'auditRetentionDays',
      'ringSecret',
      'allowedOrigins',
    ],
    optionalEnvironment: [],
  },
  'widget-authorizer': {
    summary: 'Decides on every widget call',
    memoryMegabytes: 256,
    timeoutSeconds: 5,
    environment: [
      'deployment',
      'keyEnvironment',
      'shopTable',
      'auditTable',
      'auditRetentionDays',
      'ringSecret',
      'protectedTree',
      'allowedOrigins',
    ],
    optionalEnvironment: [],
  },
  'widget-endpoint': {
    summary: 'Forwards authorized widget calls to the upstream, or returns the verified identity',
    memoryMegabytes: 256,
    timeoutSeconds: forwardingSeconds(limits.upstreamTimeoutMilliseconds / 1_000),
    environment: ['deployment', 'auditTable', 'auditRetentionDays', 'edgeMark', 'signingSecret', 'assertionIssuer'],
    optionalEnvironment: ['upstreamUrl', 'upstreamTimeoutSeconds', 'upstreamCaSecret', 'upstreamStreaming'],
  },
  'security-token-issuer': {
    summary: 'Exchanges an analytics key for a security token',
    memoryMegabytes: 512,
    timeoutSeconds: 5,
    environment: [
      'deployment',
      'keyEnvironment',
      'keyTable',
      'sessionTable',
      'auditTable',
      'auditRetentionDays',
      'ringSecret',
    ],
    optionalEnvironment: [],
  },
  'temp-token-issuer': {
    summary: 'Exchanges an analytics key for a temp token that begins a session in a page',
    memoryMegabytes: 512,
    timeoutSeconds: 5,
    environment: ['deployment', 'keyEnvironment', 'keyTable', 'sessionTable', 'auditTable', 'auditRetentionDays'],
    optionalEnvironment: [],
  },
  'session-exchange': {
    summary: 'Exchanges a temp token for a session, once; shows and ends sessions',
    memoryMegabytes: 512,
    timeoutSeconds: 5,
    environment: ['deployment', 'keyTable', 'sessionTable', 'auditTable', 'auditRetentionDays', 'ringSecret'],
    optionalEnvironment: [],
  },
  'cors-preflight': {
    summary: 'Answers preflights: which pages may call with a session cookie',
    memoryMegabytes: 256,
    timeoutSeconds: 5,
    environment: ['deployment', 'keyTable'],
    optionalEnvironment: [],
  },
  'analytics-authorizer': {
    summary: 'Decides on every analytics call',
    memoryMegabytes: 256,
    timeoutSeconds: 5,
    environment: [
      'deployment',
      'keyEnvironment',
      'keyTable',
      'sessionTable',
      'auditTable',
      'auditRetentionDays',
      'ringSecret',
      'devKeys',
    ],
    optionalEnvironment: [],
  },
  'analytics-endpoint': {
    summary: 'Forwards authorized analytics calls to the upstream, or returns the verified identity',
    memoryMegabytes: 256,
    timeoutSeconds: forwardingSeconds(limits.upstreamTimeoutMilliseconds / 1_000),
    environment: ['deployment', 'auditTable', 'auditRetentionDays', 'edgeMark', 'signingSecret', 'assertionIssuer'],
    optionalEnvironment: ['analyticsUpstreamUrl', 'upstreamTimeoutSeconds', 'upstreamCaSecret', 'upstreamStreaming'],
  },
  'data-router-authorizer': {
    summary: 'Decides on every data router call',
    memoryMegabytes: 256,
    timeoutSeconds: 5,
    environment: ['deployment', 'keyEnvironment', 'keyTable', 'sessionTable', 'auditTable', 'auditRetentionDays'],
    optionalEnvironment: [],
  },
  'data-router-endpoint': {
    summary: 'Forwards authorized data router calls to the upstream, or returns the verified identity',
    memoryMegabytes: 256,
    timeoutSeconds: forwardingSeconds(limits.upstreamTimeoutMilliseconds / 1_000),
    environment: ['deployment', 'auditTable', 'auditRetentionDays', 'edgeMark', 'signingSecret', 'assertionIssuer'],
    optionalEnvironment: ['dataRouterUpstreamUrl', 'upstreamTimeoutSeconds', 'upstreamCaSecret', 'upstreamStreaming'],
  },
  'admin-login': {
    summary: 'Logs System Administrators in: members of one IAM group who prove their access key or open a login link',
    memoryMegabytes: 512,
    timeoutSeconds: 15,
    environment: [
      'deployment',
      'sessionTable',
      'auditTable',
      'auditRetentionDays',
      'ringSecret',
      'adminGroup',
      'identityHost',
      'edgeMark',
    ],
    optionalEnvironment: [],
  },
  'admin-authorizer': {
    summary: 'Decides on every call of the admin API',
    memoryMegabytes: 256,
    timeoutSeconds: 10,
    environment: ['deployment', 'sessionTable', 'adminGroup', 'edgeMark'],
    optionalEnvironment: [],
  },
  'admin-api': {
    summary: 'Everything that System Administrators see and change',
    memoryMegabytes: 512,
    timeoutSeconds: 15,
    environment: [
      'deployment',
      'keyEnvironment',
      'shopTable',
      'keyTable',
      'sessionTable',
      'auditTable',
      'auditRetentionDays',
      'ringSecret',
      'allowedOrigins',
      'devKeys',
      'edgeMark',
    ],
    optionalEnvironment: [],
  },
  'ring-rotation': {
    summary:
      'Adds a key to the sealing ring and reseals every shop key; invoked by Secrets Manager, or by an operator after a leak',
    memoryMegabytes: 512,
    timeoutSeconds: 900,
    environment: ['deployment', 'shopTable', 'ringSecret'],
    optionalEnvironment: [],
  },
  jwks: {
    summary: 'Publishes the public keys that upstreams verify assertions with',
    memoryMegabytes: 256,
    timeoutSeconds: 5,
    environment: ['deployment', 'signingSecret'],
    optionalEnvironment: [],
  },
  'signing-key-rotation': {
    summary:
      'Adds a signing key for assertions and retires old ones; invoked by Secrets Manager, or by an operator after a leak',
    memoryMegabytes: 256,
    timeoutSeconds: 60,
    environment: ['deployment', 'signingSecret'],
    optionalEnvironment: [],
  },
  'ring-age': {
    summary: 'Measures the age of the sealing ring and the signing keys every six hours, without reading them',
    memoryMegabytes: 256,
    timeoutSeconds: 10,
    environment: ['deployment', 'ringSecret', 'signingSecret'],
    optionalEnvironment: [],
  },
  canary: {
    summary: 'Runs the smoke check against this gate every five minutes, with a shop of its own',
    memoryMegabytes: 256,
    timeoutSeconds: 60,
    environment: ['deployment', 'gateUrl', 'canaryShopId', 'canaryKeySecret'],
    optionalEnvironment: ['canaryOrigin'],
  },
} as const satisfies Record<string, FunctionSpec>;

export type FunctionName = keyof typeof functions;

/**
 * Functions that watch the gate and are not part of it: they are in the operations stack, and the local host omits
 * them.
 */
export const watchers = ['ring-age', 'canary'] as const satisfies readonly FunctionName[];

/** Functions that the gate consists of. */
export type GateFunctionName = Exclude<FunctionName, (typeof watchers)[number]>;
