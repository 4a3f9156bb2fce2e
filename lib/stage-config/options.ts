import * as v from 'valibot';
import { limits } from '#contract/limits.ts';
import { type ForwardingOptions, type ForwardingStage, forwardingConflict, forwardingMembers } from './forwarding.ts';
import { type UpstreamNetwork, upstreamConflict, upstreamNetworkMembers } from './upstream-network.ts';
import { type WebOfStage, type WebOption, webConflict, webMember } from './web.ts';

/**
 * Longest time for caching decisions, so that a change is in effect everywhere within the published bound with every
 * setting.
 */
const MAX_AUTHORIZER_CACHE_SECONDS = limits.revocationBoundSeconds - limits.defaultBoundSeconds;

/** A custom domain instead of API Gateway's name. */
export interface DomainOption {
  readonly name: string;
  /** An ACM certificate for the name, in the stage's region. */
  readonly certificateArn: string;
  /** The public Route 53 zone that gets the name's record. Default: none; you create the record. */
  readonly hostedZoneId?: string | undefined;
}

/** A web ACL that blocks callers above a rate. */
export interface WafOption {
  /** Per address. */
  readonly requestsPer5Minutes: number;
  /** Per widget token, from all addresses together. Default: no limit. */
  readonly requestsPer5MinutesPerToken?: number | undefined;
}

/** Options that are off by default, and the web, which is on by default. */
export interface StageOptions extends ForwardingOptions, UpstreamNetwork {
  /**
   * Widget, console and API under one name. Default: on, under CloudFront's own name; off for a private API and in
   * regions without CloudFront.
   */
  readonly web: WebOption | undefined;
  /** Default: API Gateway's own address. */
  readonly domain: DomainOption | undefined;
  /** Default: none. */
  readonly waf: WafOption | undefined;
  /** Only these VPC endpoints can reach the API. Default: it is public. */
  readonly private: { readonly vpcEndpointIds: readonly string[] } | undefined;
  /** On every resource that accepts tags. Default: none. */
  readonly tags: Readonly<Record<string, string>>;
  /** The name of an administrators' group that is created elsewhere. Default: the stage creates the group. */
  readonly existingAdminGroup: string | undefined;
  /** How long API Gateway may cache a decision on a widget token and origin. Default: 0; every call is decided. */
  readonly authorizerCacheSeconds: number;
  /** Other regions that get copies of tables, ring and key. Default: none. */
  readonly replicaRegions: readonly string[];
}

/** @internal */
export const REGION = v.pipe(v.string(), v.regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be an AWS region'));
/** @internal */
export const GROUP_NAME = v.pipe(
  v.string(),
  v.regex(
    /^[\w+=,.@-]{1,128}$/,
    'must be a valid IAM group name without spaces; "Qrvey Admin" is only the display name',
  ),
);
const DOMAIN_NAME = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;
const CERTIFICATE_ARN = /^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[\w-]+$/;
const TAG_TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+@-]*$/u;
const TAG_KEY = v.pipe(
  v.string(),
  v.minLength(1, 'a tag must have a name'),
  v.maxLength(128),
  v.regex(TAG_TEXT, 'contains a character that tags cannot contain'),
  v.check((key) => !/^aws:/i.test(key), "a tag's name must not begin with aws:"),
  v.check(
    (key) => !key.startsWith('widget-gate:'),
    "names that begin with widget-gate: are reserved for the gate's own tags",
  ),
);

const DOMAIN = v.strictObject({
  name: v.pipe(v.string(), v.regex(DOMAIN_NAME, 'must be a whole host name in lower case')),
  certificateArn: v.pipe(v.string(), v.regex(CERTIFICATE_ARN, 'must be the ARN of an ACM certificate')),
  hostedZoneId: v.optional(v.pipe(v.string(), v.regex(/^Z[A-Z0-9]{1,31}$/, 'must be the id of a hosted zone'))),
});

/** The range of WAF's rate rules. */
const WAF_RATE = v.pipe(v.number(), v.integer(), v.minValue(10), v.maxValue(2_000_000_000));

/**
 * The members of a stage that turn options on or off.
 * @internal
 */
export const optionMembers = {
  domain: v.optional(DOMAIN),
  web: webMember(DOMAIN),
  waf: v.optional(
    v.strictObject({
      requestsPer5Minutes: WAF_RATE,
      requestsPer5MinutesPerToken: v.optional(WAF_RATE),
    }),
  ),
  private: v.optional(
    v.strictObject({
      vpcEndpointIds: v.pipe(
        v.array(v.pipe(v.string(), v.regex(/^vpce-[0-9a-f]{8,17}$/, 'must be the id of a VPC endpoint'))),
        v.minLength(1, 'must contain at least one VPC endpoint, because otherwise no caller can reach the API'),
      ),
    }),
  ),
  tags: v.optional(
    v.pipe(
      v.record(
        TAG_KEY,
        v.pipe(v.string(), v.maxLength(256), v.regex(TAG_TEXT, 'contains a character that tags cannot contain')),
      ),
      v.check((tags) => Object.keys(tags).length <= 40, 'must have at most 40 tags; AWS accepts 50, including its own'),
    ),
    {},
  ),
  existingAdminGroup: v.optional(GROUP_NAME),
  authorizerCacheSeconds: v.optional(
    v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MAX_AUTHORIZER_CACHE_SECONDS)),
    0,
  ),
  replicaRegions: v.optional(v.pipe(v.array(REGION), v.maxLength(5)), []),
  upstreamTimeoutSeconds: forwardingMembers.upstreamTimeoutSeconds,
  reservedConcurrency: forwardingMembers.reservedConcurrency,
  upstreamVpc: upstreamNetworkMembers.upstreamVpc,
  upstreamCa: upstreamNetworkMembers.upstreamCa,
  upstreamStreaming: forwardingMembers.upstreamStreaming,
  upstreamStreamingSeconds: forwardingMembers.upstreamStreamingSeconds,
} satisfies Record<keyof StageOptions, v.GenericSchema>;

/** The parts of a stage that `optionConflict` needs. */
interface ReadStage extends Omit<StageOptions, 'web'>, ForwardingStage {
  /** As specified in the stage. */
  readonly web: WebOfStage['web'];
  readonly region: string;
  readonly canaryShopId: string | undefined;
  readonly canaryOrigin: string | undefined;
  readonly adminGroupNameStated: boolean;
  /** All upstreams of the stage. */
  readonly upstreamUrls: readonly string[];
}

/** The first option that conflicts with another member of the stage, as member and reason. */
export function optionConflict(stage: ReadStage): readonly [member: string, problem: string] | undefined {
  const { domain, region, replicaRegions } = stage;
  if (domain !== undefined && stage.private !== undefined)
    return ['domain', 'a private API cannot have a public domain; omit domain or private'];
  if (domain !== undefined && domain.certificateArn.split(':')[3] !== region)
    return ['domain.certificateArn', `the certificate must be in the stage's region, ${region}`];
  if (stage.existingAdminGroup !== undefined && stage.adminGroupNameStated)
    return ['existingAdminGroup', 'already specifies the group; omit adminGroupName'];
  if (stage.canaryShopId !== undefined && stage.private !== undefined)
    return ['canaryShopId', 'the canary is not in a VPC and cannot call a private API; omit canaryShopId or private'];
  if (stage.canaryShopId !== undefined && stage.canaryOrigin === undefined && stage.authorizerCacheSeconds > 0)
    return ['canaryShopId', 'with authorizerCacheSeconds every call needs an Origin; specify canaryOrigin'];
  const conflict = webConflict(stage) ?? forwardingConflict(stage) ?? upstreamConflict(stage);
  if (conflict !== undefined) return conflict;
  if (replicaRegions.includes(region)) return ['replicaRegions', `${region} is the stage's own region; omit it`];
  if (new Set(replicaRegions).size < replicaRegions.length) return ['replicaRegions', 'contains a region twice'];
  return undefined;
}
