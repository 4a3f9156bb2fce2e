import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { callStore } from '../platform/clients.store.ts';
import { SCHEMA_VERSION } from '../platform/schema-version.ts';
import type { AuditEntry, AuditTrail } from './entry.ts';

export const DAY_SECONDS = 86_400;

/** In time order, and unique by the entry's id. */
export const sortKeyOf = (atMilliseconds: number, id: string): string =>
  `${new Date(atMilliseconds).toISOString()}#${id}`;

/** The UTC day, `2026-11-21`. */
export const dayOf = (atMilliseconds: number): string => new Date(atMilliseconds).toISOString().slice(0, 10);

/** An entry as stored. Before and after are text, so that their members cannot collide with our own attributes. */
export function writeAuditItem(
  { at, actor, before, after, ...entry }: AuditEntry,
  retentionDays: number,
): Record<string, AttributeValue> {
  return marshall(
    {
      schemaVersion: SCHEMA_VERSION,
      ...entry,
      at: sortKeyOf(at, entry.id),
      day: dayOf(at),
      expiresAt: Math.floor(at / 1_000) + retentionDays * DAY_SECONDS,
      actor: actor?.arn,
      actorId: actor?.userId,
      actorName: actor?.arn.slice(actor.arn.lastIndexOf('/') + 1),
      before: before && JSON.stringify(before),
      after: after && JSON.stringify(after),
    },
    { removeUndefinedValues: true },
  );
}

/** Few enough for the connections and the time of one attempt. */
const PARALLEL_PUTS = 10;

/**
 * The audit trail in its table: by subject, and by day through an index. Nothing is ever scanned, changed or deleted.
 */
export class DynamoAuditTrail implements AuditTrail {
  protected readonly client: DynamoDBClient;
  protected readonly tableName: string;
  readonly #retentionDays: number;

  constructor(client: DynamoDBClient, tableName: string, retentionDays: number) {
    this.client = client;
    this.tableName = tableName;
    this.#retentionDays = retentionDays;
  }

  /**
   * Each entry is written by itself, several in parallel. No batch writes, because their grant also allows deletions.
   */
  async append(entries: readonly AuditEntry[]): Promise<void> {
    for (let at = 0; at < entries.length; at += PARALLEL_PUTS) {
      const some = entries.slice(at, at + PARALLEL_PUTS);
      const written = await Promise.allSettled(some.map((entry) => this.#appendOne(entry)));
      const failed = written.find(({ status }) => status === 'rejected');
      if (failed !== undefined) throw (failed as PromiseRejectedResult).reason;
    }
  }

  #appendOne(entry: AuditEntry): Promise<void> {
    const command = new PutItemCommand({
      TableName: this.tableName,
      Item: writeAuditItem(entry, this.#retentionDays),
      ConditionExpression: 'attribute_not_exists(#subject)',
      ExpressionAttributeNames: { '#subject': 'subject' },
    });
    return callStore('append audit', async (abortSignal) => {
      try {
        await this.client.send(command, { abortSignal });
      } catch (error) {
        // It is already there, as required; an entry is never changed.
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    });
  }
}
