import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { type ErrorCode, errors } from '#contract/errors.ts';
import type { HttpAnswer } from './http.ts';

// The part of OpenAPI 3.1 that our document has.

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly example?: string | number;
}

interface Media {
  readonly schema: object;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, unknown>>;
}

interface Response {
  readonly headers?: Readonly<Record<string, { readonly $ref: string }>>;
  readonly content?: Readonly<Record<string, Media>>;
}

export interface OperationObject {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly security: readonly Readonly<Record<string, readonly never[]>>[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly required?: boolean; readonly content: Readonly<Record<string, Media>> };
  readonly responses: Readonly<Record<string, Response | { readonly $ref: string }>>;
}

export interface Operation extends OperationObject {
  readonly path: string;
  /** In capitals. */
  readonly method: string;
}

export interface OpenApiDocument {
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, OperationObject>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, object>>>>;
}

export const openApiDocument = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../docs/openapi.json'), 'utf8'),
) as OpenApiDocument;

export const operations: readonly Operation[] = Object.entries(openApiDocument.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ ...operation, path, method: method.toUpperCase() })),
);

/** What servers and API Gateway send of themselves, and `Content-Type`, which the document has with the body. */
const OF_THE_SERVER = [
  'connection',
  'content-length',
  'content-type',
  'date',
  'keep-alive',
  'transfer-encoding',
  'x-amz-apigw-id',
  'x-amzn-requestid',
];

const pointer = (...segments: readonly string[]): string =>
  segments.map((segment) => `/${encodeURIComponent(segment.replaceAll('~', '~0').replaceAll('/', '~1'))}`).join('');

/** Checks values and responses against the document. A member of a response that the document does not list is a fault. */
export class Validation {
  readonly #document: OpenApiDocument;
  readonly #ajv = new Ajv2020({ strict: false, allErrors: true });
  readonly #compiled = new Map<string, ValidateFunction>();

  constructor(document: OpenApiDocument) {
    this.#document = document;
    this.#ajv.addSchema(closed(document) as object, 'openapi.json');
  }

  /** What is wrong with a value by the schema at a place of the document. */
  faultsOf(value: unknown, place: string): string[] {
    const validate = this.#compiled.get(place) ?? this.#ajv.compile({ $ref: `openapi.json#${place}` });
    this.#compiled.set(place, validate);
    if (validate(value)) return [];
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
    );
  }

  /** What is wrong with a response. `byUpstream`: it may be one that the document leaves open. */
  faultsOfAnswer(operation: Operation, answer: HttpAnswer, byUpstream = false): string[] {
    const { responses, path, method } = operation;
    const status = String(answer.status);
    const named = responses[status];
    if (named === undefined) return byUpstream ? [] : [`status ${status} is not listed: ${answer.text}`];
    const at =
      '$ref' in named ? named.$ref.slice(1) : pointer('paths', path, method.toLowerCase(), 'responses', status);
    const response = this.#at<Response>(at);
    return [
      ...this.#faultsOfHeaders(response, answer, byUpstream),
      ...this.#faultsOfBody(response, at, answer, { byUpstream, isHead: method === 'HEAD' }),
    ];
  }

  #faultsOfHeaders({ headers: listed = {} }: Response, { headers: sent }: HttpAnswer, byUpstream: boolean): string[] {
    const names = Object.keys(listed).map((name) => name.toLowerCase());
    const unlisted = Object.keys(sent).filter((name) => !names.includes(name) && !OF_THE_SERVER.includes(name));
    return [
      ...(byUpstream ? [] : unlisted.map((name) => `header ${name} is not listed`)),
      ...Object.entries(listed).flatMap(([name, { $ref }]) => {
        const [value, ...more] = sent[name.toLowerCase()] ?? [];
        const { required } = this.#at<{ readonly required?: boolean }>($ref.slice(1));
        if (value === undefined) return required === true ? [`header ${name} is missing`] : [];
        return more.length > 0 && name !== 'Set-Cookie'
          ? [`header ${name} was sent twice`]
          : this.faultsOf(value, `${$ref.slice(1)}/schema`).map((fault) => `header ${name}: ${fault}`);
      }),
    ];
  }

  #faultsOfBody(
    { content }: Response,
    at: string,
    { status, headers, text, json }: HttpAnswer,
    { byUpstream, isHead }: { readonly byUpstream: boolean; readonly isHead: boolean },
  ): string[] {
    if (isHead || content === undefined) return text === '' ? [] : [`a body that is not listed: ${text}`];
    const [type = ''] = headers['content-type'] ?? [];
    const media = content[type];
    if (media === undefined) return [`content type ${type} is not listed`];
    const schema = `${at}${pointer('content', type, 'schema')}`;
    // The first of several forms is the gate's own; the others are those of upstreams.
    const form = 'anyOf' in media.schema && !byUpstream ? `${schema}/anyOf/0` : schema;
    return [...this.faultsOf(json, form), ...(status < 400 ? [] : faultsOfRefusal(json))];
  }

  #at<Value>(place: string): Value {
    const names = place.split('/').slice(1);
    return names.reduce<unknown>(
      (value, name) => (value as Record<string, unknown>)[decodeURIComponent(name).replaceAll('~1', '/')],
      this.#document,
    ) as Value;
  }
}

/** The message may say more than the catalog, never something else. */
function faultsOfRefusal({ code, message }: Readonly<Record<string, unknown>>): string[] {
  const entry = errors[code as ErrorCode] as (typeof errors)[ErrorCode] | undefined;
  return entry !== undefined && String(message).startsWith(entry.message) ? [] : [`message of ${code}: ${message}`];
}

/** A copy in which objects of the schemas have the members that they list and no others. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value !== 'object' || value === null) return value;
  const copy = Object.fromEntries(Object.entries(value).map(([name, member]) => [name, closed(member)]));
  const isObjectSchema = copy.type === 'object' && typeof copy.properties === 'object';
  return isObjectSchema && copy.additionalProperties === undefined ? { ...copy, additionalProperties: false } : copy;
}
