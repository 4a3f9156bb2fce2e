import { randomUUID } from 'node:crypto';
import type { Deployment, FunctionResource } from '../model.ts';
import { Concurrency } from './concurrency.ts';
import type { InvocationResult, ResponseReader } from './environment-worker.ts';
import { DEFAULT_MAX_ENVIRONMENTS, FunctionPool } from './function-pool.ts';
import { createClockOffset, setClockOffset } from './shifted-clock.ts';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

export interface FunctionRuntimeOptions {
  readonly deployment: Deployment;
  /** Where the functions find AWS. */
  readonly awsEndpoint: string;
  readonly credentialsFor: (roleArn: string) => Credentials;
  readonly log: (text: string) => void;
  /** How many environments of one function run at once. @default 4 */
  readonly maxEnvironments?: number | undefined;
  /** @default the functions' own reserved concurrency alone */
  readonly concurrency?: Concurrency | undefined;
}

/** What Lambda answers to an invocation for which no execution is left. */
export const THROTTLED = {
  ok: false,
  errorType: 'TooManyRequestsException',
  errorMessage: 'Rate Exceeded.',
} as const satisfies InvocationResult;

/** Runs the deployment's functions, each under its own variables and its own role's credentials and nothing else of this process. */
export class FunctionRuntime {
  readonly #pools: ReadonlyMap<string, FunctionPool>;
  readonly #clockOffset = createClockOffset();
  readonly #concurrency: Concurrency;

  constructor({
    deployment,
    awsEndpoint,
    credentialsFor,
    log,
    maxEnvironments = DEFAULT_MAX_ENVIRONMENTS,
    concurrency,
  }: FunctionRuntimeOptions) {
    this.#concurrency = concurrency ?? new Concurrency(deployment.functions);
    const shared = { clockOffset: this.#clockOffset, log, maxEnvironments };
    this.#pools = new Map(
      deployment.functions.map((resource) => {
        const environment = variablesOf(resource, deployment.region, awsEndpoint, credentialsFor(resource.roleArn));
        return [resource.arn, new FunctionPool({ resource, environment, ...shared })];
      }),
    );
  }

  /**
   * Throws for a function that the deployment doesn't have. A reader gets the response of a function that streams as it comes; the result
   * follows when the function has ended, and until then it counts as an execution.
   */
  invoke(functionArn: string, eventJson: string, reader?: ResponseReader): Promise<InvocationResult> {
    const pool = this.#pools.get(functionArn);
    if (pool === undefined) throw new Error(`there is no function ${functionArn}`);
    if (!this.#concurrency.begin(functionArn)) return Promise.resolve(THROTTLED);
    return pool.invoke(eventJson, reader).finally(() => this.#concurrency.end(functionArn));
  }

  /** Starts one environment of each of these functions and waits until each INIT is done. */
  async warm(functionArns: Iterable<string>): Promise<void> {
    await Promise.all([...functionArns].map((arn) => this.#pools.get(arn)?.warm()));
  }

  /** Puts the wall clock of every function off by so much; 0 puts it right. */
  setClockOffset(milliseconds: number): void {
    setClockOffset(this.#clockOffset, milliseconds);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#pools.values()].map((pool) => pool.close()));
  }
}

function variablesOf(
  { environment, functionName, memoryMegabytes, handler }: FunctionResource,
  region: string,
  awsEndpoint: string,
  { accessKeyId, secretAccessKey, sessionToken }: Credentials,
): Record<string, string> {
  return {
    ...environment,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ENDPOINT_URL: awsEndpoint,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
    AWS_LAMBDA_FUNCTION_NAME: functionName,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMegabytes),
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_LOG_STREAM_NAME: randomUUID(),
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    _HANDLER: handler,
    TZ: ':UTC',
    // A developer's own AWS profile must not reach in.
    AWS_CONFIG_FILE: '/nonexistent',
    AWS_SHARED_CREDENTIALS_FILE: '/nonexistent',
  };
}
