import * as v from 'valibot';
import type { Format, IntegerSchema, Schema, StringSchema } from '#contract/schema.ts';
import { isSubjectId } from '../analytics/security-token.ts';
import { readShopCursor } from '../shops/shop-id.ts';

/** Control, format, private and unassigned characters, and every space except the ordinary one. */
const HIDDEN = /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u;

/**
 * Parses a name that people see: letters of every script, but no character that hides text, reorders it or breaks a line. Returns it
 * composed (NFC) and trimmed; undefined when it is empty, too long or contains another character.
 */
function readPlainText(text: string, maxChars: number): string | undefined {
  const read = text.trim().normalize('NFC');
  const length = [...read].length;
  return length >= 1 && length <= maxChars && !HIDDEN.test(read) ? read : undefined;
}

const FORM =
  /^(\d{4}-\d{2}-\d{2})(?:T([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(\.\d{1,9})?)?(Z|[+ -](?:[01]\d|2[0-3]):[0-5]\d))?$/;

const DAY_MILLISECONDS = 86_400_000;

/**
 * Parses a day or a time (RFC 3339, seconds optional) into Unix milliseconds; undefined when it is invalid or has no time zone. A day means
 * its first or last millisecond in UTC. A space before the offset is read as a plus sign, because a query string decodes a plus sign to a
 * space.
 */
export function readPointInTime(text: string, ofDay: 'first' | 'last'): number | undefined {
  const [, day = '', hours, minutes, seconds = '00', fraction = '', zone] = FORM.exec(text) ?? [];
  const start = Date.parse(`${day}T00:00:00Z`);
  // Some parsers read the 30th of February as a day in March.
  if (Number.isNaN(start) || !new Date(start).toISOString().startsWith(day)) return undefined;
  if (zone === undefined) return ofDay === 'first' ? start : start + DAY_MILLISECONDS - 1;
  const moment = Date.parse(`${day}T${hours}:${minutes}:${seconds}${fraction.slice(0, 4)}${zone.replace(' ', '+')}`);
  return Number.isNaN(moment) ? undefined : moment;
}

type Check = v.GenericSchema;

/** The parser of each text format; it returns undefined for an invalid text. */
const readers: Readonly<Record<Format, (text: string, maxLength: number) => unknown>> = {
  'plain-text': readPlainText,
  'first-moment': (text) => readPointInTime(text, 'first'),
  'last-moment': (text) => readPointInTime(text, 'last'),
  'shop-cursor': readShopCursor,
  'subject-id': (text) => (isSubjectId(text) ? text : undefined),
};

/** Validates and parses the members of a request; an unknown member is rejected. In a query every value is text, whole numbers too. */
export const checkOf = (
  members: Readonly<Record<string, Schema>>,
  required: readonly string[],
  isQuery: boolean,
): v.GenericSchema<unknown, Readonly<Record<string, unknown>>> =>
  v.strictObject(
    Object.fromEntries(
      Object.entries(members).map(([name, schema]) => {
        const check = checkOfValue(schema, isQuery);
        if (required.includes(name)) return [name, check];
        return [
          name,
          'default' in schema ? v.optional(check, () => asSent(schema.default, isQuery)) : v.exactOptional(check),
        ];
      }),
    ),
  ) as v.GenericSchema<unknown, Readonly<Record<string, unknown>>>;

/** A default is parsed like a value that was sent. */
const asSent = (value: unknown, isQuery: boolean): unknown => (isQuery ? String(value) : value);

function checkOfValue(schema: Schema, isQuery: boolean): Check {
  if (!('type' in schema)) throw new Error('a member of a request has one type');
  switch (schema.type) {
    case 'string':
      return checkOfText(schema);
    case 'integer':
      return checkOfInteger(schema, isQuery);
    case 'boolean':
      return v.boolean();
    case 'array':
      return v.pipe(
        v.array(checkOfValue(schema.items, false)),
        v.minLength(schema.minItems ?? 0),
        v.maxLength(schema.maxItems ?? Number.POSITIVE_INFINITY),
        v.check((items) => schema.uniqueItems !== true || new Set(items).size === items.length),
      );
    default:
      throw new Error(`a member of a request cannot be of type ${schema.type}`);
  }
}

function checkOfText(schema: StringSchema): Check {
  const { format, pattern, minLength = 0, maxLength = Number.POSITIVE_INFINITY } = schema;
  const matches = new RegExp(pattern ?? '', 'u');
  const isRight = (text: string): boolean =>
    matches.test(text) && text.length >= minLength && schema.enum?.includes(text) !== false;
  if (format === undefined) return v.pipe(v.string(), v.maxLength(maxLength), v.check(isRight));
  const read = readers[format];
  return v.pipe(
    v.string(),
    v.transform((text) => read(text, maxLength)),
    v.check((value) => value !== undefined && (typeof value !== 'string' || isRight(value))),
  );
}

function checkOfInteger(schema: IntegerSchema, isQuery: boolean): Check {
  const { minimum = 0, maximum = Number.MAX_SAFE_INTEGER } = schema;
  const isRight = (value: number): boolean =>
    Number.isInteger(value) && value >= minimum && value <= maximum && schema.enum?.includes(value) !== false;
  return isQuery
    ? v.pipe(v.string(), v.regex(/^[1-9]\d{0,3}$/), v.transform(Number), v.check(isRight))
    : v.pipe(v.number(), v.check(isRight));
}
