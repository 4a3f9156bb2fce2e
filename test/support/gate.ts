import { isCalledByShops, loadStage } from '#bin/start/stage.ts';
import { prepareHmacKey } from '#lambda/crypto/hmac.ts';
import { mintWidgetToken } from '#lambda/widget-tokens/widget-token.ts';
import { parseFaults } from '#local/faults.ts';
import { type Host, startHost } from '#local/host.ts';
import type { Deployment } from '#local/model.ts';
import { synthesize } from '#local/synthesize.ts';
import type { AwsUser } from './admin.ts';
import { type Administer, administratorOf } from './administer.ts';
import { callHttp, type HttpAnswer, type HttpCall } from './http.ts';

export interface TestShop {
  readonly shopId: string;
  readonly apiKey: string;
  readonly url: string;
}

/** A gate, of the dev stage by default, on a free port, with one shop; what a test does with it goes over HTTP. */
export interface RunningGate {
  readonly host: Host;
  readonly deployment: Deployment;
  readonly shop: TestShop;
  call(call: HttpCall): Promise<HttpAnswer>;
  readonly administer: Administer;
  createShop(url: string, more?: object): Promise<TestShop>;
  issueToken(): Promise<string>;
  /** Signs as a shop's own server may: `offsetSeconds` from now, with this key, for this shop. */
  signToken(offsetSeconds?: number, apiKey?: string, shopId?: string): string;
  session(token: string): Promise<HttpAnswer>;
  /** An IAM user with an access key, in the administrators' group or not. */
  createUser(userName: string, isAdmin: boolean): AwsUser;
  close(): Promise<void>;
}

export interface GateOptions {
  readonly faults?: string;
  /** A shop that the data directory already has. */
  readonly shop?: TestShop;
  readonly dataDirectory?: string;
  /** @default dev */
  readonly stage?: string;
  /** A deployment in place of the stage's. */
  readonly deployment?: Deployment;
  /** Environment variables that the functions get in place of the stage's own. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly log?: (text: string) => void;
  /** How many environments of one function run at once. @default as the host's */
  readonly maxEnvironments?: number;
  /** How many executions the account runs at once. @default any number */
  readonly concurrency?: number;
  /** Executions that functions reserve, by the beginning of their logical id. @default as the stage says */
  readonly reservedConcurrency?: Readonly<Record<string, number>>;
}

export async function startGate({
  faults = '',
  dataDirectory,
  shop: existing,
  stage = 'dev',
  deployment: given,
  environment = {},
  log = () => undefined,
  maxEnvironments,
  concurrency,
  reservedConcurrency = {},
}: GateOptions = {}): Promise<RunningGate> {
  const loaded = withEnvironment(given ?? loadStage(await synthesize(stage)), environment);
  const deployment = withReservedConcurrency(loaded, reservedConcurrency);
  const host = await startHost({
    isWarm: isCalledByShops,
    deployment,
    port: 0,
    dataDirectory,
    faults: parseFaults(faults),
    log,
    maxEnvironments,
    concurrency,
  });
  const administer = administratorOf(host);
  const createShop = async (url: string, more: object = {}): Promise<TestShop> => {
    const created = await administer({ action: 'create-shop', url, ...more });
    if (!created.ok) throw new Error(JSON.stringify(created));
    return created as unknown as TestShop;
  };
  const shop = existing ?? (await createShop('https://shop.example.com'));
  const call = (request: HttpCall): Promise<HttpAnswer> => callHttp(host.baseUrl, request);
  return {
    host,
    deployment,
    shop,
    call,
    administer,
    createShop,
    issueToken: async () => {
      const { json } = await call({
        method: 'POST',
        path: `/api/shops/${shop.shopId}/widget-token`,
        headers: [['X-Shop-API-Key', shop.apiKey]],
      });
      return String(json.token);
    },
    signToken: (offsetSeconds = 0, apiKey = shop.apiKey, shopId = shop.shopId) =>
      mintWidgetToken(shopId, Math.floor(Date.now() / 1_000) + offsetSeconds, prepareHmacKey(Buffer.from(apiKey))),
    createUser: (userName, isAdmin) => {
      const { users } = host.aws;
      users.create(userName);
      if (isAdmin) users.addToGroup(userName, deployment.groups[0]?.groupName ?? '');
      return { userName, ...users.createAccessKey(userName) };
    },
    session: (token) => call({ path: '/api/widget/session', headers: [['X-Widget-Token', token]] }),
    close: () => host.close(),
  };
}

const withEnvironment = (deployment: Deployment, environment: Readonly<Record<string, string>>): Deployment => ({
  ...deployment,
  functions: deployment.functions.map((each) => ({ ...each, environment: { ...each.environment, ...environment } })),
});

const withReservedConcurrency = (deployment: Deployment, reserved: Readonly<Record<string, number>>): Deployment => ({
  ...deployment,
  functions: deployment.functions.map((each) => {
    const [, reservedConcurrency] = Object.entries(reserved).find(([id]) => each.logicalId.startsWith(id)) ?? [];
    return reservedConcurrency === undefined ? each : { ...each, reservedConcurrency };
  }),
});
