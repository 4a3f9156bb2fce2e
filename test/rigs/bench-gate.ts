import { isCalledByShops, loadStage } from '#bin/start/stage.ts';
import { type Host, startHost } from '#local/host.ts';
import type { Deployment, FunctionResource } from '#local/model.ts';
import { synthesize } from '#local/synthesize.ts';
import { type Administer, administratorOf } from '../support/administer.ts';

export interface BenchGate {
  readonly host: Host;
  readonly deployment: Deployment;
  readonly administer: Administer;
  readonly shop: { readonly shopId: string; readonly apiKey: string };
  close(): Promise<void>;
}

/**
 * The dev stage in this process, in memory, without its throttles: those would be what is measured. `environment` holds variables of every
 * function beside those of the template.
 */
export async function startBenchGate(environment: Readonly<Record<string, string>> = {}): Promise<BenchGate> {
  const loaded = loadStage(await synthesize('dev'));
  const deployment = {
    ...loaded,
    restApis: loaded.restApis.map((api) => ({ ...api, methodSettings: [] })),
    functions: loaded.functions.map((one) => ({ ...one, environment: { ...one.environment, ...environment } })),
  };
  const host = await startHost({
    isWarm: isCalledByShops,
    deployment,
    port: 0,
    dataDirectory: undefined,
    faults: new Map(),
    log: () => undefined,
  });
  const administer = administratorOf(host);
  const shop = (await administer({
    action: 'create-shop',
    url: 'https://shop.example.com',
  })) as unknown as BenchGate['shop'];
  return {
    host,
    deployment,
    administer,
    shop,
    close: () => host.close(),
  };
}

export function functionNamed({ deployment }: Pick<BenchGate, 'deployment'>, prefix: string): FunctionResource {
  const found = deployment.functions.find(({ logicalId }) => logicalId.startsWith(prefix));
  if (found === undefined) throw new Error(`there is no function ${prefix}`);
  return found;
}

/** What a function finds in its environment, for running its bundle outside of the host's workers. */
export function environmentOf(
  { host, deployment }: Pick<BenchGate, 'host' | 'deployment'>,
  { environment, roleArn }: FunctionResource,
): Record<string, string> {
  const { accessKeyId, secretAccessKey, sessionToken } = host.aws.credentialsFor(roleArn);
  return {
    ...environment,
    AWS_REGION: deployment.region,
    AWS_ENDPOINT_URL: host.aws.endpoint,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
    AWS_CONFIG_FILE: '/nonexistent',
    AWS_SHARED_CREDENTIALS_FILE: '/nonexistent',
  };
}

/** A REQUEST authorizer's event with the headers that a browser sends. */
export const authorizerEvent = (token: string) => ({
  type: 'REQUEST',
  methodArn: 'arn:aws:execute-api:us-east-1:000000000000:abcdef1234/dev/GET/api/widget/session',
  resource: '/api/widget/{proxy+}',
  path: '/api/widget/session',
  httpMethod: 'GET',
  multiValueHeaders: Object.fromEntries(
    Object.entries({
      Host: 'abcdef1234.execute-api.us-east-1.amazonaws.com',
      'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36',
      Accept: '*/*',
      'Accept-Encoding': 'gzip, deflate, br, zstd',
      'Accept-Language': 'en-US,en;q=0.9',
      Origin: 'https://shop.example.com',
      Referer: 'https://shop.example.com/',
      'Sec-Fetch-Dest': 'empty',
      'Sec-Fetch-Mode': 'cors',
      'Sec-Fetch-Site': 'cross-site',
      'X-Widget-Token': token,
      'X-Forwarded-For': '192.0.2.1',
    }).map(([name, value]) => [name, [value]]),
  ),
  requestContext: { requestId: 'bench' },
});
