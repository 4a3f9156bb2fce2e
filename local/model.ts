import type { DistributionResource } from './cdn/model.ts';

/**
 * The deployment of the synthesized stacks, with every reference resolved. The local host runs this model and does not know CloudFormation.
 */
export interface Deployment {
  readonly region: string;
  readonly accountId: string;
  readonly functions: readonly FunctionResource[];
  readonly roles: readonly RoleResource[];
  readonly tables: readonly TableResource[];
  readonly secrets: readonly SecretResource[];
  readonly kmsKeys: readonly KmsKeyResource[];
  readonly groups: readonly GroupResource[];
  readonly restApis: readonly RestApiResource[];
  /** Undefined: the stage has no web. */
  readonly distribution: DistributionResource | undefined;
  /** For the function that uploads the distribution's files; the host does its work itself. */
  readonly uploadRole: RoleResource | undefined;
  /** Stack outputs by output key, of all stacks. */
  readonly outputs: ReadonlyMap<string, string>;
}

export interface FunctionResource {
  readonly logicalId: string;
  readonly functionName: string;
  readonly arn: string;
  /** Absolute folder of the bundled asset. */
  readonly assetDirectory: string;
  /** `index.handler` */
  readonly handler: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
  /** How many executions are reserved for it, which is also its maximum; undefined: it shares the unreserved ones. */
  readonly reservedConcurrency?: number | undefined;
  readonly roleArn: string;
  /** Who may invoke it, from AWS::Lambda::Permission. */
  readonly permissions: readonly { readonly principal: string; readonly sourceArn: string | undefined }[];
}

export interface PolicyStatement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Principal?: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | boolean | readonly string[]>>>>;
  readonly Sid?: string;
}

export interface PolicyDocument {
  readonly Version?: string;
  readonly Statement: readonly PolicyStatement[];
}

export interface RoleResource {
  readonly logicalId: string;
  readonly roleName: string;
  readonly arn: string;
  /** Inline and attached policies. Managed policies of AWS are named in `managedPolicyArns` only. */
  readonly policies: readonly PolicyDocument[];
  readonly managedPolicyArns: readonly string[];
  readonly assumeRolePolicy: PolicyDocument;
}

export interface TableResource {
  readonly logicalId: string;
  readonly tableName: string;
  readonly arn: string;
  readonly attributeDefinitions: readonly { readonly AttributeName: string; readonly AttributeType: 'S' | 'N' | 'B' }[];
  readonly keySchema: readonly { readonly AttributeName: string; readonly KeyType: 'HASH' | 'RANGE' }[];
  readonly globalSecondaryIndexes: readonly unknown[];
  readonly timeToLiveAttribute: string | undefined;
  readonly kmsKeyArn: string | undefined;
}

export interface SecretResource {
  readonly logicalId: string;
  readonly name: string;
  readonly arn: string;
  /** GenerateSecretString as it is in the template. */
  readonly generate: Readonly<Record<string, unknown>>;
  /** The text that an operator puts into it. Default: it is generated. */
  readonly text?: string | undefined;
  readonly kmsKeyArn: string | undefined;
  readonly resourcePolicy: PolicyDocument | undefined;
  /** The function that rotates it. */
  readonly rotationFunctionArn: string | undefined;
}

export interface KmsKeyResource {
  readonly logicalId: string;
  readonly keyId: string;
  readonly arn: string;
  readonly keyPolicy: PolicyDocument;
}

export interface GroupResource {
  readonly logicalId: string;
  readonly groupName: string;
  readonly arn: string;
}

export interface RestApiResource {
  readonly logicalId: string;
  readonly apiId: string;
  readonly name: string;
  readonly stageName: string;
  readonly methods: readonly RestMethod[];
  readonly authorizers: ReadonlyMap<string, RestAuthorizer>;
  /** By response type. */
  readonly gatewayResponses: ReadonlyMap<string, GatewayResponse>;
  /** Stage settings by `resourcePath/METHOD`, with `*` wildcards as in MethodSettings. */
  readonly methodSettings: readonly MethodSetting[];
  readonly binaryMediaTypes: readonly string[];
}

export interface RestMethod {
  /** `/things/{proxy+}` */
  readonly path: string;
  readonly httpMethod: string;
  /** Key into `authorizers`; undefined: AuthorizationType NONE. */
  readonly authorizerId: string | undefined;
  readonly integration: Readonly<Record<string, unknown>>;
  /** ARN of the function when the integration is AWS_PROXY. */
  readonly functionArn: string | undefined;
  /**
   * Whether the function's response is streamed.
   * @default it is buffered
   */
  readonly streams?: boolean;
}

export interface RestAuthorizer {
  readonly authorizerId: string;
  readonly name: string;
  readonly functionArn: string;
  /** `method.request.header.Authorization` */
  readonly identitySources: readonly string[];
  readonly resultTtlSeconds: number;
}

export interface GatewayResponse {
  readonly statusCode: string | undefined;
  readonly parameters: Readonly<Record<string, string>>;
  readonly templates: Readonly<Record<string, string>>;
}

export interface MethodSetting {
  readonly resourcePath: string;
  readonly httpMethod: string;
  readonly ratePerSecond: number | undefined;
  readonly burst: number | undefined;
}
