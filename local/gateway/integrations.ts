import { type FunctionRuntime, THROTTLED } from '../functions/function-runtime.ts';
import type { FunctionResource, RestMethod } from '../model.ts';
import type { Body } from './body.ts';
import { type EventPlace, proxyEvent } from './events.ts';
import type { RoutedCall } from './gateway-call.ts';
import type { Answer, ResponseType } from './gateway-responses.ts';
import { readLambdaAnswer } from './lambda-answer.ts';
import { readMock } from './mock.ts';
import { admits, methodSource } from './permissions.ts';
import { StreamedResponse } from './streamed-response.ts';

/** The integration of a method. */
export type Integration = (
  call: RoutedCall,
  authorizer: Readonly<Record<string, string>> | undefined,
  body: Body,
) => Answer | ResponseType | Promise<Answer | ResponseType>;

export interface IntegrationOptions {
  readonly runtime: FunctionRuntime;
  readonly functions: readonly FunctionResource[];
  readonly place: EventPlace;
}

const DEFAULT_TIMEOUT_MILLISECONDS = 29_000;
/** Lambda's limit on what a function is called with. */
const MAX_EVENT_BYTES = 6 * 1_024 * 1_024;

/** Throws `TemplateError` for a MOCK that it can't answer. */
export const integrationOf = (method: RestMethod, options: IntegrationOptions): Integration =>
  method.functionArn === undefined
    ? readMock(method.integration, options.place.api.binaryMediaTypes)
    : proxyTo(method, options);

/** AWS_PROXY: hands the call to the method's function and its answer back. */
function proxyTo(method: RestMethod, { runtime, functions, place }: IntegrationOptions): Integration {
  const target = functions.find(({ arn }) => arn === method.functionArn);
  if (target === undefined || !admits(target, methodSource(place, method))) {
    return () => Promise.resolve('API_CONFIGURATION_ERROR');
  }
  const timeoutMilliseconds = Number(method.integration.TimeoutInMillis ?? DEFAULT_TIMEOUT_MILLISECONDS);
  return async (call, authorizer, body) => {
    const event = proxyEvent(place, call, authorizer, body);
    if (Buffer.byteLength(event) > MAX_EVENT_BYTES) return 'REQUEST_TOO_LARGE';
    if (method.streams === true) return new StreamedResponse().invoke(runtime, target.arn, event, timeoutMilliseconds);
    const work = runtime.invoke(target.arn, event);
    const result = await within(timeoutMilliseconds, work);
    if (result === undefined) return 'INTEGRATION_TIMEOUT';
    if (result === THROTTLED) return 'FUNCTION_THROTTLED';
    const answer = result.ok
      ? readLambdaAnswer(JSON.parse(result.payloadJson), call, place.api.binaryMediaTypes)
      : undefined;
    return answer ?? 'DEFAULT_5XX';
  };
}

async function within<Result>(milliseconds: number, work: Promise<Result>): Promise<Result | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), milliseconds);
  });
  const first = await Promise.race([work, timeout]);
  clearTimeout(timer);
  return first;
}
