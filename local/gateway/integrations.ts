import type { FunctionRuntime } from '../functions/function-runtime.ts';
import { matchesWildcard } from '../iam/wildcard.ts';
import type { FunctionResource } from '../model.ts';
import { type EventPlace, proxyEvent } from './events.ts';
import type { RoutedCall } from './gateway-call.ts';
import type { Answer, ResponseType } from './gateway-responses.ts';

export interface ProxyIntegrationOptions {
  readonly runtime: FunctionRuntime;
  readonly functions: readonly FunctionResource[];
  readonly place: EventPlace;
}

interface LambdaAnswer {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, string | number | boolean>>;
  readonly multiValueHeaders?: Readonly<Record<string, readonly (string | number | boolean)[]>>;
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
}

const INTEGRATION_TIMEOUT_MILLISECONDS = 29_000;

/** AWS_PROXY: hands the call to the method's function and its answer back. */
export async function invokeProxy(
  { runtime, functions, place }: ProxyIntegrationOptions,
  call: RoutedCall,
  authorizer: Readonly<Record<string, string>> | undefined,
  body: { readonly text: string | null; readonly isBase64Encoded: boolean },
): Promise<Answer | ResponseType> {
  const target = functions.find(({ arn }) => arn === call.method.functionArn);
  if (target === undefined || !mayInvoke(target, place, call)) return 'API_CONFIGURATION_ERROR';
  const result = await withinTime(runtime.invoke(target.arn, proxyEvent(place, call, authorizer, body)));
  if (result === undefined) return 'INTEGRATION_TIMEOUT';
  const answer = result.ok ? readLambdaAnswer(result.payloadJson) : undefined;
  return answer ?? 'DEFAULT_5XX';
}

/** Whether the function's resource policy lets API Gateway in from this method. The method stands in it as in the template, not as called. */
function mayInvoke(
  { permissions }: FunctionResource,
  { region, accountId, api }: EventPlace,
  { method }: RoutedCall,
): boolean {
  const path = method.path.replace(/\{[^}]+\}/g, '*');
  const verb = method.httpMethod === 'ANY' ? '*' : method.httpMethod;
  const source = `arn:aws:execute-api:${region}:${accountId}:${api.apiId}/${api.stageName}/${verb}${path}`;
  return permissions.some(
    ({ principal, sourceArn }) => principal === 'apigateway.amazonaws.com' && matchesWildcard(sourceArn ?? '*', source),
  );
}

async function withinTime<Result>(work: Promise<Result>): Promise<Result | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), INTEGRATION_TIMEOUT_MILLISECONDS);
  });
  const first = await Promise.race([work, timeout]);
  clearTimeout(timer);
  return first;
}

function readLambdaAnswer(payloadJson: string): Answer | undefined {
  const payload = JSON.parse(payloadJson) as LambdaAnswer | null;
  if (payload === null || typeof payload !== 'object' || !Number.isInteger(payload.statusCode)) return undefined;
  if (payload.body !== undefined && typeof payload.body !== 'string') return undefined;
  const headers = [
    ...Object.entries(payload.headers ?? {}).map(([name, value]): [string, string] => [name, String(value)]),
    ...Object.entries(payload.multiValueHeaders ?? {}).flatMap(([name, values]) =>
      values.map((value): [string, string] => [name, String(value)]),
    ),
  ];
  if (!headers.some(([name]) => name.toLowerCase() === 'content-type'))
    headers.push(['Content-Type', 'application/json']);
  return {
    status: payload.statusCode,
    headers,
    body: payload.isBase64Encoded ? Buffer.from(payload.body ?? '', 'base64') : (payload.body ?? ''),
  };
}

interface MockIntegration {
  readonly IntegrationResponses?: readonly {
    readonly StatusCode: string;
    readonly ResponseParameters?: Readonly<Record<string, string>>;
  }[];
}

/** MOCK with one answer of fixed headers, which is how a preflight is answered. */
export function answerMock(integration: Readonly<Record<string, unknown>>): Answer {
  const [response] = (integration as MockIntegration).IntegrationResponses ?? [];
  if (response === undefined) throw new Error('a MOCK integration without an answer');
  const headers = Object.entries(response.ResponseParameters ?? {}).map(([target, source]): [string, string] => {
    const fixed = /^'(.*)'$/.exec(source)?.[1];
    if (fixed === undefined) throw new Error(`the local gateway can't map ${source}`);
    return [target.replace('method.response.header.', ''), fixed];
  });
  return { status: Number(response.StatusCode), headers, body: '' };
}
