import type {
  Deployment,
  FunctionResource,
  PolicyDocument,
  RoleResource,
  SecretResource,
  TableResource,
} from './model.ts';
import { readAssembly, type Stack } from './template/assembly.ts';
import { checkKnown } from './template/check-known.ts';
import { readDistribution } from './template/distributions.ts';
import { secretName } from './template/identities.ts';
import { Resolver, TemplateError } from './template/intrinsics.ts';
import type { ResolvedResource } from './template/resolved-resource.ts';
import { readRestApis } from './template/rest-apis.ts';
import { uploadFunctions } from './template/uploads.ts';

export interface LoadOptions {
  /** Names of stacks that are not run here. @default all are run */
  readonly without?: RegExp;
  readonly accountId?: string;
}

/**
 * Loads a synthesized cloud assembly as the model that the local host runs. Throws `TemplateError` for any unknown resource type, property
 * or intrinsic function, so that what runs here cannot differ silently from what is deployed.
 */
export function loadDeployment(
  assemblyDirectory: string,
  { without, accountId = '000000000000' }: LoadOptions = {},
): Deployment {
  const stacks = readAssembly(assemblyDirectory).filter(({ name }) => without?.test(name) !== true);
  for (const stack of stacks) checkKnown(stack);
  const resolver = new Resolver(stacks, accountId);
  const resources = stacks.flatMap((stack) => resolveResources(stack, resolver));
  const ofType = (type: string): ResolvedResource[] => resources.filter((resource) => resource.type === type);
  const region = stacks[0]?.region;
  if (region === undefined) throw new TemplateError(`there is no stack in ${assemblyDirectory}`);
  const uploaders = uploadFunctions(resources);
  const uploadRoleArn = ofType('AWS::Lambda::Function').find(({ arn }) => uploaders.has(arn))?.properties.Role;
  const roles = ofType('AWS::IAM::Role').map((resource) => readRole(resource, ofType('AWS::IAM::Policy')));
  const functions = ofType('AWS::Lambda::Function')
    .filter(({ arn }) => !uploaders.has(arn))
    .map((resource) => readFunction(resource, ofType('AWS::Lambda::Permission')));
  const restApis = readRestApis(resources);
  const groups = ofType('AWS::IAM::Group').map(({ logicalId, ref, arn }) => ({ logicalId, groupName: ref, arn }));
  return {
    region,
    accountId,
    functions,
    roles: roles.filter(({ arn }) => arn !== uploadRoleArn),
    tables: ofType('AWS::DynamoDB::GlobalTable').map(readTable),
    secrets: ofType('AWS::SecretsManager::Secret').map((resource) =>
      readSecret(
        resource,
        ofType('AWS::SecretsManager::ResourcePolicy'),
        ofType('AWS::SecretsManager::RotationSchedule'),
      ),
    ),
    kmsKeys: ofType('AWS::KMS::Key').map(({ logicalId, ref, arn, properties }) => ({
      logicalId,
      keyId: ref,
      arn,
      keyPolicy: properties.KeyPolicy as PolicyDocument,
    })),
    groups,
    restApis,
    distribution: readDistribution(resources, restApis),
    uploadRole: roles.find(({ arn }) => arn === uploadRoleArn),
    outputs: new Map(
      stacks.flatMap((stack) =>
        Object.entries(stack.template.Outputs ?? {}).map(
          ([key, { Value }]) => [key, String(resolver.resolve(Value, stack))] as const,
        ),
      ),
    ),
  };
}

function resolveResources(stack: Stack, resolver: Resolver): ResolvedResource[] {
  return Object.entries(stack.template.Resources).map(([logicalId, { Type: type, Properties = {} }]) => {
    const { ref, attributes } = resolver.identity(stack, logicalId);
    const properties = resolver.resolve(Properties, stack) as ResolvedResource['properties'];
    return { stack, logicalId, type, ref, arn: attributes.Arn ?? ref, attributes, properties };
  });
}

function readFunction(resource: ResolvedResource, permissions: readonly ResolvedResource[]): FunctionResource {
  const { logicalId, ref, arn, properties, stack } = resource;
  const assetDirectory = stack.assets.get(properties.Code.S3Key);
  if (assetDirectory === undefined)
    throw new TemplateError(`${logicalId}: its code is not a file asset of this assembly`);
  if (properties.Layers !== undefined) throw new TemplateError(`${logicalId}: the local host does not support layers`);
  if (properties.Runtime !== 'nodejs24.x') throw new TemplateError(`${logicalId}: the local host runs nodejs24.x only`);
  return {
    logicalId,
    functionName: ref,
    arn,
    assetDirectory,
    handler: properties.Handler,
    environment: properties.Environment?.Variables ?? {},
    // Lambda's defaults.
    timeoutSeconds: properties.Timeout ?? 3,
    memoryMegabytes: properties.MemorySize ?? 128,
    reservedConcurrency: properties.ReservedConcurrentExecutions,
    roleArn: properties.Role,
    permissions: permissions
      .filter(
        ({ properties: permission }) =>
          permission.FunctionName === arn && permission.Action === 'lambda:InvokeFunction',
      )
      .map(({ properties: permission }) => ({ principal: permission.Principal, sourceArn: permission.SourceArn })),
  };
}

function readRole(
  { logicalId, ref, arn, properties }: ResolvedResource,
  policies: readonly ResolvedResource[],
): RoleResource {
  const inline = ((properties.Policies ?? []) as { PolicyDocument: PolicyDocument }[]).map(
    ({ PolicyDocument }) => PolicyDocument,
  );
  const attached = policies
    .filter(({ properties: policy }) => policy.Roles.includes(ref))
    .map(({ properties: policy }) => policy.PolicyDocument);
  return {
    logicalId,
    roleName: ref,
    arn,
    policies: [...inline, ...attached],
    managedPolicyArns: properties.ManagedPolicyArns ?? [],
    assumeRolePolicy: properties.AssumeRolePolicyDocument,
  };
}

function readTable({ logicalId, ref, arn, properties, stack }: ResolvedResource): TableResource {
  const timeToLive = properties.TimeToLiveSpecification;
  const replica = properties.Replicas.find(({ Region }: { Region: string }) => Region === stack.region);
  return {
    logicalId,
    tableName: ref,
    arn,
    attributeDefinitions: properties.AttributeDefinitions,
    keySchema: properties.KeySchema,
    globalSecondaryIndexes: properties.GlobalSecondaryIndexes ?? [],
    timeToLiveAttribute: timeToLive?.Enabled === true ? timeToLive.AttributeName : undefined,
    kmsKeyArn: replica?.SSESpecification?.KMSMasterKeyId,
  };
}

function readSecret(
  { logicalId, ref, properties, stack }: ResolvedResource,
  policies: readonly ResolvedResource[],
  schedules: readonly ResolvedResource[],
): SecretResource {
  return {
    logicalId,
    name: secretName(`${stack.name}-${logicalId}`, properties),
    arn: ref,
    generate: properties.GenerateSecretString,
    kmsKeyArn: properties.KmsKeyId,
    resourcePolicy: policies.find(({ properties: policy }) => policy.SecretId === ref)?.properties.ResourcePolicy,
    rotationFunctionArn: schedules.find(({ properties: schedule }) => schedule.SecretId === ref)?.properties
      .RotationLambdaARN,
  };
}
