import type { TableResource } from '../model.ts';
import { type DynamoStore, dynaliteDatabase, runOperation } from './dynalite.ts';
import { ensureTable } from './dynamodb-tables.ts';
import type { Members } from './members.ts';

/** An item that a write may have changed. */
export interface ChangedItem {
  readonly tableName: string;
  readonly key: Members;
}

interface Change extends ChangedItem {
  readonly at: number;
  /** Undefined: it was deleted. */
  readonly item: Members | undefined;
}

/** A copy of the tables, in memory, that learns of each write some time after it: what DynamoDB may answer to a read without ConsistentRead. */
export class LaggingReplica {
  readonly #primary: DynamoStore;
  readonly #store = dynaliteDatabase().create({ createTableMs: 0 });
  readonly #now: () => number;
  readonly #pending: Change[] = [];
  /** Changes are applied one after the other, in the order of the writes. */
  #applied: Promise<void> = Promise.resolve();

  private constructor(primary: DynamoStore, now: () => number) {
    this.#primary = primary;
    this.#now = now;
  }

  /** Begins as an exact copy. Writes that end later must be recorded. */
  static async copyOf(
    primary: DynamoStore,
    tables: readonly TableResource[],
    now: () => number,
  ): Promise<LaggingReplica> {
    const replica = new LaggingReplica(primary, now);
    await replica.#store.db.open();
    for (const table of tables) {
      await ensureTable(replica.#store, table);
      await replica.#copy(table.tableName);
    }
    return replica;
  }

  async #copy(TableName: string): Promise<void> {
    let start: unknown;
    do {
      const page = await runOperation(this.#primary, 'Scan', {
        TableName,
        ...(start !== undefined && { ExclusiveStartKey: start }),
      });
      for (const Item of page.Items as Members[]) await runOperation(this.#store, 'PutItem', { TableName, Item });
      start = page.LastEvaluatedKey;
    } while (start !== undefined);
  }

  /** Takes note of what a write that has just ended left behind. */
  async record(changed: readonly ChangedItem[]): Promise<void> {
    for (const { tableName, key } of changed) {
      const at = this.#now();
      const read = { TableName: tableName, Key: structuredClone(key), ConsistentRead: true };
      const { Item } = await runOperation(this.#primary, 'GetItem', read);
      this.#pending.push({ tableName, key, at, item: Item as Members | undefined });
    }
  }

  /** Answers a read with what the tables held `lag` milliseconds ago. */
  async read(operation: string, input: Members, lag: number): Promise<Members> {
    this.#applied = this.#applied.then(() => this.#applyUntil(this.#now() - lag));
    await this.#applied;
    return runOperation(this.#store, operation, input);
  }

  async #applyUntil(time: number): Promise<void> {
    for (let next = this.#pending[0]; next !== undefined && next.at <= time; next = this.#pending[0]) {
      this.#pending.shift();
      const { tableName: TableName, key, item } = next;
      if (item === undefined) await runOperation(this.#store, 'DeleteItem', { TableName, Key: structuredClone(key) });
      else await runOperation(this.#store, 'PutItem', { TableName, Item: item });
    }
  }
}
