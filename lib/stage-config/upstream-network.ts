import * as v from 'valibot';

/** How the forwarding functions reach upstreams that are not on the public internet. */
export interface UpstreamNetwork {
  /** The existing network to which they are attached. Default: none; they reach only public addresses. */
  readonly upstreamVpc:
    | {
        readonly vpcId: string;
        readonly subnetIds: readonly string[];
        readonly securityGroupIds: readonly string[];
      }
    | undefined;
  /** A private authority whose certificates they also trust. Default: none; only public authorities are trusted. */
  readonly upstreamCa:
    | {
        /** An existing secret with certificates in PEM. */
        readonly secretArn: string;
        /** The customer-managed KMS key of the secret. Default: the key that AWS manages. */
        readonly kmsKeyArn?: string | undefined;
      }
    | undefined;
}

const idOf = (prefix: string, what: string) =>
  v.pipe(v.string(), v.regex(new RegExp(`^${prefix}-[0-9a-f]{8,17}$`), `must be the id of a ${what}`));
/** Lambda's maximum. */
const idsOf = (prefix: string, what: string, most: number) =>
  v.pipe(
    v.array(idOf(prefix, what)),
    v.minLength(1, `must contain at least one ${what}`),
    v.maxLength(most),
    v.check((ids) => new Set(ids).size === ids.length, `names a ${what} twice`),
  );

/**
 * With the six characters that Secrets Manager appends: without them, a right on the name would cover other secrets,
 * too.
 */
const SECRET_ARN = /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+-[A-Za-z0-9]{6}$/;
const KEY_ARN = /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/;

/** The members of a stage about the connection to its upstreams. @internal */
export const upstreamNetworkMembers = {
  upstreamVpc: v.optional(
    v.strictObject({
      vpcId: idOf('vpc', 'VPC'),
      subnetIds: idsOf('subnet', 'subnet', 16),
      securityGroupIds: idsOf('sg', 'security group', 5),
    }),
  ),
  upstreamCa: v.optional(
    v.strictObject({
      secretArn: v.pipe(
        v.string(),
        v.regex(SECRET_ARN, 'must be the complete ARN of a secret, including the six characters at its end'),
      ),
      kmsKeyArn: v.optional(v.pipe(v.string(), v.regex(KEY_ARN, 'must be the ARN of a KMS key'))),
    }),
  ),
};

interface StageOfUpstreams {
  readonly region: string;
  readonly upstreamUrls: readonly string[];
  readonly upstreamVpc: object | undefined;
  readonly upstreamCa: { readonly secretArn: string; readonly kmsKeyArn?: string | undefined } | undefined;
}

/** The first of these options that does not fit the stage, as member and reason. */
export function upstreamConflict({
  region,
  upstreamUrls,
  upstreamVpc,
  upstreamCa,
}: StageOfUpstreams): readonly [member: string, problem: string] | undefined {
  if (upstreamVpc !== undefined && upstreamUrls.length === 0)
    return [
      'upstreamVpc',
      'the stage has no upstream; specify upstreamUrl, analyticsUpstreamUrl or dataRouterUpstreamUrl',
    ];
  if (upstreamCa === undefined) return undefined;
  if (!upstreamUrls.some((url) => url.startsWith('https:')))
    return ['upstreamCa', 'the stage has no upstream with an https address; omit this option'];
  for (const member of ['secretArn', 'kmsKeyArn'] as const)
    if ((upstreamCa[member] ?? `:::${region}`).split(':')[3] !== region)
      return [`upstreamCa.${member}`, `must be in the region of the stage, ${region}`];
  return undefined;
}
