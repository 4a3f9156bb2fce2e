import type { APIGatewayProxyEvent } from 'aws-lambda';
import * as v from 'valibot';
import {
  type AdminAction,
  type AdminRoute,
  adminRoutes,
  pathParameters,
  type ReadRequest,
  type RequestSchema,
} from '#contract/admin-api.ts';
import type { ErrorCode } from '#contract/errors.ts';
import type { Schema } from '#contract/schema.ts';
import { type Result, refusal, success } from '../crypto/result.ts';
import { parseStrictJsonObject } from '../crypto/strict-json.ts';
import { headerValues, type MultiValueHeaders } from '../platform/request.ts';
import { checkOf } from './check-members.ts';

export interface MatchedAdminRoute {
  readonly action: AdminAction;
  readonly pathParameters: Readonly<Record<string, string>>;
}

const compiled = adminRoutes.map((route) => ({
  method: route.method,
  action: route.action,
  pattern: new RegExp(`^${route.path.replace(/\{(\w+)\}/g, '(?<$1>[A-Za-z0-9_-]{1,64})')}$`),
}));

/** The action of a call; undefined if no route matches. Paths are matched as sent, so an encoded path matches no route. */
export function matchAdminRoute({
  httpMethod,
  pathParameters: sent,
}: APIGatewayProxyEvent): MatchedAdminRoute | undefined {
  // Not the event's path: with a custom domain it may begin with a base path.
  const path = `/${sent?.proxy ?? ''}`;
  for (const { method, action, pattern } of compiled) {
    const match = method === httpMethod ? pattern.exec(path) : null;
    if (match !== null) return { action, pathParameters: { ...match.groups } };
  }
  return undefined;
}

const TAG = /^(W\/)?"([\x21\x23-\x7e]*)"$/;
const VERSION = /^[1-9]\d{0,14}$/;

export interface IfMatch {
  /** The versions that the tags name; the list is empty if no tag is one of a record. Absent: any version matches. */
  readonly expectedVersions?: readonly number[];
}

/**
 * Parses If-Match (RFC 9110 §13.1.1): `*`, or one or more entity tags. Tags are compared strongly, so a weak tag never matches; if all tags
 * are weak, the response says why. A resource without a version has no tag to compare with.
 */
function readIfMatch(
  values: readonly string[],
  hasVersion: boolean,
): Result<IfMatch, 'invalid_request' | 'precondition_failed'> {
  const [value, ...others] = values;
  if (value === undefined) return success({});
  if (others.length > 0) return refusal('invalid_request', 'Header If-Match was sent twice; send one header.');
  if (value.trim() === '*') return success({});
  const tags = value.split(',').map((tag) => TAG.exec(tag.trim()));
  if (tags.some((tag) => tag === null))
    return refusal('invalid_request', 'Header If-Match must be *, or the ETag of a response in its double quotes.');
  const strong = tags.filter((tag) => tag?.[1] === undefined).map((tag) => tag?.[2] ?? '');
  if (!hasVersion)
    return refusal(
      'invalid_request',
      'Header If-Match is not supported here, because the resource has no ETag; omit it.',
    );
  if (strong.length === 0)
    return refusal('precondition_failed', 'A weak tag never matches: send the ETag without the W/ before it.');
  return success({ expectedVersions: strong.filter((tag) => VERSION.test(tag)).map(Number) });
}

type Members = Readonly<Record<string, unknown>>;

/** A parsed call: the action and its values. */
export type AdminRequest = {
  readonly [A in AdminAction]: { readonly action: A; readonly request: ReadRequest<A> };
}[AdminAction];

/** The members that one kind of request may have. */
interface Shape {
  readonly members: Readonly<Record<string, Schema>>;
  readonly required: readonly string[];
  readonly oneOf: readonly string[];
  readonly check: ReturnType<typeof checkOf>;
}

/** By the value of the member that decides which others are allowed, or alone. */
interface Shapes {
  readonly by: string | undefined;
  readonly variants: ReadonlyMap<unknown, Shape>;
}

const shapeOf = (
  { members, required = [], oneOf = [] }: Extract<RequestSchema, { members: unknown }>,
  isQuery: boolean,
): Shape => ({ members, required, oneOf, check: checkOf(members, required, isQuery) });

function shapesOf({ method, request = { members: {} } }: AdminRoute): Shapes {
  const isQuery = method === 'GET';
  if ('members' in request) return { by: undefined, variants: new Map([[undefined, shapeOf(request, isQuery)]]) };
  const variants = Object.entries(request.variants).map(([value, shape]) => [value, shapeOf(shape, isQuery)] as const);
  return { by: request.by, variants: new Map(variants) };
}

const routes = new Map(
  adminRoutes.map((route) => {
    const inPath = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as keyof typeof pathParameters);
    const path = checkOf(Object.fromEntries(inPath.map((name) => [name, pathParameters[name]])), inPath, false);
    return [route.action, { ...shapesOf(route), path, hasVersion: route.hasVersion === true }] as const;
  }),
);

/** Parses a call of the admin API. The response names a member that is missing, unknown or malformed, and the form that is required. */
export function parseAdminRequest(
  event: APIGatewayProxyEvent,
  { action, pathParameters: given }: MatchedAdminRoute,
): Result<AdminRequest, ErrorCode> {
  const isQuery = event.httpMethod === 'GET';
  const sent = isQuery ? readQuery(event) : readBody(event);
  if (!sent.ok) return sent;
  const { by, variants, path, hasVersion } = routes.get(action) as NonNullable<ReturnType<typeof routes.get>>;
  const ifMatch = readIfMatch(headerValues(event.multiValueHeaders as MultiValueHeaders, 'if-match'), hasVersion);
  if (!ifMatch.ok) return ifMatch;
  const place = isQuery ? 'query parameter' : 'body member';
  const shape = variants.get(by === undefined ? undefined : sent.value[by]);
  // Without the deciding value, the members of all variants are known.
  const known = Object.assign(
    {},
    ...[...(shape ? [shape] : variants.values())].map(({ members }) => members),
  ) as Shape['members'];
  const allowed = Object.keys(known);
  const unknown = Object.keys(sent.value).find((name) => !allowed.includes(name));
  if (unknown !== undefined) return refusal('invalid_request', sayUnknown(place, unknown, allowed));
  const inPath = v.safeParse(path, given);
  if (!inPath.success) {
    const name = v.getDotPath(inPath.issues[0]) as keyof typeof pathParameters;
    return refusal('invalid_request', `Path parameter "${name}" must be ${pathParameters[name].form}.`);
  }
  if (shape === undefined) return refusal('invalid_request', sayMalformed(place, by as string, sent.value, known));
  const parsed = v.safeParse(shape.check, sent.value);
  if (!parsed.success)
    return refusal('invalid_request', sayMalformed(place, v.getDotPath(parsed.issues[0]) ?? '', sent.value, known));
  if (shape.oneOf.length > 0 && !shape.oneOf.some((name) => name in sent.value))
    return refusal('invalid_request', `Send at least one of ${quoted(allowed)}.`);
  const request = { ...parsed.output, ...ifMatch.value, ...inPath.output };
  return success({ action, request } as AdminRequest);
}

type Place = 'query parameter' | 'body member';

const quoted = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ');
const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const sayUnknown = (place: Place, name: string, allowed: readonly string[]): string =>
  `${capitalized(place)} "${shortened(name)}" is unknown; ${allowed.length === 0 ? 'none is allowed here' : `allowed are ${quoted(allowed)}`}.`;

/** Names come from the caller. */
const shortened = (name: string): string => (name.length <= 40 ? name : `${name.slice(0, 40)}...`);

function sayMalformed(place: Place, path: string, given: Members, members: Shape['members']): string {
  const [name = '', index] = path.split('.');
  const schema = members[name];
  const form = schema !== undefined && 'form' in schema ? schema.form : 'of another form';
  if (!(name in given)) return `${capitalized(place)} "${name}" is missing: it must be ${form}.`;
  return index === undefined
    ? `${capitalized(place)} "${name}" must be ${form}.`
    : `${capitalized(place)} "${name}[${index}]" is malformed: "${name}" must be ${form}.`;
}

function readBody({ body, isBase64Encoded }: APIGatewayProxyEvent): Result<Members, 'invalid_json'> {
  if (body === null || body === '') return success({});
  return isBase64Encoded ? refusal('invalid_json') : parseStrictJsonObject(body);
}

/** Query parameters; each may be sent once. */
function readQuery({ multiValueQueryStringParameters }: APIGatewayProxyEvent): Result<Members, 'invalid_request'> {
  const entries = Object.entries(multiValueQueryStringParameters ?? {});
  const repeated = entries.find(([, values]) => values?.length !== 1)?.[0];
  return repeated === undefined
    ? success(Object.fromEntries(entries.map(([name, values]) => [name, (values as string[])[0]])))
    : refusal('invalid_request', `Query parameter "${shortened(repeated)}" was sent twice; send it once.`);
}
