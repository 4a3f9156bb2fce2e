import { type ErrorCode, errors } from '#contract/errors.ts';
import { gatewayResponses } from '#contract/gateway-responses.ts';
import type { HeaderPresence } from './headers.ts';
import { headersOf, refusalHeaders } from './headers.ts';
import type { Json, JsonObject } from './schemas.ts';

const NEEDS_ROUTE: readonly ErrorCode[] = ['unauthorized', 'not_found'];

/** What API Gateway can refuse on every route. */
export const gatewayErrors: readonly ErrorCode[] = [...new Set<ErrorCode>(Object.values(gatewayResponses))].filter(
  (code) => !NEEDS_ROUTE.includes(code),
);

/** The schema of every refusal. */
export const errorSchema: JsonObject = {
  description: 'A refusal. The code is stable; the message is for people and may change.',
  type: 'object',
  properties: {
    code: { type: 'string', enum: Object.keys(errors) },
    message: { type: 'string' },
    requestId: { type: 'string', description: 'The ID of the request, by which the audit trail finds it.' },
  },
  required: ['code', 'message', 'requestId'],
};

/** An example of each refusal. */
export const errorExamples = (): JsonObject =>
  Object.fromEntries(
    Object.entries(errors).map(([code, { message }]) => [
      code,
      { value: { code, message, requestId: '9d2f6c1e-4b7a-4f0e-8a53-1c6e0b9d7f42' } },
    ]),
  );

/** Collects the responses that refuse: operations with the same codes share one. */
export class Refusals {
  readonly #responses = new Map<string, JsonObject>();

  /** The responses of an operation that refuses with these codes and as API Gateway does, by status. */
  of(codes: readonly ErrorCode[]): JsonObject {
    const all = Object.keys(errors).filter((code) => [...codes, ...gatewayErrors].includes(code as ErrorCode));
    const byStatus = Map.groupBy(all as ErrorCode[], (code) => errors[code].status);
    return Object.fromEntries(
      [...byStatus].map(([status, ofStatus]) => [String(status), this.#reference(status, ofStatus)]),
    );
  }

  components(): JsonObject {
    return Object.fromEntries([...this.#responses].sort(([one], [other]) => (one < other ? -1 : 1)));
  }

  #reference(status: number, codes: readonly ErrorCode[]): JsonObject {
    const name = [status, ...codes].join('.');
    if (!this.#responses.has(name)) this.#responses.set(name, refusalOf(codes));
    return { $ref: `#/components/responses/${name}` };
  }
}

function refusalOf(codes: readonly ErrorCode[]): JsonObject {
  return {
    description: codes.map((code) => `${code}: ${errors[code].message}`).join('\n\n'),
    headers: headersOf(refusalHeaders(codes)),
    content: {
      'application/json': {
        schema: {
          allOf: [{ $ref: '#/components/schemas/Error' }, { properties: { code: { enum: codes } } }],
        },
        examples: Object.fromEntries(codes.map((code) => [code, { $ref: `#/components/examples/${code}` }])),
      },
    },
  };
}

/** A response that is not a refusal. */
export function success(
  description: string,
  presence: HeaderPresence,
  body?: { readonly schema: JsonObject; readonly example: unknown },
): JsonObject {
  const content = body && { 'application/json': { schema: body.schema, ...exampleOf(body.example) } };
  return { description, headers: headersOf(presence), ...(content && { content }) };
}

/** What JSON has no form for is left out. */
export const exampleOf = (example: unknown): { readonly example?: Json } =>
  example === undefined ? {} : { example: JSON.parse(JSON.stringify(example)) as Json };
