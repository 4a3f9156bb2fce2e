import { type AttributeValue, QueryCommand, type QueryCommandOutput } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { LOGINS_SUBJECT, LOGOUTS_SUBJECT } from '#contract/audit.ts';
import { AUDIT_DAY_INDEX } from '#contract/tables.ts';
import { callStore } from '../platform/clients.store.ts';
import { SCHEMA_VERSION } from '../platform/schema-version.ts';
import type { AuditEntry, AuditPage, AuditQuery, AuditStore } from './entry.ts';
import { DAY_SECONDS, DynamoAuditTrail, dayOf, sortKeyOf } from './trail.store.ts';

/** The position of a query: its time range, the day it has reached, and the last item of that day, unless the day is finished. */
export interface AuditPlace {
  /** Unix milliseconds: those of the first page, so that the range stays the same for all pages. */
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

/** The start of a query; undefined for a cursor that we did not write, or wrote for another kind of query. */
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

interface Filter {
  readonly expression: string | undefined;
  readonly names: Record<string, string>;
  readonly values: Record<string, AttributeValue>;
}

/** The filters that DynamoDB applies to the entries that it found by their key. An actor is specified by ARN or user name. */
export function auditFilter({ actor, action, code, requestId }: AuditQuery): Filter {
  const byArn = actor?.startsWith('arn:') === true;
  const wanted = Object.entries({
    action,
    code,
    ...(actor !== undefined && { [byArn ? 'actor' : 'actorName']: actor }),
  }).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const conditions = wanted.map(([name]) => `#${name} = :${name}`);
  const names = Object.fromEntries(wanted.map(([name]) => [`#${name}`, name]));
  const values: Record<string, AttributeValue> = Object.fromEntries(
    wanted.map(([name, value]) => [`:${name}`, { S: value }]),
  );
  if (requestId !== undefined) {
    conditions.push('(#requestId = :requestId OR contains(#requestIds, :requestId))');
    Object.assign(names, { '#requestId': 'requestId', '#requestIds': 'requestIds' });
    values[':requestId'] = { S: requestId };
  }
  return { expression: conditions.length === 0 ? undefined : conditions.join(' AND '), names, values };
}

const dayBefore = (day: string): string => dayOf(Date.parse(`${day}T00:00:00Z`) - DAY_SECONDS * 1_000);

/**
 * An entry as it was written. Of an entry that a newer release wrote, or that we cannot have written, only place and time: so it is
 * visible, never misread, and does not block the others.
 */
export function readAuditItem(item: Record<string, AttributeValue>): AuditEntry {
  const { schemaVersion, ...stored } = unmarshall(item);
  if (schemaVersion !== undefined && schemaVersion !== SCHEMA_VERSION) return unreadable(stored);
  const { at, day: _day, expiresAt: _end, actor, actorId, actorName: _name, before, after, ...entry } = stored;
  try {
    return {
      ...(entry as Omit<AuditEntry, 'at'>),
      at: timeOf(at),
      ...(actor !== undefined && { actor: { arn: String(actor), userId: String(actorId) } }),
      ...(before !== undefined && { before: JSON.parse(String(before)) as Record<string, unknown> }),
      ...(after !== undefined && { after: JSON.parse(String(after)) as Record<string, unknown> }),
    };
  } catch {
    return unreadable(stored);
  }
}

const timeOf = (at: unknown): number => Date.parse(String(at).split('#')[0] ?? '');

const unreadable = ({ id, at, subject }: Readonly<Record<string, unknown>>): AuditEntry => ({
  id: String(id),
  at: timeOf(at),
  subject: String(subject),
  action: 'unreadable',
  code: 'corrupt_record',
});

type Item = Record<string, AttributeValue>;
type Place = Item | undefined;

/** The items of a query, newest first, and the last key that it read, if there may be more. */
interface Found {
  readonly items: readonly Item[];
  readonly after: Place;
}

const foundIn = ({ Items = [], LastEvaluatedKey }: QueryCommandOutput): Found => ({
  items: Items,
  after: LastEvaluatedKey,
});

const atOf = (item: Item): string => item.at?.S ?? '';
const newestFirst = (one: Item, other: Item): number => (atOf(one) < atOf(other) ? 1 : -1);

/**
 * The next entries of subjects that are read as one, at most `limit`. If one subject may have more, entries older than its last one wait
 * for the next query, because other entries may be in between. The cursor is a time for all subjects, whether there is an item at that time
 * or not.
 */
export function merged(parts: readonly Found[], limit: number): Found {
  const ends = parts.flatMap(({ after }): Item[] => (after === undefined ? [] : [after]));
  const [end] = ends.sort(newestFirst);
  const ready = parts
    .flatMap(({ items }) => items)
    .sort(newestFirst)
    .filter((item) => end === undefined || atOf(item) >= atOf(end));
  const items = ready.slice(0, limit);
  const last = items.at(-1);
  const after = items.length < ready.length ? last : end;
  return { items, after: after && { subject: { S: LOGINS_SUBJECT }, at: { S: atOf(after) } } };
}

/** A page covers at most this many days; after that, its cursor gives the next position. */
const MAX_QUERIES = 10;

/** The same with its queries. It is a separate class because only the admin API reads, while every function appends. */
export class DynamoAuditStore extends DynamoAuditTrail implements AuditStore {
  async query(asked: AuditQuery): Promise<AuditPage | undefined> {
    const start = readAuditCursor(asked);
    if (start === undefined) return undefined;
    const query = { ...asked, from: start.from, to: start.to };
    const entries: AuditEntry[] = [];
    let { day, after } = start;
    for (let queries = 0; queries < MAX_QUERIES; queries += 1) {
      const found = await this.#queryPartitions(query, day, after, query.limit - entries.length);
      entries.push(...found.items.map(readAuditItem));
      after = found.after;
      if (after === undefined) {
        const earlier = dayBefore(day);
        if (query.subject !== undefined || earlier < dayOf(query.from)) return { entries };
        day = earlier;
      }
      if (entries.length >= query.limit) break;
    }
    return { entries, cursor: writeAuditCursor({ ...start, day, after }) };
  }

  /** The next entries of one subject or one day, or of two subjects that are read as one, in the order of time. */
  async #queryPartitions(query: AuditQuery, day: string, after: Place, limit: number): Promise<Found> {
    if (query.subject !== LOGINS_SUBJECT) return foundIn(await this.#queryOnce(query, day, after, limit));
    const read = [LOGINS_SUBJECT, LOGOUTS_SUBJECT].map((subject) => {
      const place = after && { ...after, subject: { S: subject } };
      return this.#queryOnce({ ...query, subject }, day, place, limit);
    });
    return merged((await Promise.all(read)).map(foundIn), limit);
  }

  #queryOnce(query: AuditQuery, day: string, after: Place, limit: number) {
    const bySubject = query.subject !== undefined;
    const filter = auditFilter(query);
    const command = new QueryCommand({
      TableName: this.tableName,
      // Entries that were just copied there must be found.
      ...(bySubject ? { ConsistentRead: true } : { IndexName: AUDIT_DAY_INDEX }),
      KeyConditionExpression: '#partition = :partition AND #at BETWEEN :from AND :to',
      ExpressionAttributeNames: { '#partition': bySubject ? 'subject' : 'day', '#at': 'at', ...filter.names },
      ExpressionAttributeValues: {
        ':partition': { S: query.subject ?? day },
        ':from': { S: sortKeyOf(query.from, '') },
        ':to': { S: sortKeyOf(query.to, '~') },
        ...filter.values,
      },
      ...(filter.expression !== undefined && { FilterExpression: filter.expression }),
      ScanIndexForward: false,
      Limit: Math.max(limit, 1),
      ...(after !== undefined && { ExclusiveStartKey: after }),
    });
    return callStore('query audit', (abortSignal) => this.client.send(command, { abortSignal }));
  }
}
