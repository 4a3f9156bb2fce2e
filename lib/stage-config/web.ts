import * as v from 'valibot';

/** A name of your own for the web. */
export interface WebDomainOption {
  readonly name: string;
  /** An ACM certificate for the name, in us-east-1, where CloudFront looks for it. */
  readonly certificateArn: string;
  /** The public Route 53 zone that gets the name's records. Default: you make them. */
  readonly hostedZoneId?: string | undefined;
}

/** Widget, console and API under one name, by CloudFront. */
export interface WebOption {
  /** Default: CloudFront's own name. */
  readonly domain?: WebDomainOption | undefined;
}

/** Where CloudFront takes certificates and web ACLs from, whatever the stage's region. */
export const CLOUDFRONT_REGION = 'us-east-1';
/** China has a CloudFront of its own, with other features, and GovCloud has none. */
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

/** What a stage says of `web`, and what else decides whether it can have one. */
export interface WebOfStage {
  readonly web: boolean | WebOption | undefined;
  readonly region: string;
  readonly private: object | undefined;
  readonly domain: { readonly name: string } | undefined;
}

/** The web of a stage: on where it can be, unless turned off. */
export function webOf({ web = true, ...stage }: WebOfStage): WebOption | undefined {
  if (web === false || (web === true && problemOf(stage) !== undefined)) return undefined;
  return web === true ? { domain: undefined } : web;
}

/** Why a stage can't have the web that it asks for, as member and reason. */
export function webConflict({ web, ...stage }: WebOfStage): readonly [member: string, problem: string] | undefined {
  if (web === undefined || web === false) return undefined;
  const problem = problemOf(stage);
  if (problem !== undefined) return ['web', problem];
  const domain = web === true ? undefined : web.domain;
  if (domain === undefined) return undefined;
  if (domain.certificateArn.split(':')[3] !== CLOUDFRONT_REGION)
    return ['web.domain.certificateArn', `CloudFront takes certificates of ${CLOUDFRONT_REGION} only`];
  if (domain.name === stage.domain?.name)
    return ['web.domain.name', 'is the API’s own name already; give the web another, or leave domain out'];
  return undefined;
}

function problemOf({ region, private: hidden }: Omit<WebOfStage, 'web'>): string | undefined {
  if (hidden !== undefined) return 'CloudFront can’t reach a private API; leave one of web and private out';
  if (WITHOUT_CLOUDFRONT.test(region)) return `there is no CloudFront for ${region}; leave web out`;
  return undefined;
}
