import { type AdminAction, type AdminRoute, adminRoutes, type RequestSchema } from '#contract/admin-api.ts';
import { refusalsOfAction } from '#contract/admin-errors.ts';
import { type AdminExample, adminExamples } from '#contract/admin-examples.ts';
import { protectedTrees } from '#contract/routes.ts';
import type { Schema } from '#contract/schema.ts';
import { ownHeaders, requestHeaders } from './headers.ts';
import { add, camelCase, type Paths, parametersOf, pathParametersOf } from './public-paths.ts';
import { exampleOf, type Refusals, success } from './responses.ts';
import { bodySchemaOf, type JsonObject, jsonSchemaOf, sentenceOf } from './schemas.ts';

type Action = AdminRoute & { readonly action: AdminAction };

/** Adds every action of the admin API. */
export function addAdminPaths(paths: Paths, refusals: Refusals): void {
  for (const route of adminRoutes)
    add(paths, `${protectedTrees['admin-session']}${route.path}`, route.method, adminOperation(route, refusals));
}

function adminOperation(route: Action, refusals: Refusals): JsonObject {
  const { action, method, path, summary, request, hasVersion } = route;
  const example: AdminExample<AdminAction> = adminExamples[action];
  const isRead = method === 'GET';
  const header = (name: string, required: boolean): JsonObject => ({
    name,
    in: 'header',
    required,
    ...requestHeaders[name],
  });
  return {
    operationId: camelCase(action),
    tags: ['Administration'],
    summary,
    security: [{ adminSession: [] }],
    ...parametersOf([
      ...pathParametersOf(path, example.path as Readonly<Record<string, string>>),
      ...(isRead && request !== undefined ? queryParametersOf(request, example.request) : []),
      ...(isRead ? [] : [header('X-Requested-With', true)]),
      ...(hasVersion === true && !isRead ? [header('If-Match', false)] : []),
    ]),
    ...(!isRead &&
      request !== undefined && {
        requestBody: {
          required: isRequired(request),
          content: { 'application/json': { schema: requestSchemaOf(request), ...exampleOf(example.request) } },
        },
      }),
    responses: { ...Object.fromEntries(answersOf(route, example)), ...refusals.of(refusalsOfAction(action)) },
  };
}

/** The status of an action that was carried out. */
export const statusOf = ({ answer, creates }: AdminRoute): number =>
  answer === undefined ? 204 : creates === true ? 201 : 200;

function answersOf(route: Action, example: AdminExample<AdminAction>): [string, JsonObject][] {
  const { answer, path } = route;
  if (answer === undefined) return [['204', success('Done.', ownHeaders.admin)]];
  const hasTag = path.startsWith('/shops') && 'properties' in answer && 'version' in answer.properties;
  const presence = { ...ownHeaders.admin, ...(hasTag && { ETag: true }) };
  const status = String(statusOf(route));
  const body = { schema: jsonSchemaOf(answer), example: example.answer };
  const done: [string, JsonObject] = [status, success(status === '201' ? 'Created.' : 'Done.', presence, body)];
  if (!isIdempotent(route)) return [done];
  const { apiKey, ...shown } = example.answer as unknown as Record<string, unknown>;
  const again = 'An earlier request with this clientToken created it. The API key is not shown again.';
  return [['200', success(again, presence, { ...body, example: shown })], done];
}

/** Whether repeating a request by its token creates nothing more. */
const isIdempotent = ({ request }: AdminRoute): boolean =>
  request !== undefined && 'members' in request && 'clientToken' in request.members;

const isRequired = (request: RequestSchema): boolean =>
  'variants' in request || (request.required ?? []).length > 0 || request.oneOf !== undefined;

function requestSchemaOf(request: RequestSchema): JsonObject {
  if ('variants' in request) {
    const variants = Object.values(request.variants).map(({ members, required }) => bodyOf(members, required));
    return { oneOf: variants };
  }
  const { members, required = [], oneOf } = request;
  return {
    ...bodyOf(members, required),
    ...(oneOf !== undefined && { anyOf: oneOf.map((name) => ({ required: [name] })) }),
  };
}

const bodyOf = (members: Readonly<Record<string, Schema>>, required: readonly string[]): JsonObject =>
  bodySchemaOf({ type: 'object', properties: members, required });

function queryParametersOf(request: RequestSchema, example: object): JsonObject[] {
  if (!('members' in request)) throw new Error('a query has one form');
  const { members, required = [] } = request;
  return Object.entries(members).map(([name, schema]) => {
    const { description, ...rest } = jsonSchemaOf(schema);
    const value = (example as Record<string, string | number | undefined>)[name];
    return {
      name,
      in: 'query',
      required: required.includes(name),
      description: typeof description === 'string' ? description : sentenceOf(name),
      schema: rest,
      ...(value !== undefined && { example: value }),
    };
  });
}
