import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { AuditQuery } from '../ports.ts';
import { dayOf } from './audit-item.ts';

/** Where a query goes on: the day it has come to, and the last item of that day, if it was not the day's last. */
export interface AuditPlace {
  readonly day: string;
  readonly after: Record<string, AttributeValue> | undefined;
}

const DAY = /^\d{4}-\d\d-\d\d$/;
const KEY_ATTRIBUTES = ['subject', 'at', 'day'];

export const writeAuditCursor = ({ day, after }: AuditPlace): string =>
  Buffer.from(
    JSON.stringify([day, ...(after === undefined ? [] : KEY_ATTRIBUTES.map((name) => after[name]?.S ?? null))]),
  ).toString('base64url');

/** Where a query begins; undefined for a cursor that we did not write, or wrote for another kind of query. */
export function readAuditCursor({ cursor, subject, to }: AuditQuery): AuditPlace | undefined {
  if (cursor === undefined) return { day: dayOf(to), after: undefined };
  const [day, ...key] = parse(cursor);
  if (typeof day !== 'string' || !DAY.test(day)) return undefined;
  if (key.length === 0) return { day, after: undefined };
  const wanted = subject === undefined ? KEY_ATTRIBUTES : KEY_ATTRIBUTES.slice(0, 2);
  if (!wanted.every((_, at) => typeof key[at] === 'string') || (subject !== undefined && key[0] !== subject))
    return undefined;
  return { day, after: Object.fromEntries(wanted.map((name, at) => [name, { S: key[at] as string }])) };
}

function parse(cursor: string): unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}
