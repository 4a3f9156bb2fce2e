import { pathParameters } from '#contract/admin-api.ts';
import { headers } from '#contract/headers.ts';
import { type PublicOperation, type PublicOperationName, publicApi } from '#contract/public-api.ts';
import { publicExamples } from '#contract/public-examples.ts';
import { type Route, routes } from '#contract/routes.ts';
import { ownHeaders, requestHeaders } from './headers.ts';
import { exampleOf, type Refusals, success } from './responses.ts';
import { bodySchemaOf, type Json, type JsonObject, jsonSchemaOf, sentenceOf } from './schemas.ts';

/** OPTIONS is answered without a credential, as a preflight. */
const METHODS = { READ: ['GET', 'HEAD'], ANY: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] } as const;

const methodsOf = ({ method }: PublicOperation): readonly string[] =>
  method === 'READ' || method === 'ANY' ? METHODS[method] : [method];

export type Paths = Map<string, Map<string, JsonObject>>;

const EXAMPLES: Readonly<Record<string, string>> = { shopId: 'shop_4fQ7mZ1xK9sT2vB8nR5cW3yD', path: 'search' };

export const camelCase = (name: string): string =>
  name.replace(/[- ](\w)/g, (_whole, letter: string) => letter.toUpperCase());

/** Adds every operation that is not an action of the admin API, and the preflights. */
export function addPublicPaths(paths: Paths, refusals: Refusals): void {
  for (const [name, operation] of Object.entries(publicApi) as [PublicOperationName, PublicOperation][]) {
    const { path = operation.route } = operation;
    for (const each of methodsOf(operation)) add(paths, path, each, publicOperation(name, operation, each, refusals));
    const { crossOrigin } = routeOf(operation);
    if (crossOrigin !== 'none') add(paths, path, 'OPTIONS', preflight(path, refusals));
  }
}

export function add(paths: Paths, path: string, method: string, operation: JsonObject): void {
  const operations = paths.get(path) ?? new Map<string, JsonObject>();
  operations.set(method.toLowerCase(), operation);
  paths.set(path, operations);
}

const routeOf = ({ route }: PublicOperation): Route => routes.find(({ path }) => path === route) as Route;

function publicOperation(
  name: PublicOperationName,
  operation: PublicOperation,
  method: string,
  refusals: Refusals,
): JsonObject {
  const { path = operation.route, summary, description, credentials, body, isForwarded } = operation;
  const example = publicExamples[name];
  const described = [
    description,
    ...(isForwarded ? ['The path may have several segments. Body and query are passed on.'] : []),
  ].filter((text) => text !== undefined);
  return {
    operationId: camelCase(methodsOf(operation).length > 1 ? `${name}-${method.toLowerCase()}` : name),
    tags: [tagOf(path)],
    summary,
    ...(described.length > 0 && { description: described.join(' ') }),
    security: credentials.map((credential) => ({ [credential]: [] })),
    ...parametersOf([...pathParametersOf(path), ...headerParametersOf(operation)]),
    ...(body && {
      requestBody: {
        required: body.isRequired,
        content: {
          'application/json': { schema: bodySchemaOf(body.schema, body.isOpen), ...exampleOf(example.request) },
        },
      },
    }),
    ...(isForwarded &&
      method !== 'GET' &&
      method !== 'HEAD' && {
        requestBody: { description: 'Any bytes, which the upstream receives.', content: { '*/*': { schema: {} } } },
      }),
    responses: {
      ...Object.fromEntries(answersOf(name, operation, method)),
      ...refusals.of(operation.errors),
      ...(isForwarded && {
        default: { description: 'Any other response of the upstream.', content: { '*/*': { schema: {} } } },
      }),
    },
  };
}

function answersOf(name: PublicOperationName, operation: PublicOperation, method: string): [string, JsonObject][] {
  const { answers, isForwarded } = operation;
  const kind = routeOf(operation).path.startsWith('/admin/') ? 'admin' : isForwarded ? 'forwarded' : 'public';
  return Object.entries(answers).map(([status, { description, headers: own = {}, body }]) => {
    const presence = { ...ownHeaders[kind], ...own };
    const schema = body && jsonSchemaOf(body);
    const shown = schema && method !== 'HEAD' ? { schema, example: publicExamples[name].answer } : undefined;
    if (!isForwarded || shown === undefined) return [status, success(description, presence, shown)];
    const isUpstream = { description: 'What the upstream returned.' };
    return [
      status,
      success(description, presence, { ...shown, schema: { anyOf: [schema as JsonObject, isUpstream] } }),
    ];
  });
}

/** What a browser asks before a page of another origin calls. */
const preflight = (path: string, refusals: Refusals): JsonObject => ({
  operationId: camelCase(`preflight ${path.replace(/[^A-Za-z0-9]+/g, ' ').trim()}`),
  tags: [tagOf(path)],
  summary: 'Answer the preflight of a browser',
  security: [],
  ...parametersOf([
    ...pathParametersOf(path),
    { name: 'Origin', in: 'header', required: false, ...requestHeaders.Origin },
    {
      name: 'Access-Control-Request-Method',
      in: 'header',
      required: false,
      description: 'The method that the page wants to use.',
      schema: { type: 'string' },
      example: 'GET',
    },
  ]),
  responses: {
    204: success('Which pages may call, without a body.', ownHeaders.preflight),
    ...refusals.of([]),
  },
});

export const parametersOf = (parameters: readonly JsonObject[]): { readonly parameters?: Json } =>
  parameters.length === 0 ? {} : { parameters };

/** The parameters in a path. */
export const pathParametersOf = (path: string, examples: Readonly<Record<string, string>> = EXAMPLES): JsonObject[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => {
    const schema = pathParameters[name as keyof typeof pathParameters] as (typeof pathParameters)['shopId'] | undefined;
    const { form, ...rest } = schema ?? { type: 'string', form: 'one or more segments of a path' };
    return {
      name,
      in: 'path',
      required: true,
      description: sentenceOf(form),
      schema: rest,
      example: examples[name] ?? '',
    };
  });

const headerParametersOf = ({ route, headers: own = {} }: PublicOperation): JsonObject[] =>
  Object.entries(own).map(([name, required]) => ({
    name,
    in: 'header',
    required,
    ...requestHeaders[name],
    ...(name === 'Origin' && route.startsWith('/api/widget/') && { example: 'https://shop.example.com' }),
  }));

/** The groups of operations, in the order of the document. */
export const tags = [
  ['Widget tokens', `Issue and explain the tokens of shops, and call with ${headers.widgetToken}.`],
  ['Analytics', 'Security tokens, sessions, and calls of the analytics API.'],
  ['Data router', 'Calls of the data router by servers.'],
  ['Public keys', 'By which upstreams verify assertions.'],
  ['Administrator login', 'From an access key of AWS to a session.'],
  ['Administration', 'Actions of System Administrators. The console and the command line use them, too.'],
] as const;

function tagOf(path: string): string {
  if (path.startsWith('/admin/')) return 'Administrator login';
  if (path.startsWith('/.well-known/')) return 'Public keys';
  if (path.startsWith('/api/data-router/')) return 'Data router';
  return /^\/api\/(shops|widget)\//.test(path) ? 'Widget tokens' : 'Analytics';
}
