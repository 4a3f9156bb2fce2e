import { type AwsStandIn, startAws } from './aws/server.ts';
import { Cdn } from './cdn/cdn.ts';
import { absenceOf, clockOffsetOf, FaultInjector, type Faults, readLagOf, stsAnswersXml } from './faults.ts';
import { Concurrency } from './functions/concurrency.ts';
import type { InvocationResult } from './functions/environment-worker.ts';
import { FunctionRuntime, THROTTLED } from './functions/function-runtime.ts';
import { Gateway, type GatewayOptions } from './gateway/gateway.ts';
import { listen } from './listen.ts';
import type { Deployment, RestApiResource } from './model.ts';
import type { AnsweredCall } from './request-line.ts';
import { TemplateError } from './template/intrinsics.ts';

export interface HostOptions {
  readonly deployment: Deployment;
  /** 0: any free port. */
  readonly port: number;
  /** Undefined: keep the state in memory. */
  readonly dataDirectory: string | undefined;
  readonly faults: Faults;
  /** The output of functions and gateway. */
  readonly log: (text: string) => void;
  /** Called after every call that the gateway answered. @default nothing is called */
  readonly onCall?: ((call: AnsweredCall) => void) | undefined;
  /** How many environments of one function run at once. @default 4 */
  readonly maxEnvironments?: number | undefined;
  /** How many executions the account runs at once, as Lambda counts them. @default any number */
  readonly concurrency?: number | undefined;
  /**
   * Paths whose functions and authorizers are started in advance. All others start at their first invocation and end when they are idle,
   * because each uses memory.
   * @default none
   */
  readonly isWarm?: ((path: string) => boolean) | undefined;
}

export interface Host {
  readonly baseUrl: string;
  /** Whether a distribution is in front of the API. */
  readonly hasFront: boolean;
  readonly aws: AwsStandIn;
  /** Of the template's IAM group; empty if it has none. */
  readonly groupName: string;
  /** Invokes a function directly, like an operator with that permission. Throws when it fails. */
  invoke(logicalIdPrefix: string, event: object): Promise<unknown>;
  /** The current faults of AWS and the clock. */
  faults(): Faults;
  /** Sets the faults of AWS and the functions' clock. */
  setFaults(faults: Faults): void;
  /** Waits up to ten seconds for calls in progress, then stops everything. */
  close(): Promise<void>;
}

const CLOSE_MILLISECONDS = 10_000;

/**
 * Runs a deployment on 127.0.0.1: AWS stand-ins first, then the functions' INIT, then the gateway, so that every call finds a ready
 * function.
 */
export async function startHost(options: HostOptions): Promise<Host> {
  refuseInsideLambda();
  const { deployment, port, dataDirectory, log, onCall, maxEnvironments, concurrency, isWarm = () => false } = options;
  const front = frontOf(deployment);
  const executions = new Concurrency(deployment.functions, concurrency);
  const injector = new FaultInjector(options.faults);
  let runtime: FunctionRuntime | undefined;
  const invoke = async (functionArn: string, payload: unknown): Promise<unknown> => {
    if (runtime === undefined) throw new Error('the functions are not ready yet');
    return payloadOf(await runtime.invoke(functionArn, JSON.stringify(payload)));
  };
  const aws = await startAws({
    deployment,
    dataDirectory,
    invoke,
    fault: (service, operation, tables) => injector.inject(service, operation, tables),
    readLag: () => readLagOf(injector.faults),
    absence: () => absenceOf(injector.faults),
    stsAnswersXml: () => stsAnswersXml(injector.faults),
  });
  const functions = new FunctionRuntime({
    deployment,
    awsEndpoint: aws.endpoint,
    credentialsFor: aws.credentialsFor,
    log,
    maxEnvironments,
    concurrency: executions,
  });
  runtime = functions;
  const setFaults = (faults: Faults): void => {
    injector.set(faults);
    functions.setClockOffset(clockOffsetOf(faults));
  };
  setFaults(options.faults);
  const stop = async (): Promise<void> => {
    injector.close();
    await functions.close();
    await aws.close();
  };
  let gateway: Gateway;
  let ownPort: number;
  try {
    gateway = new Gateway({
      deployment,
      api: onlyApi(deployment),
      runtime: functions,
      log,
      onCall,
      front,
    });
    await functions.warm(functionsBehind(onlyApi(deployment), isWarm));
    ownPort = await listen(gateway.server, port, '--port');
  } catch (error) {
    await stop();
    throw error;
  }
  const baseUrl = `http://127.0.0.1:${ownPort}`;
  return {
    baseUrl,
    hasFront: front !== undefined,
    aws,
    groupName: deployment.groups[0]?.groupName ?? '',
    invoke: (prefix, event) => invokeByLogicalId(deployment, functions, prefix, event),
    faults: () => injector.faults,
    setFaults,
    close: async () => {
      await gateway.close(CLOSE_MILLISECONDS);
      await stop();
    },
  };
}

function onlyApi({ restApis }: Deployment): RestApiResource {
  const [api, ...others] = restApis;
  if (api === undefined || others.length > 0)
    throw new TemplateError(`the local host serves one REST API; the template has ${restApis.length}`);
  return api;
}

/** The distribution in front of the served API; one in front of another API is ignored. */
function frontOf(deployment: Deployment): GatewayOptions['front'] {
  const { distribution } = deployment;
  const { apiId } = onlyApi(deployment);
  if (distribution?.behaviors.some(({ origin }) => origin.kind === 'api' && origin.apiId === apiId) !== true)
    return undefined;
  const cdn = new Cdn(distribution);
  return (request, response) => cdn.answer(request, response);
}

/** The functions of some methods, and their authorizers. */
function functionsBehind({ methods, authorizers }: RestApiResource, isWanted: (path: string) => boolean): Set<string> {
  const wanted = methods.filter(({ path }) => isWanted(path));
  const guards = wanted.map(({ authorizerId }) => authorizers.get(authorizerId ?? ''));
  return new Set([...wanted, ...guards].flatMap((part) => part?.functionArn ?? []));
}

/** The stand-ins accept every caller that can reach them: on AWS they would be a back door. */
function refuseInsideLambda(): void {
  if (process.env.AWS_LAMBDA_FUNCTION_NAME !== undefined) throw new Error('the local host does not run inside Lambda');
}

async function invokeByLogicalId(
  deployment: Deployment,
  runtime: FunctionRuntime,
  prefix: string,
  event: object,
): Promise<unknown> {
  const target = deployment.functions.find(({ logicalId }) => logicalId.startsWith(prefix));
  if (target === undefined) throw new Error(`there is no function ${prefix}`);
  return payloadOf(await runtime.invoke(target.arn, JSON.stringify(event)));
}

function payloadOf(result: InvocationResult): unknown {
  if (result.ok) return JSON.parse(result.payloadJson);
  if (result === THROTTLED) throw Object.assign(new Error(THROTTLED.errorMessage), { name: THROTTLED.errorType });
  throw new Error(`the function failed: ${result.errorType}: ${result.errorMessage}`);
}
