import { refused } from './failure.ts';
import { callHttp } from './http-call.ts';
import { accessKeyOf } from './profile-access-key.ts';
import { signatureOf } from './sign.ts';

/** How many executions an account may run at once in a region. */
export interface LambdaLimit {
  readonly region: string;
  readonly concurrentExecutions: number;
}

const PATH = '/2016-08-19/account-settings/';

/** Reads the limit from AWS with the credentials of a profile, which need `lambda:GetAccountSettings`. Throws `CliFailure`. */
export async function readLambdaLimit(profile: string, region: string): Promise<LambdaLimit> {
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
