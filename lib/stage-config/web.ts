import * as v from 'valibot';

/** A custom domain for the web. */
export interface WebDomainOption {
  readonly name: string;
  /** An ACM certificate for the name, in us-east-1, where CloudFront looks for it. */
  readonly certificateArn: string;
  /** The public Route 53 zone that gets the name's records. Default: none; you create them. */
  readonly hostedZoneId?: string | undefined;
}

/** Widget, console and API under one name, by CloudFront. */
export interface WebOption {
  /** Default: CloudFront's own name. */
  readonly domain?: WebDomainOption | undefined;
}

/** The region of CloudFront's certificates and web ACLs, whatever the stage's region. */
export const CLOUDFRONT_REGION = 'us-east-1';
/** China has a separate CloudFront with other features, and GovCloud has none. */
const WITHOUT_CLOUDFRONT = /^(cn|us-gov)-/;

/**
 * The member `web`: on, off, or on with a domain, whose schema is given.
 * @internal
 */
export const webMember = <Domain extends v.GenericSchema>(domain: Domain) =>
  v.optional(
    v.lazy((input) =>
      typeof input === 'boolean' ? v.boolean() : v.strictObject({ domain: v.optional(domain) }),
    ) as v.GenericSchema<boolean | { domain?: v.InferInput<Domain> }, boolean | { domain?: v.InferOutput<Domain> }>,
  );

/** The value of `web` in a stage, and the other conditions for it. */
export interface WebOfStage {
  readonly web: boolean | WebOption | undefined;
  readonly region: string;
  readonly private: object | undefined;
  readonly domain: { readonly name: string } | undefined;
}

/** The web of a stage: on if it is possible, unless turned off. */
export function webOf({ web = true, ...stage }: WebOfStage): WebOption | undefined {
  if (web === false || (web === true && problemOf(stage) !== undefined)) return undefined;
  return web === true ? { domain: undefined } : web;
}

/** Why a stage cannot have the requested web, as member and reason. */
export function webConflict({ web, ...stage }: WebOfStage): readonly [member: string, problem: string] | undefined {
  if (web === undefined || web === false) return undefined;
  const problem = problemOf(stage);
  if (problem !== undefined) return ['web', problem];
  const domain = web === true ? undefined : web.domain;
  if (domain === undefined) return undefined;
  if (domain.certificateArn.split(':')[3] !== CLOUDFRONT_REGION)
    return ['web.domain.certificateArn', `CloudFront uses only certificates of ${CLOUDFRONT_REGION} only`];
  if (domain.name === stage.domain?.name)
    return ['web.domain.name', 'is already the name of the API; specify another name for the web, or omit domain'];
  return undefined;
}

function problemOf({ region, private: hidden }: Omit<WebOfStage, 'web'>): string | undefined {
  if (hidden !== undefined) return 'CloudFront cannot reach a private API; omit web or private';
  if (WITHOUT_CLOUDFRONT.test(region)) return `CloudFront is not available in ${region}; omit web`;
  return undefined;
}
