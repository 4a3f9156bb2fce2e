import type { TableResource } from '../model.ts';
import { type DynamoStore, dynaliteDatabase, type KeyElement, runOperation, type TableRecord } from './dynalite.ts';
import { checkMembers, type Members } from './members.ts';

interface Index extends Members {
  readonly IndexName: string;
  readonly KeySchema: readonly KeyElement[];
  readonly Projection: Members;
}

const INDEX_MEMBERS = ['IndexName', 'KeySchema', 'Projection'];

/** Creates the deployed table, or brings a kept one up to date: new indexes are built from the items that are there. */
export async function ensureTable(store: DynamoStore, table: TableResource): Promise<void> {
  const indexes = table.globalSecondaryIndexes.map((index) => readIndex(index, table.tableName));
  const kept = await readTable(store, table.tableName);
  if (kept === undefined) return createTable(store, table, indexes);
  refuseOtherKeys(kept, table);
  // A kill between creation and activation leaves another status behind.
  const active = { ...kept, TableStatus: 'ACTIVE' };
  await writeTable(store, active);
  const known = (kept.GlobalSecondaryIndexes ?? []).map(({ IndexName }) => IndexName);
  const added = indexes.filter(({ IndexName }) => !known.includes(IndexName));
  if (added.length > 0) await addIndexes(store, active, table, added);
}

function readIndex(index: unknown, tableName: string): Index {
  checkMembers(index as Members, INDEX_MEMBERS, `an index of ${tableName}`);
  return index as Index;
}

function refuseOtherKeys(kept: TableRecord, { tableName, keySchema, attributeDefinitions }: TableResource): void {
  const describe = (keys: readonly KeyElement[], definitions: TableRecord['AttributeDefinitions']): string =>
    keys
      .map((key) => `${key.KeyType} ${key.AttributeName} ${typeOf(key.AttributeName, definitions)}`)
      .sort()
      .join(', ');
  const before = describe(kept.KeySchema, kept.AttributeDefinitions);
  const now = describe(keySchema, attributeDefinitions);
  if (before !== now) {
    throw new Error(
      `the kept table ${tableName} has the key (${before}), the template wants (${now}): a table's key cannot change; use another data directory`,
    );
  }
}

const typeOf = (name: string, definitions: TableRecord['AttributeDefinitions']): string =>
  definitions.find(({ AttributeName }) => AttributeName === name)?.AttributeType ?? '?';

async function createTable(store: DynamoStore, table: TableResource, indexes: readonly Index[]): Promise<void> {
  await runOperation(store, 'CreateTable', {
    TableName: table.tableName,
    AttributeDefinitions: table.attributeDefinitions.map((definition) => ({ ...definition })),
    KeySchema: table.keySchema.map((key) => ({ ...key })),
    BillingMode: 'PAY_PER_REQUEST',
    ...(indexes.length > 0 && { GlobalSecondaryIndexes: structuredClone(indexes) }),
  });
  while ((await readTable(store, table.tableName))?.TableStatus !== 'ACTIVE') await new Promise(setImmediate);
}

/** Items first: an index is listed only when it is complete, so that a kill in between leaves it to be built again. */
async function addIndexes(
  store: DynamoStore,
  kept: TableRecord,
  { attributeDefinitions, tableName }: TableResource,
  added: readonly Index[],
): Promise<void> {
  const described = added.map((index) => ({ ...structuredClone(index), IndexStatus: 'ACTIVE', ItemCount: 0 }));
  const onlyNew = { ...kept, AttributeDefinitions: attributeDefinitions, GlobalSecondaryIndexes: described };
  let start: unknown;
  do {
    const page = await runOperation(store, 'Scan', {
      TableName: tableName,
      ...(start !== undefined && { ExclusiveStartKey: start }),
    });
    for (const item of page.Items as unknown[]) await indexItem(store, onlyNew, item);
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
  const before = kept.GlobalSecondaryIndexes ?? [];
  await writeTable(store, { ...onlyNew, GlobalSecondaryIndexes: [...before, ...described] });
}

const indexItem = (store: DynamoStore, table: TableRecord, item: unknown): Promise<void> =>
  settle((done) => dynaliteDatabase().updateIndexes(store, table, undefined, item, done));

const writeTable = (store: DynamoStore, table: TableRecord): Promise<void> =>
  settle((done) => store.tableDb.put(table.TableName, table, done));

function readTable(store: DynamoStore, name: string): Promise<TableRecord | undefined> {
  return new Promise((resolve, reject) => {
    store.tableDb.get(name, (error, table) => {
      if (error && error.name !== 'NotFoundError') reject(error);
      else resolve(table);
    });
  });
}

const settle = (run: (done: (error: Error | null | undefined) => void) => void): Promise<void> =>
  new Promise((resolve, reject) => {
    run((error) => (error ? reject(error) : resolve()));
  });
