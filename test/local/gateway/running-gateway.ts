import type { AddressInfo } from 'node:net';
import { Concurrency } from '#local/functions/concurrency.ts';
import { Gateway } from '#local/gateway/gateway.ts';
import type { FunctionResource, RestApiResource, RestAuthorizer } from '#local/model.ts';
import { fixtureApi, fixtureDeployment, fixtureRuntime, functionArn } from '#test/support/fixture-deployment.ts';
import { callHttp, type HttpAnswer, type HttpCall } from '#test/support/http.ts';

export interface RunningGateway {
  readonly gateway: Gateway;
  readonly port: number;
  readonly logged: readonly string[];
  call(request: HttpCall): Promise<HttpAnswer>;
  close(): Promise<void>;
}

/** A gateway of this API on a free port, its functions in workers. */
export async function runGateway(
  functions: readonly FunctionResource[],
  changes: Partial<RestApiResource>,
  now: () => number = Date.now,
  concurrency?: number,
): Promise<RunningGateway> {
  const api = fixtureApi(changes);
  const deployment = fixtureDeployment(functions, api);
  const runtime = fixtureRuntime(deployment, undefined, new Concurrency(functions, concurrency));
  const logged: string[] = [];
  const gateway = new Gateway({ deployment, api, runtime, log: (text) => logged.push(text), now });
  await new Promise<void>((resolve) => gateway.server.listen(0, '127.0.0.1', resolve));
  const { port } = gateway.server.address() as AddressInfo;
  return {
    gateway,
    port,
    logged,
    call: (request) => callHttp(`http://127.0.0.1:${port}`, request),
    close: async () => {
      await gateway.close(0);
      await runtime.close();
    },
  };
}

/** Asks the function of its name, for every call. */
export const fixtureAuthorizer = (name: string, changes: Partial<RestAuthorizer> = {}): RestAuthorizer => ({
  authorizerId: name,
  name,
  functionArn: functionArn(name),
  identitySources: ['method.request.header.Token'],
  resultTtlSeconds: 0,
  ...changes,
});
