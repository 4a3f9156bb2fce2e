import * as v from 'valibot';
import { GROUP_NAME, optionConflict, optionMembers, REGION, type StageOptions } from './stage-config/options.ts';
import { type WebOption, webOf } from './stage-config/web.ts';
import { originProblem, upstreamProblem } from './stage-origins.ts';

/** A stage with the defaults filled in; `StageMembers` is what it may set. */
export interface StageConfig extends StageOptions {
  /** The stage's name: `dev`, `prod`, … */
  readonly stage: string;
  /** Keep data on deletion, protect it, create `live` keys, refuse loopback. Required. */
  readonly production: boolean;
  /** Default: the account of the AWS credentials in use. */
  readonly account: string | undefined;
  /** Default: the region of the AWS credentials in use, otherwise us-east-1. */
  readonly region: string;
  /** Part of what sealed values are bound to; never change it while data exists. Default `widget-gate`. */
  readonly deploymentName: string;
  /** Origins that every shop of the stage allows. Default: none. */
  readonly allowedOrigins: readonly string[];
  /** URL to which authorized widget calls are forwarded. Default: the built-in identity endpoint answers. */
  readonly upstreamUrl: string | undefined;
  /** URL to which authorized analytics calls are forwarded. Default: the built-in identity endpoint answers. */
  readonly analyticsUpstreamUrl: string | undefined;
  /** URL to which authorized data router calls are forwarded. Default: the built-in identity endpoint answers. */
  readonly dataRouterUpstreamUrl: string | undefined;
  /** Whether dev keys are enabled. They are readable in a page, so production rejects them. Default: false. */
  readonly devKeys: boolean;
  /**
   * Valid IAM name of the group displayed as "Qrvey Admin". Default: `Qrvey-Admin`, with `-<stage>` outside production.
   */
  readonly adminGroupName: string;
  /** How long entries of the audit trail are kept. Default: 400 days. */
  readonly auditRetentionDays: number;
  /** A retention that CloudWatch Logs offers. Default: 90 days in production, otherwise 14. */
  readonly logRetentionDays: number;
  /** Name or ARN of a managed policy that limits every role of the stage. Default: none. */
  readonly permissionsBoundary: string | undefined;
  /** Whether calls are traced with X-Ray. Default: false. */
  readonly tracing: boolean;
  /** Address that is notified of alarms, once it confirms. Default: only subscribers of the topic. */
  readonly alarmEmail: string | undefined;
  /** The shop with which the canary checks the gate. Default: there is no canary. */
  readonly canaryShopId: string | undefined;
  /** The page that the canary calls from. Default: it sends no origin. */
  readonly canaryOrigin: string | undefined;
}

/** What a stage may set, in cdk.json under `stages` or as properties of `WidgetGate`. An unknown member is an error. */
export interface StageMembers
  extends Pick<StageConfig, 'production'>,
    Partial<Omit<StageConfig, 'stage' | 'production' | 'web'>> {
  /** Widget, console and API under one name. Default: on, by CloudFront's own name; off for a private API and in regions without CloudFront. */
  readonly web?: boolean | WebOption | undefined;
}

/** The configuration is wrong; the message names the stage, the member and the fix. */
export class StageConfigError extends Error {
  override readonly name = 'StageConfigError';
}

const STAGE_NAME = /^[a-z][a-z0-9-]{0,15}$/;
const RETENTION_DAYS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 3653] as const;

const MANAGED_POLICY = /^([\w+=,.@-]{1,128}|arn:aws[a-z-]*:iam::(\d{12}|aws):policy\/[\w+=,.@/-]{1,512})$/;

const schema = v.strictObject({
  production: v.boolean(),
  account: v.optional(v.pipe(v.string(), v.regex(/^\d{12}$/, 'must be 12 digits'))),
  region: v.optional(REGION),
  deploymentName: v.optional(
    v.pipe(v.string(), v.regex(STAGE_NAME, 'must be lower-case letters, digits and hyphens')),
    'widget-gate',
  ),
  allowedOrigins: v.optional(v.pipe(v.array(v.string()), v.maxLength(50)), []),
  upstreamUrl: v.optional(v.string()),
  analyticsUpstreamUrl: v.optional(v.string()),
  dataRouterUpstreamUrl: v.optional(v.string()),
  devKeys: v.optional(v.boolean(), false),
  adminGroupName: v.optional(GROUP_NAME),
  auditRetentionDays: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(3_653)), 400),
  logRetentionDays: v.optional(v.picklist(RETENTION_DAYS, 'must be a retention that CloudWatch Logs offers')),
  permissionsBoundary: v.optional(
    v.pipe(v.string(), v.regex(MANAGED_POLICY, 'must be the name or the ARN of a managed policy')),
  ),
  tracing: v.optional(v.boolean(), false),
  alarmEmail: v.optional(v.pipe(v.string(), v.email('must be an e-mail address'))),
  canaryShopId: v.optional(v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, 'must be a shop id'))),
  canaryOrigin: v.optional(v.string()),
  ...optionMembers,
} satisfies Record<keyof StageMembers, v.GenericSchema>);

/** The account and region of CDK's AWS credentials, if it has any. */
export interface DefaultEnvironment {
  readonly account?: string | undefined;
  readonly region?: string | undefined;
}

/** The members of one stage of the context's `stages`, as they are written there. Throws `StageConfigError`. */
export function stageMembers(stage: string, stages: unknown): StageMembers {
  readStageConfig(stage, stages);
  return (stages as Readonly<Record<string, StageMembers>>)[stage] as StageMembers;
}

/** Reads one stage of the context's `stages`. Throws `StageConfigError`. */
export function readStageConfig(stage: string, stages: unknown, defaults: DefaultEnvironment = {}): StageConfig {
  const known =
    stages !== null && typeof stages === 'object' ? new Map(Object.entries(stages)) : new Map<string, unknown>();
  if (!STAGE_NAME.test(stage)) throw new StageConfigError(`"${stage}" is not a valid stage name: ${STAGE_NAME.source}`);
  if (!known.has(stage))
    throw new StageConfigError(`no stage "${stage}" in cdk.json; available: ${[...known.keys()].join(', ') || 'none'}`);
  const parsed = v.safeParse(schema, known.get(stage));
  if (!parsed.success) throw new StageConfigError(parsed.issues.map((issue) => describe(stage, issue)).join('\n'));
  const { production, account, adminGroupName, logRetentionDays, web, ...rest } = parsed.output;
  const region = rest.region ?? defaults.region ?? 'us-east-1';
  checkUrls(stage, parsed.output);
  if (production && rest.devKeys)
    throw new StageConfigError(
      `stages.${stage}.devKeys: dev keys are readable in a page, so production rejects them; set devKeys to false, or use a development stage`,
    );
  const config: StageConfig = {
    stage,
    production,
    account: account ?? defaults.account,
    adminGroupName: adminGroupName ?? rest.existingAdminGroup ?? (production ? 'Qrvey-Admin' : `Qrvey-Admin-${stage}`),
    logRetentionDays: logRetentionDays ?? (production ? 90 : 14),
    ...rest,
    region,
    upstreamUrl: rest.upstreamUrl,
    analyticsUpstreamUrl: rest.analyticsUpstreamUrl,
    dataRouterUpstreamUrl: rest.dataRouterUpstreamUrl,
    permissionsBoundary: rest.permissionsBoundary,
    alarmEmail: rest.alarmEmail,
    canaryShopId: rest.canaryShopId,
    canaryOrigin: rest.canaryOrigin,
    domain: rest.domain,
    web: webOf({ web, region, private: rest.private, domain: rest.domain }),
    waf: rest.waf,
    reservedConcurrency: rest.reservedConcurrency,
    upstreamStreamingSeconds: rest.upstreamStreamingSeconds,
    private: rest.private,
    existingAdminGroup: rest.existingAdminGroup,
    upstreamVpc: rest.upstreamVpc,
    upstreamCa: rest.upstreamCa,
  };
  const conflict = optionConflict({
    ...config,
    web,
    adminGroupNameStated: adminGroupName !== undefined,
    upstreamUrls: [config.upstreamUrl, config.analyticsUpstreamUrl, config.dataRouterUpstreamUrl].filter(
      (url) => url !== undefined,
    ),
  });
  if (conflict !== undefined) throw new StageConfigError(`stages.${stage}.${conflict.join(': ')}`);
  return config;
}

function describe(stage: string, issue: v.InferIssue<typeof schema>): string {
  const member = `stages.${stage}${(issue.path ?? []).map(({ key }) => `.${String(key)}`).join('')}`;
  // valibot has one issue type for three mistakes: an unknown member, a missing one, and a value that is not an object.
  if (issue.type === 'strict_object' && issue.expected === 'never')
    return `${member}: unknown member${issue.path?.length === 1 ? `; allowed are ${Object.keys(schema.entries).join(', ')}` : ''}`;
  if (issue.type === 'strict_object' && issue.received === 'undefined') return `${member}: is required`;
  if (issue.type === 'strict_object') return `${member}: must be an object`;
  return `${member}: ${issue.message}`;
}

function checkUrls(stage: string, { production, allowedOrigins, ...rest }: v.InferOutput<typeof schema>): void {
  for (const origin of allowedOrigins) {
    const problem = originProblem(origin, production);
    if (problem !== undefined) throw new StageConfigError(`stages.${stage}.allowedOrigins: "${origin}" ${problem}`);
  }
  if (rest.canaryOrigin !== undefined && originProblem(rest.canaryOrigin, production) !== undefined)
    throw new StageConfigError(`stages.${stage}.canaryOrigin: it ${originProblem(rest.canaryOrigin, production)}`);
  if (rest.canaryOrigin !== undefined && rest.canaryShopId === undefined)
    throw new StageConfigError(
      `stages.${stage}.canaryOrigin: has no effect without canaryShopId; set it, or omit canaryOrigin`,
    );
  for (const name of ['upstreamUrl', 'analyticsUpstreamUrl', 'dataRouterUpstreamUrl'] as const) {
    const url = rest[name];
    const problem = url === undefined ? undefined : upstreamProblem(url, production);
    if (problem !== undefined) throw new StageConfigError(`stages.${stage}.${name}: ${problem}`);
  }
}
