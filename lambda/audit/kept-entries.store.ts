import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { sessionItemPrefixes } from '#contract/tables.ts';
import { putIf } from '../platform/conditional-put.store.ts';
import { SCHEMA_VERSION } from '../platform/schema-version.ts';
import type { AuditEntry } from './entry.ts';
import type { KeptEntries } from './kept-entries.ts';
import { PENDING } from './outbox.ts';

/**
 * Entries that wait in the session table, an item each. An item has no end until its entry is in the trail: emptying it sets the end. Functions
 * that strangers reach have a prefix of their own, so that they can keep no entry about anything but log-ins.
 */
export class DynamoKeptEntries implements KeptEntries {
  readonly #client: DynamoDBClient;
  readonly #tableName: string;
  readonly #prefix: string;

  constructor(client: DynamoDBClient, tableName: string, kind: 'keptEntry' | 'keptLogin') {
    this.#client = client;
    this.#tableName = tableName;
    this.#prefix = sessionItemPrefixes[kind];
  }

  async keep(entry: AuditEntry): Promise<void> {
    const item = {
      schemaVersion: SCHEMA_VERSION,
      sessionHash: this.#prefix + entry.id,
      kind: 'kept-entry',
      keptAt: Math.floor(entry.at / 1_000),
      auditOutbox: JSON.stringify([entry]),
      auditPending: PENDING,
    };
    await putIf(this.#client, {
      operation: 'keep audit entry',
      tableName: this.#tableName,
      item: marshall(item),
      versionBefore: undefined,
      keyName: 'sessionHash',
    });
  }
}
