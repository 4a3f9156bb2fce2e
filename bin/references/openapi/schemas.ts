import { adminSchemas } from '#contract/admin-api.ts';
import { publicSchemas } from '#contract/public-schemas.ts';
import type { ObjectSchema, Schema } from '#contract/schema.ts';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [member: string]: Json };
export type JsonObject = { readonly [member: string]: Json };

const named: Readonly<Record<string, Schema>> = { ...publicSchemas, ...adminSchemas };
const names = new Map<Schema, string>(Object.entries(named).map(([name, schema]) => [schema, name]));

/** The schemas that have a name, as components of a document. */
export const schemaComponents = (): JsonObject =>
  Object.fromEntries(Object.entries(named).map(([name, schema]) => [name, expanded(schema)]));

/** A schema of the contract as JSON Schema; one that has a name as a reference. */
export function jsonSchemaOf(schema: Schema): JsonObject {
  const name = names.get(schema);
  return name === undefined ? expanded(schema) : { $ref: `#/components/schemas/${name}` };
}

/** A request body, in which unknown members are refused unless it is open. */
export const bodySchemaOf = (schema: ObjectSchema, isOpen = false): JsonObject => ({
  ...expanded(schema),
  additionalProperties: isOpen,
});

function expanded(schema: Schema): JsonObject {
  if ('anyOf' in schema) return { anyOf: schema.anyOf.map(jsonSchemaOf) };
  // Formats of the contract are not those of JSON Schema; their forms in words say what they mean.
  const { form, format, ...rest } = schema as Exclude<Schema, { anyOf: unknown }> & { form?: string; format?: string };
  const described = { ...(form !== undefined && { description: sentenceOf(form) }), ...rest };
  if ('properties' in described) return { ...described, properties: membersOf(described as ObjectSchema) };
  if ('items' in described) return { ...described, items: jsonSchemaOf(described.items as Schema) };
  return described as JsonObject;
}

const membersOf = ({ properties }: ObjectSchema): JsonObject =>
  Object.fromEntries(Object.entries(properties).map(([name, member]) => [name, jsonSchemaOf(member)]));

/** `a text` → `A text.` */
export const sentenceOf = (form: string): string => `${form.charAt(0).toUpperCase()}${form.slice(1)}.`;
