import type { APIGatewayProxyEvent } from 'aws-lambda';
import * as v from 'valibot';
import type { ErrorCode } from '../contract/errors.ts';
import { parseStrictJsonObject } from '../core/strict-json.ts';
import { adminRequest } from './admin-request-schema.ts';
import type { MatchedAdminRoute } from './admin-router.ts';
import { headerValues, type MultiValueHeaders } from './request.ts';

export type ParsedAdminRequest =
  | { readonly ok: true; readonly value: v.InferOutput<typeof adminRequest> }
  | { readonly ok: false; readonly reason: ErrorCode; readonly detail?: string };

const VERSION = /^"([1-9]\d{0,15})"$/;

/** Reads a call of the admin API; what is missing, unknown or malformed is named. */
export function parseAdminRequest(
  event: APIGatewayProxyEvent,
  { action, pathParameters }: MatchedAdminRoute,
): ParsedAdminRequest {
  const body = readBody(event);
  const version = readIfMatch(event);
  if (body === undefined) return { ok: false, reason: 'invalid_json' };
  if (version === undefined) return { ok: false, reason: 'precondition_failed' };
  const members = action === 'set-switches' ? { switches: body } : body;
  const query = event.httpMethod === 'GET' ? readQuery(event) : {};
  if (query === undefined) return { ok: false, reason: 'invalid_request' };
  const ours = ['action', 'expectedVersion', ...Object.keys(pathParameters)];
  if (ours.some((name) => name in members || name in query)) return { ok: false, reason: 'invalid_request' };
  const parsed = v.safeParse(adminRequest, { ...members, ...query, ...version, ...pathParameters, action });
  if (parsed.success) return { ok: true, value: parsed.output };
  const member = v.getDotPath(parsed.issues[0]);
  return { ok: false, reason: 'invalid_request', ...(member !== null && { detail: `Look at "${member}".` }) };
}

const readBody = ({ body, httpMethod }: APIGatewayProxyEvent): object | undefined => {
  if (body === null || body === '' || httpMethod === 'GET') return {};
  const parsed = parseStrictJsonObject(body);
  return parsed.ok ? parsed.value : undefined;
};

/** The version that If-Match names; undefined when it names none that a record could have. */
function readIfMatch({ multiValueHeaders }: APIGatewayProxyEvent): { expectedVersion?: number } | undefined {
  const values = headerValues(multiValueHeaders as MultiValueHeaders, 'if-match');
  if (values.length === 0) return {};
  const match = values.length === 1 ? VERSION.exec(values[0] as string) : null;
  return match === null ? undefined : { expectedVersion: Number(match[1]) };
}

/** Query parameters, each once. */
function readQuery({ multiValueQueryStringParameters }: APIGatewayProxyEvent): object | undefined {
  const entries = Object.entries(multiValueQueryStringParameters ?? {});
  if (entries.some(([, values]) => values?.length !== 1)) return undefined;
  return Object.fromEntries(entries.map(([name, values]) => [name, (values as string[])[0]]));
}
