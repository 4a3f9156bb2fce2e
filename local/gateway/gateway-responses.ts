import type { RestApiResource } from '../model.ts';
import { type GatewayCall, headerValues } from './gateway-call.ts';

/** The refusals that API Gateway makes by itself, with its own status and message for each. */
const DEFAULTS = {
  UNAUTHORIZED: [401, 'Unauthorized'],
  ACCESS_DENIED: [403, 'User is not authorized to access this resource'],
  MISSING_AUTHENTICATION_TOKEN: [403, 'Missing Authentication Token'],
  BAD_REQUEST_PARAMETERS: [400, 'Bad Request'],
  REQUEST_TOO_LARGE: [413, 'Request Too Long'],
  THROTTLED: [429, 'Too Many Requests'],
  AUTHORIZER_FAILURE: [500, null],
  AUTHORIZER_CONFIGURATION_ERROR: [500, null],
  API_CONFIGURATION_ERROR: [500, 'Internal server error'],
  INTEGRATION_FAILURE: [504, 'Network error communicating with endpoint'],
  INTEGRATION_TIMEOUT: [504, 'Endpoint request timed out'],
  // The type under which API Gateway files a Lambda function that failed or answered in no known shape.
  DEFAULT_5XX: [502, 'Internal server error'],
} as const satisfies Record<string, readonly [number, string | null]>;

export type ResponseType = keyof typeof DEFAULTS;

export interface Answer {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string | Buffer;
}

type Context = Readonly<Record<string, string>>;

/** Makes the answer of a response type: its own definition, else DEFAULT_4XX or DEFAULT_5XX, else API Gateway's built-in one. */
export function gatewayAnswer(
  api: RestApiResource,
  type: ResponseType,
  call: GatewayCall,
  authorizer: Context = {},
): Answer {
  const [defaultStatus, message] = DEFAULTS[type];
  const defined =
    api.gatewayResponses.get(type) ?? api.gatewayResponses.get(defaultStatus < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX');
  const template = defined?.templates['application/json'] ?? '{"message":$context.error.messageString}';
  const context = new Map<string, string>([
    ['requestId', call.requestId],
    ['error.message', message ?? ''],
    ['error.messageString', JSON.stringify(message)],
    ['error.responseType', type],
    ...Object.entries(authorizer).map(([name, value]): [string, string] => [`authorizer.${name}`, value]),
  ]);
  const mapped = Object.entries(defined?.parameters ?? {}).flatMap(([target, source]) =>
    mapHeader(target, source, call),
  );
  const contentType: [string, string][] = mapped.some(([name]) => name.toLowerCase() === 'content-type')
    ? []
    : [['Content-Type', 'application/json']];
  return {
    status: defined?.statusCode === undefined ? defaultStatus : Number(defined.statusCode),
    headers: [...contentType, ...mapped],
    body: template.replace(/\$context\.([A-Za-z.]+[A-Za-z])/g, (_all, name: string) => context.get(name) ?? ''),
  };
}

/** `'a static value'` or `method.request.header.Name`. */
function mapHeader(target: string, source: string, call: GatewayCall): [string, string][] {
  const name = target.replace('gatewayresponse.header.', '');
  const fixed = /^'(.*)'$/.exec(source)?.[1];
  if (fixed !== undefined) return [[name, fixed]];
  const requestHeader = /^method\.request\.header\.(.+)$/.exec(source)?.[1];
  if (requestHeader === undefined) throw new Error(`the local gateway can't map ${source}`);
  const value = headerValues(call, requestHeader).at(-1);
  return value === undefined ? [] : [[name, value]];
}
