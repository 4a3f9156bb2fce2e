import { TemplateError } from '../template/intrinsics.ts';
import { type GatewayCall, headerValues } from './gateway-call.ts';

/** Headers of an answer that the template maps from the call. */
export type MappedHeaders = (call: GatewayCall) => [string, string][];

/** One value of a call; undefined when it has none. */
export type CallSource = (call: GatewayCall) => string | undefined;

const CONTEXT: Readonly<Record<string, CallSource>> = {
  'context.requestId': ({ requestId }) => requestId,
  'context.extendedRequestId': ({ extendedRequestId }) => extendedRequestId,
  'context.httpMethod': ({ httpMethod }) => httpMethod,
  'context.path': ({ sentPath }) => sentPath,
  'context.identity.sourceIp': ({ sourceIp }) => sourceIp,
};

/**
 * Reads `<prefix>Name: source`, where the source is `'a static value'`, `method.request.header.Name` or one of the context above.
 * Throws `TemplateError` for any other, so that the mistake shows at the start and not in the first refusal.
 */
export function mappedHeaders(parameters: Readonly<Record<string, string>>, prefix: string): MappedHeaders {
  const headers = Object.entries(parameters).map(([target, source]): [string, CallSource] => {
    if (!target.startsWith(prefix)) throw new TemplateError(`the local gateway can't map to ${target}`);
    return [target.slice(prefix.length), readSource(source)];
  });
  return (call) =>
    headers.flatMap(([name, sourceOf]): [string, string][] => {
      const value = sourceOf(call);
      return value === undefined ? [] : [[name, value]];
    });
}

function readSource(source: string): CallSource {
  const fixed = /^'(.*)'$/.exec(source)?.[1];
  return fixed === undefined ? callSource(source) : () => fixed;
}

/** `method.request.header.Name` or one of the context above. Throws `TemplateError` for any other. */
export function callSource(source: string): CallSource {
  const requestHeader = /^method\.request\.header\.(.+)$/.exec(source)?.[1];
  if (requestHeader !== undefined) return (call) => headerValues(call, requestHeader).at(-1);
  const context = Object.hasOwn(CONTEXT, source) ? CONTEXT[source] : undefined;
  if (context === undefined) throw new TemplateError(`the local gateway can't map from ${source}`);
  return context;
}
