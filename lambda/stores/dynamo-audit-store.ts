import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { AUDIT_DAY_INDEX } from '../contract/tables.ts';
import type { AuditEntry } from '../core/audit.ts';
import type { AuditPage, AuditQuery, AuditStore } from '../ports.ts';
import { readAuditCursor, writeAuditCursor } from './audit-cursor.ts';
import { auditFilter } from './audit-filter.ts';
import { dayBefore, dayOf, readAuditItem, sortKeyOf, writeAuditItem } from './audit-item.ts';
import { callStore } from './clients.ts';

/** A page looks at so many days at most; then its cursor says where to go on. */
const MAX_QUERIES = 10;
/** Few enough for the connections and the time of one attempt. */
const PARALLEL_PUTS = 10;

/** The audit trail in its table: by subject, and through an index by day. Nothing is ever scanned, changed or deleted. */
export class DynamoAuditStore implements AuditStore {
  readonly #client: DynamoDBClient;
  readonly #tableName: string;
  readonly #retentionDays: number;

  constructor(client: DynamoDBClient, tableName: string, retentionDays: number) {
    this.#client = client;
    this.#tableName = tableName;
    this.#retentionDays = retentionDays;
  }

  /** Each entry by itself, some at the same time. No batch writes: their grant allows deletions, too. */
  async append(entries: readonly AuditEntry[]): Promise<void> {
    for (let at = 0; at < entries.length; at += PARALLEL_PUTS) {
      const some = entries.slice(at, at + PARALLEL_PUTS);
      const written = await Promise.allSettled(some.map((entry) => this.#appendOne(entry)));
      const failed = written.find(({ status }) => status === 'rejected');
      if (failed !== undefined) throw (failed as PromiseRejectedResult).reason;
    }
  }

  async query(asked: AuditQuery): Promise<AuditPage | undefined> {
    const start = readAuditCursor(asked);
    if (start === undefined) return undefined;
    const query = { ...asked, from: start.from, to: start.to };
    const entries: AuditEntry[] = [];
    let { day, after } = start;
    for (let queries = 0; queries < MAX_QUERIES; queries += 1) {
      const { Items = [], LastEvaluatedKey } = await this.#queryOnce(query, day, after, query.limit - entries.length);
      entries.push(...Items.map(readAuditItem));
      after = LastEvaluatedKey;
      if (after === undefined) {
        const earlier = dayBefore(day);
        if (query.subject !== undefined || earlier < dayOf(query.from)) return { entries };
        day = earlier;
      }
      if (entries.length >= query.limit) break;
    }
    return { entries, cursor: writeAuditCursor({ ...start, day, after }) };
  }

  #appendOne(entry: AuditEntry): Promise<void> {
    const command = new PutItemCommand({
      TableName: this.#tableName,
      Item: writeAuditItem(entry, this.#retentionDays),
      ConditionExpression: 'attribute_not_exists(#subject)',
      ExpressionAttributeNames: { '#subject': 'subject' },
    });
    return callStore('append audit', async (abortSignal) => {
      try {
        await this.#client.send(command, { abortSignal });
      } catch (error) {
        // It is there already, which is all that was wanted; an entry is never changed.
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    });
  }

  #queryOnce(query: AuditQuery, day: string, after: Record<string, AttributeValue> | undefined, limit: number) {
    const bySubject = query.subject !== undefined;
    const filter = auditFilter(query);
    const command = new QueryCommand({
      TableName: this.#tableName,
      // What was just copied there must be seen.
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
    return callStore('query audit', (abortSignal) => this.#client.send(command, { abortSignal }));
  }
}
