import * as v from 'valibot';
import { limits } from '#contract/limits.ts';
import { type ForwardingOptions, type ForwardingStage, forwardingConflict, forwardingMembers } from './forwarding.ts';
import { type UpstreamNetwork, upstreamConflict, upstreamNetworkMembers } from './upstream-network.ts';
import { type WebOfStage, type WebOption, webConflict, webMember } from './web.ts';

/** So that a change is in force everywhere within the published bound, whatever the stage's settings. */
const MAX_AUTHORIZER_CACHE_SECONDS = limits.revocationBoundSeconds - limits.defaultBoundSeconds;

/** A name of your own instead of API Gateway's. */
export interface DomainOption {
  readonly name: string;
  /** An ACM certificate for the name, in the stage's region. */
  readonly certificateArn: string;
  /** The public Route 53 zone that gets the name's record. Default: you make the record. */
  readonly hostedZoneId?: string | undefined;
}

/** A web ACL that blocks callers above a rate. */
export interface WafOption {
  /** Of one address. */
  readonly requestsPer5Minutes: number;
  /** With one widget token, from all addresses together. Default: no limit. */
  readonly requestsPer5MinutesPerToken?: number | undefined;
}

/** What is off unless a stage turns it on, and the web, which is on unless it turns it off. */
export interface StageOptions extends ForwardingOptions, UpstreamNetwork {
  /** Widget, console and API under one name. Default: on, by CloudFront's own name; off for a private API and where there is no CloudFront. */
  readonly web: WebOption | undefined;
  /** Default: API Gateway's own address. */
  readonly domain: DomainOption | undefined;
  /** Default: none. */
  readonly waf: WafOption | undefined;
  /** The API answers these VPC endpoints only. Default: it is public. */
  readonly private: { readonly vpcEndpointIds: readonly string[] } | undefined;
  /** On every resource that takes tags. Default none. */
  readonly tags: Readonly<Record<string, string>>;
  /** The administrators' group is made elsewhere and has this name. Default: the stage makes it. */
  readonly existingAdminGroup: string | undefined;
  /** How long API Gateway may keep a decision on a widget token and origin. Default 0: it asks about every call. */
  readonly authorizerCacheSeconds: number;
  /** Other regions that get copies of tables, ring and key. Default none. */
  readonly replicaRegions: readonly string[];
}

/** @internal */
export const REGION = v.pipe(v.string(), v.regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be an AWS region'));
/** @internal */
export const GROUP_NAME = v.pipe(
  v.string(),
  v.regex(
    /^[\w+=,.@-]{1,128}$/,
    'must be a legal IAM group name, which has no space; "Qrvey Admin" is only how it is displayed',
  ),
);
const DOMAIN_NAME = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;
const CERTIFICATE_ARN = /^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[\w-]+$/;
const TAG_TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+@-]*$/u;
const TAG_KEY = v.pipe(
  v.string(),
  v.minLength(1, 'a tag needs a name'),
  v.maxLength(128),
  v.regex(TAG_TEXT, 'has a character that a tag can’t have'),
  v.check((key) => !/^aws:/i.test(key), 'a tag’s name must not begin with aws:'),
  v.check((key) => !key.startsWith('widget-gate:'), 'the gate’s own tags begin with widget-gate:, which identify keys'),
);

const DOMAIN = v.strictObject({
  name: v.pipe(v.string(), v.regex(DOMAIN_NAME, 'must be a whole host name in lower case')),
  certificateArn: v.pipe(v.string(), v.regex(CERTIFICATE_ARN, 'must be the ARN of an ACM certificate')),
  hostedZoneId: v.optional(v.pipe(v.string(), v.regex(/^Z[A-Z0-9]{1,31}$/, 'must be the id of a hosted zone'))),
});

/** What a rate rule of WAF accepts. */
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
        v.minLength(1, 'must name a VPC endpoint, or nobody could call'),
      ),
    }),
  ),
  tags: v.optional(
    v.pipe(
      v.record(
        TAG_KEY,
        v.pipe(v.string(), v.maxLength(256), v.regex(TAG_TEXT, 'has a character that a tag can’t have')),
      ),
      v.check((tags) => Object.keys(tags).length <= 40, 'must be 40 tags at most; AWS takes 50 with its own'),
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

/** What `optionConflict` needs to know of a stage. */
interface ReadStage extends Omit<StageOptions, 'web'>, ForwardingStage {
  /** As the stage says it. */
  readonly web: WebOfStage['web'];
  readonly region: string;
  readonly canaryShopId: string | undefined;
  readonly canaryOrigin: string | undefined;
  readonly adminGroupNameStated: boolean;
  /** Of all upstreams that the stage states. */
  readonly upstreamUrls: readonly string[];
}

/** The first option that doesn't go with another member of the stage, as member and reason. */
export function optionConflict(stage: ReadStage): readonly [member: string, problem: string] | undefined {
  const { domain, region, replicaRegions } = stage;
  if (domain !== undefined && stage.private !== undefined)
    return ['domain', 'a private API takes no public domain; leave one of domain and private out'];
  if (domain !== undefined && domain.certificateArn.split(':')[3] !== region)
    return ['domain.certificateArn', `the certificate must be in the stage’s region, ${region}`];
  if (stage.existingAdminGroup !== undefined && stage.adminGroupNameStated)
    return ['existingAdminGroup', 'names the group already; leave adminGroupName out'];
  if (stage.canaryShopId !== undefined && stage.private !== undefined)
    return ['canaryShopId', 'the canary is in no VPC and can’t call a private API; leave one of the two out'];
  if (stage.canaryShopId !== undefined && stage.canaryOrigin === undefined && stage.authorizerCacheSeconds > 0)
    return ['canaryShopId', 'with authorizerCacheSeconds every call needs an Origin; state canaryOrigin'];
  const conflict = webConflict(stage) ?? forwardingConflict(stage) ?? upstreamConflict(stage);
  if (conflict !== undefined) return conflict;
  if (replicaRegions.includes(region)) return ['replicaRegions', `${region} is the stage’s own region`];
  if (new Set(replicaRegions).size < replicaRegions.length) return ['replicaRegions', 'names a region twice'];
  return undefined;
}
