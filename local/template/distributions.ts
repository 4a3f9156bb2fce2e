import type { ApiOrigin, CacheBehavior, DistributionResource, FilesOrigin } from '../cdn/model.ts';
import type { RestApiResource } from '../model.ts';
import { readAddedHeaders } from './added-headers.ts';
import { refuseUnknown } from './check-known.ts';
import { TemplateError } from './intrinsics.ts';
import type { ResolvedResource } from './resolved-resource.ts';
import { objectsOf } from './uploads.ts';

type Json = ResolvedResource['properties'];

/** Properties of a distribution without an effect here: caching, compression, encryption, protocols, and names. */
const DISTRIBUTION = [
  'CacheBehaviors',
  'Comment',
  'CustomErrorResponses',
  'DefaultCacheBehavior',
  'Enabled',
  'HttpVersion',
  'IPV6Enabled',
  'Origins',
];
const BEHAVIOR = [
  'AllowedMethods',
  'CachePolicyId',
  'Compress',
  'FunctionAssociations',
  'OriginRequestPolicyId',
  'PathPattern',
  'ResponseHeadersPolicyId',
  'TargetOriginId',
  'ViewerProtocolPolicy',
];
const ORIGIN = ['CustomOriginConfig', 'DomainName', 'Id', 'OriginAccessControlId', 'OriginPath', 'S3OriginConfig'];
/** An API detects CloudFront by its custom headers. Here the gateway sees callers' own addresses, so it gets no such header. */
const API_ORIGIN = [...ORIGIN, 'OriginCustomHeaders'];

/** The distribution of a deployment, if it has one. Throws `TemplateError` for unknown parts. */
export function readDistribution(
  resources: readonly ResolvedResource[],
  restApis: readonly RestApiResource[],
): DistributionResource | undefined {
  const [found, ...others] = resources.filter(({ type }) => type === 'AWS::CloudFront::Distribution');
  if (found === undefined) return undefined;
  const { logicalId, ref, properties } = found;
  if (others.length > 0) throw new TemplateError(`${logicalId}: the local host serves one distribution`);
  const config: Json = properties.DistributionConfig;
  refuseUnknown(`${logicalId}: the local host does not know DistributionConfig.`, Object.keys(config), DISTRIBUTION);
  for (const error of (config.CustomErrorResponses ?? []) as object[])
    refuseUnknown(`${logicalId}: the local host changes no answers by`, Object.keys(error), [
      'ErrorCode',
      'ErrorCachingMinTTL',
    ]);
  const origins = new Map(
    (config.Origins as Json[]).map((origin) => [origin.Id, readOrigin(origin, resources, restApis)]),
  );
  const behaviors = [...(config.CacheBehaviors ?? []), { ...config.DefaultCacheBehavior, PathPattern: '*' }];
  return {
    logicalId,
    distributionId: ref,
    domainName: found.attributes.DomainName ?? '',
    behaviors: behaviors.map((behavior) => readBehavior(behavior, origins, resources)),
  };
}

function readOrigin(
  origin: Json,
  resources: readonly ResolvedResource[],
  restApis: readonly RestApiResource[],
): ApiOrigin | FilesOrigin {
  const { DomainName: domain, OriginPath: path = '' } = origin;
  const api = restApis.find(
    ({ apiId, stageName }) => domain.startsWith(`${apiId}.execute-api.`) && path === `/${stageName}`,
  );
  const refuse = (known: readonly string[]): void =>
    refuseUnknown(`${origin.Id}: the local host does not know Origins.`, Object.keys(origin), known);
  refuse(API_ORIGIN);
  if (api !== undefined) return { kind: 'api', apiId: api.apiId };
  const bucket = resources.find(({ type, ref }) => type === 'AWS::S3::Bucket' && domain.startsWith(`${ref}.s3.`));
  if (bucket === undefined || path !== '')
    throw new TemplateError(`${origin.Id}: ${domain}${path} is neither an API's stage nor a bucket of the template`);
  refuse(ORIGIN);
  const { logicalId, arn, ref } = bucket;
  return { kind: 'files', bucket: { logicalId, arn }, objects: objectsOf(ref, resources) };
}

function readBehavior(
  behavior: Json,
  origins: ReadonlyMap<string, ApiOrigin | FilesOrigin>,
  resources: readonly ResolvedResource[],
): CacheBehavior {
  const { PathPattern: pathPattern, ResponseHeadersPolicyId: policyId, FunctionAssociations = [] } = behavior;
  refuseUnknown(`${pathPattern}: the local host does not know a behavior's`, Object.keys(behavior), BEHAVIOR);
  const origin = origins.get(behavior.TargetOriginId);
  if (origin === undefined) throw new TemplateError(`${pathPattern}: it has no origin ${behavior.TargetOriginId}`);
  const policy = resources.find(
    ({ type, ref }) => type === 'AWS::CloudFront::ResponseHeadersPolicy' && ref === policyId,
  );
  if (policy === undefined && policyId !== undefined)
    throw new TemplateError(`${pathPattern}: the template has no policy ${policyId}`);
  const headers = policy === undefined ? [] : readAddedHeaders(policy);
  if (origin.kind === 'api' && headers.length > 0)
    throw new TemplateError(`${pathPattern}: the local host adds no headers to the API's answers`);
  for (const { EventType, FunctionARN } of FunctionAssociations as FunctionAssociation[]) {
    const found = resources.find(({ attributes }) => attributes.FunctionARN === FunctionARN);
    const isKnown = EventType === 'viewer-request' || (EventType === 'viewer-response' && origin.kind === 'files');
    if (!isKnown || found?.properties.FunctionConfig?.Runtime !== 'cloudfront-js-2.0')
      throw new TemplateError(
        `${pathPattern}: the local host runs cloudfront-js-2.0 functions on requests, and on responses that are files`,
      );
  }
  return {
    pathPattern,
    methods: behavior.AllowedMethods ?? ['GET', 'HEAD'],
    origin,
    headers,
    viewerRequestCode: readCode('viewer-request', FunctionAssociations, resources),
    viewerResponseCode: readCode('viewer-response', FunctionAssociations, resources),
  };
}

interface FunctionAssociation {
  readonly EventType: string;
  readonly FunctionARN: string;
}

function readCode(
  eventType: string,
  associations: readonly FunctionAssociation[],
  resources: readonly ResolvedResource[],
): string | undefined {
  const [association] = associations.filter(({ EventType }) => EventType === eventType);
  if (association === undefined) return undefined;
  const found = resources.find(({ attributes }) => attributes.FunctionARN === association.FunctionARN);
  return found?.properties.FunctionCode;
}
