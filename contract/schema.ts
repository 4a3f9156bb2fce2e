/**
 * The part of JSON Schema (2020-12) that this API needs, as plain data. Types, the validation of a request and OpenAPI are generated from
 * it. `form` describes a value in words that complete "must be".
 */
export type Schema =
  | StringSchema
  | IntegerSchema
  | { readonly type: 'boolean'; readonly const?: true; readonly form?: string; readonly default?: boolean }
  | {
      readonly type: 'array';
      readonly items: Schema;
      readonly minItems?: number;
      readonly maxItems?: number;
      readonly uniqueItems?: true;
      readonly form?: string;
      readonly default?: readonly never[];
    }
  | { readonly type: 'object' }
  | { readonly type: 'null' }
  | ObjectSchema
  | { readonly anyOf: readonly Schema[] };

export interface StringSchema {
  readonly type: 'string';
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly minLength?: number;
  /** In characters as people count them. */
  readonly maxLength?: number;
  readonly format?: Format;
  readonly form?: string;
  readonly default?: string;
}

export interface IntegerSchema {
  readonly type: 'integer';
  readonly enum?: readonly number[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly form?: string;
  readonly default?: number;
}

export interface ObjectSchema {
  readonly type: 'object';
  readonly properties: Readonly<Record<string, Schema>>;
  readonly required: readonly string[];
}

/**
 * How a text is parsed beyond its characters: a name for people; a time, or a day, which means its first or its last millisecond; the
 * cursor of a list of shops; an id that fits in a header.
 */
export type Format = 'plain-text' | 'first-moment' | 'last-moment' | 'shop-cursor' | 'subject-id';

/** The values that a schema describes, as they are sent. */
export type Infer<S> = S extends { readonly enum: readonly (infer E)[] }
  ? E
  : S extends { readonly type: 'string' }
    ? string
    : S extends { readonly type: 'integer' }
      ? number
      : S extends { readonly type: 'boolean'; readonly const: infer C }
        ? C
        : S extends { readonly type: 'boolean' }
          ? boolean
          : S extends { readonly type: 'null' }
            ? null
            : S extends { readonly type: 'array'; readonly items: infer I }
              ? readonly Infer<I>[]
              : S extends { readonly properties: infer P; readonly required: readonly (infer R)[] }
                ? { readonly [K in keyof P as K extends R ? K : never]: Infer<P[K]> } & {
                    readonly [K in keyof P as K extends R ? never : K]?: Infer<P[K]>;
                  }
                : S extends { readonly anyOf: readonly (infer A)[] }
                  ? Infer<A>
                  : Readonly<Record<string, unknown>>;

/** The same values as the gate parses them: a time becomes Unix milliseconds, and a member with a default is always present. */
export type Read<S> = S extends { readonly format: 'first-moment' | 'last-moment' }
  ? number
  : S extends { readonly properties: infer P; readonly required: readonly (infer R)[] }
    ? { readonly [K in keyof P as IsThere<K, P[K], R> extends true ? K : never]: Read<P[K]> } & {
        readonly [K in keyof P as IsThere<K, P[K], R> extends true ? never : K]?: Read<P[K]>;
      }
    : Infer<S>;

type IsThere<Name, S, Required> = Name extends Required ? true : S extends { readonly default: unknown } ? true : false;

/** An object with these members. */
export const object = <const P extends Readonly<Record<string, Schema>>, const R extends readonly (keyof P & string)[]>(
  properties: P,
  required: R,
) => ({ type: 'object', properties, required }) as const satisfies ObjectSchema;

export const list = <const I extends Schema>(items: I) => ({ type: 'array', items }) as const;

export const nullable = <const S extends Schema>(schema: S) => ({ anyOf: [schema, { type: 'null' }] }) as const;
