import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { AuditQuery } from '../ports.ts';
import { dayOf, sortKeyOf } from './audit-item.ts';

/** Where a query goes on: within which times, the day it has come to, and the last item of that day, if it was not the day's last. */
export interface AuditPlace {
  /** Unix milliseconds: those of the first page, so that the window does not move under its reader. */
  readonly from: number;
  readonly to: number;
  readonly day: string;
  readonly after: Record<string, AttributeValue> | undefined;
}

const KEY_ATTRIBUTES = ['subject', 'at', 'day'];

export function writeAuditCursor({ from, to, day, after }: AuditPlace): string {
  const key = after === undefined ? [] : KEY_ATTRIBUTES.map((name) => after[name]?.S ?? day);
  return Buffer.from(JSON.stringify([from, to, day, ...key])).toString('base64url');
}

/** Where a query begins; undefined for a cursor that we did not write, or wrote for another kind of query. */
export function readAuditCursor({ cursor, subject, from, to }: AuditQuery): AuditPlace | undefined {
  if (cursor === undefined) return { from, to, day: dayOf(to), after: undefined };
  const [first, last, day, ...key] = parse(cursor);
  if (!isTime(first) || !isTime(last) || typeof day !== 'string' || !isDay(day)) return undefined;
  if (day < dayOf(first) || day > dayOf(last)) return undefined;
  const place = { from: first, to: last, day };
  if (key.length === 0) return { ...place, after: undefined };
  const [keySubject, at, keyDay] = key;
  if (typeof keySubject !== 'string' || keySubject === '' || typeof at !== 'string' || keyDay !== day) return undefined;
  if (at < sortKeyOf(first, '') || at > sortKeyOf(last, '~')) return undefined;
  if (subject !== undefined) {
    if (keySubject !== subject) return undefined;
    return { ...place, after: { subject: { S: subject }, at: { S: at } } };
  }
  return at.startsWith(day)
    ? { ...place, after: { subject: { S: keySubject }, at: { S: at }, day: { S: day } } }
    : undefined;
}

const isTime = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && Math.abs(value) < 8.64e15;

const isDay = (text: string): boolean => {
  const time = Date.parse(`${text}T00:00:00Z`);
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(time) && dayOf(time) === text;
};

function parse(cursor: string): unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}
