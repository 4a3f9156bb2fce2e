import { type ErrorCode, errors } from '#contract/errors.ts';
import { headers } from '#contract/headers.ts';
import type { JsonObject } from './schemas.ts';

const text = { type: 'string' } as const;
const seconds = { type: 'string', pattern: '^[0-9]+$' } as const;

interface HeaderText {
  readonly description: string;
  readonly schema: JsonObject;
}

/** Every header of a response, by name. */
export const responseHeaders: Readonly<Record<string, HeaderText>> = {
  [headers.requestId]: {
    description: 'The ID of the request, by which widget-gate explain finds it in the audit trail.',
    schema: { type: 'string', pattern: '^[A-Za-z0-9-]{1,64}$' },
  },
  'Cache-Control': { description: 'How long the response may be kept.', schema: text },
  'X-Content-Type-Options': {
    description: 'Browsers must not guess the type of the body.',
    schema: { type: 'string', const: 'nosniff' },
  },
  'Retry-After': { description: 'The number of seconds after which a retry makes sense.', schema: seconds },
  ETag: {
    description: 'The version of the shop. Send it in If-Match to change this version only.',
    schema: { type: 'string', pattern: '^"[1-9][0-9]*"$' },
  },
  'Set-Cookie': { description: 'The session as a cookie, or its removal.', schema: text },
  [headers.widgetTokenExpiresIn]: { description: 'The number of seconds until the token expires.', schema: seconds },
  [headers.securityTokenExpiresIn]: { description: 'The number of seconds until the token expires.', schema: seconds },
  [headers.sessionExpiresIn]: {
    description: 'The number of seconds until the session ends if it is not used.',
    schema: seconds,
  },
  [headers.sessionToken]: {
    description: 'The renewed session, for a session that was begun with mode token.',
    schema: text,
  },
  [headers.devKeyWarning]: { description: 'Says that a dev key was accepted.', schema: text },
  'Access-Control-Allow-Origin': { description: 'The origin whose pages may read the response.', schema: text },
  'Access-Control-Allow-Credentials': {
    description: 'Pages of this origin may send cookies.',
    schema: { type: 'string', const: 'true' },
  },
  'Access-Control-Expose-Headers': { description: 'The headers that scripts of a page may read.', schema: text },
  'Access-Control-Allow-Methods': { description: 'The methods that pages may use.', schema: text },
  'Access-Control-Allow-Headers': { description: 'The headers that pages may send.', schema: text },
  'Access-Control-Max-Age': {
    description: 'The number of seconds for which browsers keep this response.',
    schema: seconds,
  },
  Vary: { description: 'The request headers that the response depends on.', schema: text },
};

export const headerComponents = (): JsonObject =>
  Object.fromEntries(
    Object.entries(responseHeaders).flatMap(([name, header]) => [
      [name, { ...header }],
      [`${name}.always`, { ...header, required: true }],
    ]),
  );

/** The headers of a response; `true`: it is always there. */
export type HeaderPresence = Readonly<Record<string, boolean>>;

export const headersOf = (presence: HeaderPresence): JsonObject =>
  Object.fromEntries(
    Object.entries(presence).map(([name, isAlways]) => [
      name,
      { $ref: `#/components/headers/${name}${isAlways ? '.always' : ''}` },
    ]),
  );

const CORS = {
  'Access-Control-Allow-Origin': false,
  'Access-Control-Allow-Credentials': false,
  'Access-Control-Expose-Headers': false,
  Vary: false,
} as const;

const GUARDED = { 'Cache-Control': true, 'X-Content-Type-Options': true } as const;

/** Of every response of the gate that is not a refusal. */
export const ownHeaders = {
  public: { [headers.requestId]: true, ...GUARDED, ...CORS, 'Access-Control-Allow-Origin': true },
  admin: { [headers.requestId]: true, ...GUARDED },
  /** An upstream may set more. */
  forwarded: { [headers.requestId]: true, 'Cache-Control': true, 'X-Content-Type-Options': false, ...CORS },
  preflight: {
    ...{ [headers.requestId]: false, 'Cache-Control': false },
    ...CORS,
    'Access-Control-Allow-Methods': false,
    'Access-Control-Allow-Headers': false,
    'Access-Control-Max-Age': false,
  },
} as const satisfies Readonly<Record<string, HeaderPresence>>;

/** Of a refusal, by the gate or by API Gateway, which sets no request ID. */
export function refusalHeaders(codes: readonly ErrorCode[]): HeaderPresence {
  const isRetried = codes.every((code) => errors[code].status === 429 || errors[code].status === 503);
  return { [headers.requestId]: false, ...GUARDED, ...CORS, ...(isRetried && { 'Retry-After': true }) };
}

const string = (description: string, example: string): JsonObject => ({ description, schema: text, example });

/** Every header of a request beside credentials, by name. */
export const requestHeaders: Readonly<Record<string, JsonObject>> = {
  Origin: string('The origin of the calling page. Browsers set it; servers omit it.', 'https://portal.example.com'),
  'X-Requested-With': string(
    'Any value. Forms and pages of other sites cannot send it. Required with a session cookie.',
    'widget-gate',
  ),
  [headers.userId]: string('With an API key: the user for whom the caller calls. Required with a dev key.', 'u-17'),
  [headers.appId]: string(
    'The app for which the caller calls. Required with a dev key, and with a key for certain apps.',
    'sales',
  ),
  [headers.clientId]: string('With an API key: the client for whom the caller calls.', 'acme'),
  'If-Match': string(
    'The ETag of the version to change. The request is rejected if the shop has changed since.',
    '"1"',
  ),
};
