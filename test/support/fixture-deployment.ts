import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Concurrency } from '#local/functions/concurrency.ts';
import { FunctionRuntime } from '#local/functions/function-runtime.ts';
import type { Deployment, FunctionResource, RestApiResource, RestMethod } from '#local/model.ts';

const ACCOUNT = '000000000000';
const REGION = 'us-east-1';
export const API_ID = 'api0000000';

export const functionArn = (name: string): string => `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${name}`;

/** A function whose asset is the given CommonJS source. */
export function fixtureFunction(
  name: string,
  source: string,
  changes: Partial<FunctionResource> = {},
): FunctionResource {
  const assetDirectory = mkdtempSync(join(tmpdir(), `widget-gate-${name}-`));
  mkdirSync(assetDirectory, { recursive: true });
  writeFileSync(join(assetDirectory, 'index.js'), source);
  return {
    logicalId: name,
    functionName: name,
    arn: functionArn(name),
    assetDirectory,
    handler: 'index.handler',
    environment: { OWN: 'variable' },
    timeoutSeconds: 3,
    memoryMegabytes: 128,
    roleArn: `arn:aws:iam::${ACCOUNT}:role/${name}`,
    permissions: [
      { principal: 'apigateway.amazonaws.com', sourceArn: `arn:aws:execute-api:${REGION}:${ACCOUNT}:${API_ID}/*` },
    ],
    ...changes,
  };
}

export const fixtureMethod = (httpMethod: string, path: string, name: string, authorizerId?: string): RestMethod => ({
  path,
  httpMethod,
  authorizerId,
  integration: { Type: 'AWS_PROXY' },
  functionArn: functionArn(name),
});

export const fixtureApi = (changes: Partial<RestApiResource>): RestApiResource => ({
  logicalId: 'Api',
  apiId: API_ID,
  name: 'Api',
  stageName: 'dev',
  methods: [],
  authorizers: new Map(),
  gatewayResponses: new Map(),
  methodSettings: [],
  binaryMediaTypes: [],
  ...changes,
});

export const fixtureDeployment = (functions: readonly FunctionResource[], api: RestApiResource): Deployment => ({
  region: REGION,
  accountId: ACCOUNT,
  functions,
  roles: [],
  tables: [],
  secrets: [],
  kmsKeys: [],
  groups: [],
  restApis: [api],
  distribution: undefined,
  uploadRole: undefined,
  outputs: new Map(),
});

export const fixtureRuntime = (
  deployment: Deployment,
  log: (text: string) => void = () => undefined,
  concurrency?: Concurrency,
): FunctionRuntime =>
  new FunctionRuntime({
    deployment,
    awsEndpoint: 'http://127.0.0.1:9',
    credentialsFor: (roleArn) => ({
      accessKeyId: `id-of-${roleArn}`,
      secretAccessKey: 'secret',
      sessionToken: 'session',
    }),
    log,
    concurrency,
  });
