import type { Readable } from 'node:stream';
import type { GatewayResponse, RestApiResource } from '../model.ts';
import { TemplateError } from '../template/intrinsics.ts';
import type { GatewayCall } from './gateway-call.ts';
import { type MappedHeaders, mappedHeaders } from './mapped-headers.ts';

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
  // A function that Lambda throttles. API Gateway has no type of its own for it and answers 500 ("Resolve API Gateway 500 errors" and reports
  // of users; not tried on AWS), as DEFAULT_5XX or, by other reports, INTEGRATION_FAILURE.
  FUNCTION_THROTTLED: [500, 'Internal server error'],
  // The type under which API Gateway files a Lambda function that failed or answered in no known shape.
  DEFAULT_5XX: [502, 'Internal server error'],
} as const satisfies Record<string, readonly [number, string | null]>;

export type ResponseType = keyof typeof DEFAULTS;

export interface Answer {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  /** A stream fails where the response is to be cut. */
  readonly body: string | Buffer | Readable;
}

interface Definition {
  readonly status: number | undefined;
  readonly template: string | undefined;
  readonly headersOf: MappedHeaders;
}

const CONTENT_TYPE = 'application/json';
const UNDEFINED: Definition = { status: undefined, template: undefined, headersOf: () => [] };

/** What an API answers by itself: a type's own definition, else that of DEFAULT_4XX or DEFAULT_5XX, else API Gateway's built-in one. */
export class GatewayResponses {
  readonly #definitions: ReadonlyMap<string, Definition>;

  constructor({ gatewayResponses }: RestApiResource) {
    this.#definitions = new Map(
      [...gatewayResponses].map(([type, response]) => [type, readDefinition(type, response)]),
    );
  }

  answer(type: ResponseType, call: GatewayCall, authorizer: Readonly<Record<string, string>> = {}): Answer {
    const [defaultStatus, message] = DEFAULTS[type];
    const { status, template, headersOf } =
      this.#definitions.get(type) ??
      this.#definitions.get(defaultStatus < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX') ??
      UNDEFINED;
    const context = new Map<string, string>([
      ['requestId', call.requestId],
      ['extendedRequestId', call.extendedRequestId],
      ['error.message', message ?? ''],
      ['error.messageString', JSON.stringify(message)],
      ['error.responseType', type],
      ...Object.entries(authorizer).map(([name, value]): [string, string] => [`authorizer.${name}`, value]),
    ]);
    const mapped = headersOf(call);
    return {
      status: status ?? defaultStatus,
      headers: mapped.some(([name]) => name.toLowerCase() === 'content-type')
        ? mapped
        : [['Content-Type', CONTENT_TYPE], ...mapped],
      body: (template ?? '{"message":$context.error.messageString}').replace(
        /\$context\.([A-Za-z.]+[A-Za-z])/g,
        (_all, name: string) => context.get(name) ?? '',
      ),
    };
  }
}

function readDefinition(type: string, { statusCode, parameters, templates }: GatewayResponse): Definition {
  const others = Object.keys(templates).filter((contentType) => contentType !== CONTENT_TYPE);
  if (others.length > 0) throw new TemplateError(`${type}: the local gateway answers in JSON only, not in ${others}`);
  return {
    status: statusCode === undefined ? undefined : Number(statusCode),
    template: templates[CONTENT_TYPE],
    headersOf: mappedHeaders(parameters, 'gatewayresponse.header.'),
  };
}
