import type { APIGatewayProxyEvent } from 'aws-lambda';
import * as v from 'valibot';
import type { ErrorCode } from '../contract/errors.ts';
import { type Result, refusal, success } from '../core/result.ts';
import { parseStrictJsonObject } from '../core/strict-json.ts';
import { adminRequest } from './admin-request-schema.ts';
import type { MatchedAdminRoute } from './admin-router.ts';
import { readIfMatch } from './if-match.ts';
import { headerValues, type MultiValueHeaders } from './request.ts';
import { requestForms } from './request-forms.ts';

type AdminRequest = v.InferOutput<typeof adminRequest>;
type Members = Readonly<Record<string, unknown>>;

/** Members of a request that its callers do not choose. */
const OURS = ['action', 'expectedVersions'];

/** Reads a call of the admin API; what is missing, unknown or malformed is named, with the form that is wanted. */
export function parseAdminRequest(
  event: APIGatewayProxyEvent,
  { action, pathParameters }: MatchedAdminRoute,
): Result<AdminRequest, ErrorCode> {
  const given = event.httpMethod === 'GET' ? readQuery(event) : readBody(event);
  if (!given.ok) return given;
  const ifMatch = readIfMatch(headerValues(event.multiValueHeaders as MultiValueHeaders, 'if-match'));
  if (!ifMatch.ok) return ifMatch;
  const place = event.httpMethod === 'GET' ? 'query parameter' : 'body member';
  const shape = shapeOf(action, given.value);
  const allowed = shape.members.filter((name) => !OURS.includes(name) && !(name in pathParameters));
  const unknown = Object.keys(given.value).find((name) => !allowed.includes(name));
  if (unknown !== undefined) return refusal('invalid_request', sayUnknown(place, unknown, allowed));
  if (ifMatch.value.expectedVersions !== undefined && !shape.hasVersion)
    return refusal('invalid_request', 'Header If-Match is not supported here: the resource has no ETag.');
  const members = action === 'set-switches' ? { switches: given.value } : given.value;
  const parsed = v.safeParse(adminRequest, { ...members, ...ifMatch.value, ...pathParameters, action });
  if (parsed.success) return success(parsed.output);
  const path = (v.getDotPath(parsed.issues[0]) ?? '').replace(/^switches\.?/, '');
  if (path === '') return refusal('invalid_request', `Send at least one of ${quoted(allowed)}.`);
  const inPath = Object.hasOwn(pathParameters, path);
  return refusal('invalid_request', sayMalformed(inPath ? 'path parameter' : place, path, given.value, inPath));
}

interface Shape {
  readonly members: readonly string[];
  readonly hasVersion: boolean;
}

type Schema = v.GenericSchema;
type Entries = Readonly<Record<string, Schema | undefined>>;

/** The members of each request, from the schema itself. */
const options: readonly Entries[] = adminRequest.options.flatMap((option): Entries[] =>
  'options' in option ? option.options.map(({ entries }) => entries) : [option.entries],
);

/** Those of an object that is checked further. */
const membersOf = (schema: unknown): string[] =>
  Object.keys((schema as { readonly pipe: readonly [{ readonly entries: object }] }).pipe[0].entries);

function shapeOf(action: string, given: Members): Shape {
  const ofAction = options.filter((entries) => entries.action !== undefined && v.is(entries.action, action));
  // Of the kinds of service key, the one that is meant.
  const fitting = ofAction.filter(({ purpose }) => purpose === undefined || v.is(purpose, given.purpose));
  const members = (fitting.length > 0 ? fitting : ofAction).flatMap((entries) =>
    Object.entries(entries).flatMap(([name, schema]) => (name === 'switches' ? membersOf(schema) : [name])),
  );
  return { members: [...new Set(members)], hasVersion: members.includes('expectedVersions') };
}

type Place = 'query parameter' | 'body member' | 'path parameter';

const quoted = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ');
const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const sayUnknown = (place: Place, name: string, allowed: readonly string[]): string =>
  `${capitalized(place)} "${shortened(name)}" is unknown; ${allowed.length === 0 ? 'none is allowed here' : `allowed are ${quoted(allowed)}`}.`;

/** Names come from the caller. */
const shortened = (name: string): string => (name.length <= 40 ? name : `${name.slice(0, 40)}...`);

function sayMalformed(place: Place, path: string, given: Members, inPath: boolean): string {
  const [name = '', index] = path.split('.');
  const form = requestForms.get(name) ?? 'of another form';
  if (!inPath && !(name in given)) return `${capitalized(place)} "${name}" is missing: it must be ${form}.`;
  const shown = index === undefined ? name : `${name}[${index}]`;
  return index === undefined
    ? `${capitalized(place)} "${shown}" must be ${form}.`
    : `${capitalized(place)} "${shown}" is malformed: "${name}" must be ${form}.`;
}

function readBody({ body, isBase64Encoded }: APIGatewayProxyEvent): Result<Members, 'invalid_json'> {
  if (body === null || body === '') return success({});
  return isBase64Encoded ? refusal('invalid_json') : parseStrictJsonObject(body);
}

/** Query parameters, each once. */
function readQuery({ multiValueQueryStringParameters }: APIGatewayProxyEvent): Result<Members, 'invalid_request'> {
  const entries = Object.entries(multiValueQueryStringParameters ?? {});
  const repeated = entries.find(([, values]) => values?.length !== 1)?.[0];
  return repeated === undefined
    ? success(Object.fromEntries(entries.map(([name, values]) => [name, (values as string[])[0]])))
    : refusal('invalid_request', `Query parameter "${shortened(repeated)}" was sent twice; send it once.`);
}
