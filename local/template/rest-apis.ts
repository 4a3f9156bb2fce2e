import type { GatewayResponse, MethodSetting, RestApiResource, RestAuthorizer, RestMethod } from '../model.ts';
import { TemplateError } from './intrinsics.ts';
import type { ResolvedResource } from './resolved-resource.ts';

const FUNCTION_IN_URI = /\/2015-03-31\/functions\/(arn:aws:lambda:[^/]+)\/invocations$/;
const STREAMING_FUNCTION_IN_URI = /\/2021-11-15\/functions\/(arn:aws:lambda:[^/]+)\/response-streaming-invocations$/;

/** The REST APIs of a deployment, each with what belongs to it. */
export function readRestApis(resources: readonly ResolvedResource[]): RestApiResource[] {
  return resources
    .filter(({ type }) => type === 'AWS::ApiGateway::RestApi')
    .map((api) =>
      readRestApi(
        api,
        resources.filter(({ properties }) => properties.RestApiId === api.ref),
      ),
    );
}

function readRestApi(api: ResolvedResource, members: readonly ResolvedResource[]): RestApiResource {
  const ofType = (type: string): ResolvedResource[] =>
    members.filter((member) => member.type === `AWS::ApiGateway::${type}`);
  const [stage, ...otherStages] = ofType('Stage');
  if (stage === undefined || otherStages.length > 0)
    throw new TemplateError(`${api.logicalId}: the local host needs exactly one stage`);
  const paths = pathsById(api, ofType('Resource'));
  return {
    logicalId: api.logicalId,
    apiId: api.ref,
    name: api.properties.Name,
    stageName: stage.ref,
    methods: ofType('Method').map((method) => readMethod(method, paths)),
    authorizers: new Map(ofType('Authorizer').map((authorizer) => [authorizer.ref, readAuthorizer(authorizer)])),
    gatewayResponses: new Map(
      ofType('GatewayResponse').map(({ properties }) => [properties.ResponseType, readResponse(properties)]),
    ),
    methodSettings: ((stage.properties.MethodSettings ?? []) as Record<string, never>[]).map(readSetting),
    binaryMediaTypes: api.properties.BinaryMediaTypes ?? [],
  };
}

function pathsById(api: ResolvedResource, resources: readonly ResolvedResource[]): Map<string, string> {
  const parents = new Map(resources.map(({ ref, properties }) => [ref, properties]));
  const pathOf = (id: string): string => {
    const resource = parents.get(id);
    return resource === undefined ? '' : `${pathOf(resource.ParentId)}/${resource.PathPart}`;
  };
  return new Map([[`root-${api.ref}`, '/'], ...resources.map(({ ref }) => [ref, pathOf(ref)] as const)]);
}

function readMethod({ logicalId, properties }: ResolvedResource, paths: ReadonlyMap<string, string>): RestMethod {
  const { AuthorizationType, AuthorizerId, HttpMethod, Integration, ResourceId, ApiKeyRequired } = properties;
  if (!['NONE', 'CUSTOM'].includes(AuthorizationType) || ApiKeyRequired === true) {
    throw new TemplateError(`${logicalId}: the local host knows the authorization NONE and CUSTOM only`);
  }
  if (!['AWS_PROXY', 'MOCK'].includes(Integration.Type)) {
    throw new TemplateError(`${logicalId}: the local host does not know the integration ${Integration.Type}`);
  }
  const { Type, Uri, ResponseTransferMode = 'BUFFERED' } = Integration;
  if (!['BUFFERED', 'STREAM'].includes(ResponseTransferMode))
    throw new TemplateError(`${logicalId}: API Gateway has no response transfer mode ${ResponseTransferMode}`);
  const streams = ResponseTransferMode === 'STREAM';
  const path = paths.get(ResourceId);
  if (path === undefined) throw new TemplateError(`${logicalId}: its resource is not of its API`);
  return {
    path,
    httpMethod: HttpMethod,
    authorizerId: AuthorizationType === 'CUSTOM' ? AuthorizerId : undefined,
    integration: Integration,
    functionArn: Type === 'AWS_PROXY' ? functionArnOf(logicalId, Uri, streams) : undefined,
    streams,
  };
}

function readAuthorizer({ logicalId, ref, properties }: ResolvedResource): RestAuthorizer {
  if (properties.Type !== 'REQUEST')
    throw new TemplateError(`${logicalId}: the local host knows REQUEST authorizers only`);
  return {
    authorizerId: ref,
    name: properties.Name,
    functionArn: functionArnOf(logicalId, properties.AuthorizerUri),
    identitySources: String(properties.IdentitySource ?? '')
      .split(',')
      .filter((source) => source !== ''),
    resultTtlSeconds: properties.AuthorizerResultTtlInSeconds ?? 300,
  };
}

/** A method that streams calls another operation of Lambda than one that does not. */
function functionArnOf(logicalId: string, uri: unknown, streams = false): string {
  const arn = (streams ? STREAMING_FUNCTION_IN_URI : FUNCTION_IN_URI).exec(String(uri))?.[1];
  if (arn === undefined) throw new TemplateError(`${logicalId}: ${String(uri)} names no function`);
  return arn;
}

const readResponse = (properties: ResolvedResource['properties']): GatewayResponse => ({
  statusCode: properties.StatusCode,
  parameters: properties.ResponseParameters ?? {},
  templates: properties.ResponseTemplates ?? {},
});

const readSetting = (setting: Record<string, never>): MethodSetting => ({
  // CloudFormation writes the slashes of a path as ~1.
  resourcePath: String(setting.ResourcePath).replace(/^\//, '').replaceAll('~1', '/'),
  httpMethod: String(setting.HttpMethod),
  ratePerSecond: setting.ThrottlingRateLimit,
  burst: setting.ThrottlingBurstLimit,
});
