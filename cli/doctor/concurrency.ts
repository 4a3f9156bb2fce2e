import { environment } from '#contract/environment.ts';
import { accessKeyOf } from '../aws-credentials.ts';
import { CliFailure, refused } from '../failure.ts';
import { type AppFolder, appFolder, statedRegion } from '../home.ts';
import { callHttp } from '../http-call.ts';
import { signatureOf } from '../sign.ts';
import { readTemplates, synthesizedStacks } from '../synthesized.ts';

/** The limit of concurrent executions of an account in a region. */
export interface LambdaLimit {
  readonly region: string;
  readonly concurrentExecutions: number;
}

const PATH = '/2016-08-19/account-settings/';

/** Reads the limit from AWS with the credentials of a profile, which need `lambda:GetAccountSettings`. Throws `CliFailure`. */
async function readLambdaLimit(profile: string, region: string): Promise<LambdaLimit> {
  const { accessKeyId, secretAccessKey, sessionToken } = await accessKeyOf(profile);
  const base = process.env.AWS_ENDPOINT_URL_LAMBDA ?? `https://lambda.${region}.${domainOf(region)}`;
  const amzDate = new Date().toISOString().replace(/[-:]|\.\d{3}/g, '');
  const headers = {
    host: new URL(base).host,
    'x-amz-date': amzDate,
    ...(sessionToken !== '' && { 'x-amz-security-token': sessionToken }),
  };
  const request = { method: 'GET', path: PATH, service: 'lambda', region, amzDate, headers, body: '' } as const;
  const { scope, signedHeaders, signature } = signatureOf(request, secretAccessKey);
  const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`;
  const { status, json } = await callHttp(`${base}${PATH}`, {
    method: 'GET',
    headers: { ...headers, authorization },
  }).catch(() => {
    throw refused('no_account_settings', `AWS Lambda in ${region} does not respond at ${base}.`);
  });
  const { ConcurrentExecutions: limit } = (json.AccountLimit ?? {}) as { readonly ConcurrentExecutions?: unknown };
  if (status === 200 && typeof limit === 'number') return { region, concurrentExecutions: limit };
  throw refused(
    'no_account_settings',
    `AWS does not show the limit of Lambda in ${region} to profile "${profile}" (${status}): it needs lambda:GetAccountSettings.`,
  );
}

const domainOf = (region: string): string => (region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com');

/** Executions that Lambda keeps for functions without reserved concurrency. */
const MIN_UNRESERVED = 100;

/** How a stage's templates divide the account's executions. */
export interface StageConcurrency {
  /** How many functions forward calls to an upstream. */
  readonly forwarding: number;
  /** How many of those reserve executions. */
  readonly bounded: number;
  /** Of all functions together. */
  readonly reserved: number;
}

type Templates = readonly { readonly Resources: Readonly<Record<string, { Type: string; Properties?: object }>> }[];

interface FunctionProperties {
  readonly ReservedConcurrentExecutions?: number;
  readonly Environment?: { readonly Variables?: Readonly<Record<string, unknown>> };
}

const UPSTREAMS = [environment.upstreamUrl, environment.analyticsUpstreamUrl, environment.dataRouterUpstreamUrl];

export function stageConcurrency(templates: Templates): StageConcurrency {
  const functions = templates
    .flatMap(({ Resources }) => Object.values(Resources))
    .filter(({ Type }) => Type === 'AWS::Lambda::Function')
    .map(({ Properties = {} }) => Properties as FunctionProperties);
  const forwarding = functions.filter(({ Environment }) =>
    UPSTREAMS.some((name) => Environment?.Variables?.[name] !== undefined),
  );
  return {
    forwarding: forwarding.length,
    bounded: forwarding.filter(({ ReservedConcurrentExecutions: own }) => own !== undefined).length,
    reserved: functions.reduce((sum, { ReservedConcurrentExecutions: own = 0 }) => sum + own, 0),
  };
}

/**
 * Whether the account's limit is sufficient for the reservations of the stage, and how many executions a hanging
 * upstream can occupy; `limit` if it is known.
 */
export function adviceOn(
  { forwarding, bounded, reserved }: StageConcurrency,
  limit: LambdaLimit | undefined,
): { readonly ok: boolean; readonly detail: string } {
  const needed = reserved + MIN_UNRESERVED;
  if (limit === undefined) {
    const compare = 'show it with aws lambda get-account-settings, or specify a profile with --profile';
    const unbounded = `${forwarding - bounded} of ${forwarding} functions with an upstream have no reservedConcurrency`;
    if (reserved > 0)
      return {
        ok: true,
        detail: `the stage reserves ${reserved} executions, for which the account's limit must be ${needed} or more; ${compare}${bounded < forwarding ? `. ${unbounded}` : ''}`,
      };
    return forwarding === 0
      ? { ok: true, detail: 'no function has an upstream that could hang' }
      : { ok: true, detail: `${unbounded}, which needs a limit above ${MIN_UNRESERVED}; ${compare}` };
  }
  const { region, concurrentExecutions } = limit;
  const has = `the limit in ${region} is ${concurrentExecutions}`;
  if (reserved > 0 && concurrentExecutions < needed)
    return {
      ok: false,
      detail: `${has}, but the stage reserves ${reserved} and Lambda keeps ${MIN_UNRESERVED} unreserved: raise "Concurrent executions" of AWS Lambda in Service Quotas to ${needed} or more`,
    };
  if (bounded === forwarding) return { ok: true, detail: `${has}; the stage reserves ${reserved}` };
  const raise =
    concurrentExecutions > MIN_UNRESERVED
      ? 'set reservedConcurrency'
      : `raise "Concurrent executions" of AWS Lambda in Service Quotas above ${MIN_UNRESERVED}, then set reservedConcurrency`;
  return {
    ok: true,
    detail: `${has}; an upstream that hangs can use all unreserved executions until the circuit opens: ${raise}`,
  };
}

/** From the stage's templates of the last synthesis. Throws `CliFailure` when there is none. */
const concurrencyOf = (stage: string): StageConcurrency =>
  stageConcurrency(readTemplates(stage) as unknown as Templates);

/**
 * The region of the stage: its own, otherwise that of the AWS tools, otherwise CDK's default. An app that owns the gate's stacks may set
 * regions in its code: its synthesized stacks contain them.
 */
export function regionOf(stage: string, app: AppFolder = appFolder()): string {
  const { AWS_REGION, AWS_DEFAULT_REGION } = process.env;
  const synthesized = (): string | undefined =>
    app.isCheckout ? undefined : synthesizedStacks(stage, app).find(({ name }) => name.endsWith('-Api'))?.region;
  return statedRegion(app, stage) ?? synthesized() ?? AWS_REGION ?? AWS_DEFAULT_REGION ?? 'us-east-1';
}

/** Compares the reservations of a stage with the account's limit, if a profile may read that. */
export async function checkConcurrency(
  stage: string,
  profile: string | undefined,
): Promise<{ readonly ok: boolean; readonly detail: string }> {
  try {
    const limit = profile === undefined ? undefined : await readLambdaLimit(profile, regionOf(stage));
    return adviceOn(concurrencyOf(stage), limit);
  } catch (error) {
    if (error instanceof CliFailure) return { ok: false, detail: error.message };
    throw error;
  }
}
