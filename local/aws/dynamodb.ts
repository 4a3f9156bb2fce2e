import type { Deployment, TableResource } from '../model.ts';
import type { Authorizer } from './authorize.ts';
import { DataDirectoryInUseError } from './data-directory.ts';
import { type DynamoStore, dynaliteDatabase, runOperation } from './dynalite.ts';
import { type ChangedItem, LaggingReplica } from './dynamodb-replica.ts';
import { ensureTable } from './dynamodb-tables.ts';
import { invalid, unknownOperation } from './errors.ts';
import { jsonProtocol } from './json-protocol.ts';
import type { KmsKeys } from './kms-keys.ts';
import { type Members, optionalText, textMember } from './members.ts';
import type { AwsCall, AwsService } from './service.ts';

const OPERATIONS = [
  'BatchGetItem',
  'BatchWriteItem',
  'DeleteItem',
  'DescribeTable',
  'GetItem',
  'PutItem',
  'Query',
  'Scan',
  'UpdateItem',
];

/** dynalite behind the policies of the deployment. */
export interface DynamoDb extends AwsService {
  close(): Promise<void>;
}

/**
 * Opens the tables of the deployment, in `<path>` or in memory. The attribute for time to live is recorded in the model only: expired items
 * stay until they are deleted, as on AWS they may for days. Items are not encrypted on disk; the table's key is asked for all the same.
 * `readLag`: by how many milliseconds reads without ConsistentRead are behind the writes; 0: not at all.
 */
export async function openDynamoDb(
  deployment: Deployment,
  path: string | undefined,
  authorizer: Authorizer,
  keys: KmsKeys,
  readLag: () => number = () => 0,
  now: () => number = Date.now,
): Promise<DynamoDb> {
  const store = dynaliteDatabase().create({ ...(path !== undefined && { path }), createTableMs: 0 });
  await openStore(store, path);
  const close = (): Promise<void> => store.lifecycleManager.gracefulClose();
  try {
    for (const table of deployment.tables) await ensureTable(store, table);
  } catch (error) {
    await close();
    throw error;
  }
  let replica: Promise<LaggingReplica> | undefined;
  const run = async (call: AwsCall): Promise<Members> => {
    const lag = readLag();
    if (lag === 0) replica = undefined;
    else replica ??= LaggingReplica.copyOf(store, deployment.tables, now);
    const lagging = await replica;
    if (lagging !== undefined && isPlainRead(call)) return lagging.read(call.operation, call.input, lag);
    const members = await runOperation(store, call.operation, call.input);
    // Not `lagging`: while this write was under way, another call may have begun the copy.
    await (await replica)?.record(changedItems(call, deployment));
    return members;
  };
  return {
    protocol: jsonProtocol('1.0', 'DynamoDB_20120810', 'com.amazonaws.dynamodb.v20120810#'),
    close,
    async handle(call) {
      if (!OPERATIONS.includes(call.operation)) throw unknownOperation(call.operation);
      for (const resource of resourcesOf(call, deployment)) demandAccess(call, resource, deployment, authorizer, keys);
      return { members: await run(call) };
    },
  };
}

/** A read that AWS answers from any copy of the table. Refuses a batch that is plain for one table and consistent for another. */
function isPlainRead({ operation, input }: AwsCall): boolean {
  if (['GetItem', 'Query', 'Scan'].includes(operation)) return input.ConsistentRead !== true;
  if (operation !== 'BatchGetItem') return false;
  const reads = Object.values((input.RequestItems ?? {}) as Record<string, Members>);
  const plain = reads.filter(({ ConsistentRead }) => ConsistentRead !== true);
  if (plain.length > 0 && plain.length < reads.length)
    throw invalid('The local DynamoDB does not implement reads of both kinds in one batch while reads lag.');
  return plain.length > 0;
}

function changedItems({ operation, input }: AwsCall, { tables }: Deployment): ChangedItem[] {
  if (!['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem'].includes(operation)) return [];
  return tables.flatMap(({ tableName, keySchema }) => {
    if (!operation.startsWith('Batch') && input.TableName !== tableName) return [];
    return requestsOf(operation, input, tableName).map(({ Item, Key, PutRequest, DeleteRequest }) => {
      const named = (Item ?? Key ?? PutRequest?.Item ?? DeleteRequest?.Key) as Members;
      return { tableName, key: Object.fromEntries(keySchema.map(({ AttributeName: name }) => [name, named[name]])) };
    });
  });
}

async function openStore(store: DynamoStore, path: string | undefined): Promise<void> {
  try {
    await store.db.open();
  } catch (error) {
    const { code } = (error as Error).cause as { code?: string };
    if (code === 'LEVEL_LOCKED' && path !== undefined) throw new DataDirectoryInUseError(path);
    throw error;
  }
}

function resourcesOf({ operation, input }: AwsCall, { region, accountId }: Deployment): string[] {
  const tableArn = (name: string): string => `arn:aws:dynamodb:${region}:${accountId}:table/${name}`;
  if (operation.startsWith('Batch')) return Object.keys((input.RequestItems ?? {}) as Members).map(tableArn);
  const table = tableArn(textMember(input, 'TableName'));
  const index = optionalText(input, 'IndexName');
  return [index === undefined ? table : `${table}/index/${index}`];
}

/**
 * In addition to the action itself, AWS decrypts the key of a table under a customer-managed key on behalf of the caller that reads or
 * writes items: kms:Decrypt, and nothing else, through DynamoDB, with the table's name in the encryption context. (AWS caches that for five
 * minutes; here it is checked each time.)
 */
function demandAccess(
  { operation, principal, input }: AwsCall,
  resource: string,
  { region, accountId, tables }: Deployment,
  authorizer: Authorizer,
  keys: KmsKeys,
): void {
  const table = tables.find(({ arn }) => resource === arn || resource.startsWith(`${arn}/`));
  const leadingKeys = table === undefined ? [] : leadingKeysOf(operation, input, table);
  const context = { ...(leadingKeys.length > 0 && { 'dynamodb:LeadingKeys': leadingKeys }) };
  authorizer.demand({ principal, action: `dynamodb:${operation}`, resource, context });
  if (table?.kmsKeyArn === undefined || operation === 'DescribeTable') return;
  keys.demand(
    authorizer,
    principal,
    'kms:Decrypt',
    table.kmsKeyArn,
    `dynamodb.${region}.amazonaws.com`,
    encryptionContext(table, accountId),
  );
}

/** The partition keys that a call names outright, which policies can restrict. */
function leadingKeysOf(operation: string, input: Members, { tableName, keySchema }: TableResource): string[] {
  const partition = keySchema.find(({ KeyType }) => KeyType === 'HASH')?.AttributeName ?? '';
  return requestsOf(operation, input, tableName).flatMap(({ Item, Key, PutRequest, DeleteRequest }) => {
    const named = (Item ?? Key ?? PutRequest?.Item ?? DeleteRequest?.Key) as Members | undefined;
    return named === undefined ? [] : [String((named[partition] as Members | undefined)?.S ?? '')];
  });
}

/** What a call asks of one table, item by item. */
function requestsOf(operation: string, input: Members, tableName: string): readonly Record<string, Members>[] {
  if (!operation.startsWith('Batch')) return [input as Record<string, Members>];
  const ofTable = (input.RequestItems as Members)[tableName];
  if (operation === 'BatchWriteItem') return Array.isArray(ofTable) ? ofTable : [];
  const { Keys } = (ofTable ?? {}) as Members;
  return Array.isArray(Keys) ? Keys.map((Key: Members) => ({ Key })) : [];
}

const encryptionContext = ({ tableName }: TableResource, accountId: string): Record<string, string> => ({
  'aws:dynamodb:tableName': tableName,
  'aws:dynamodb:subscriberId': accountId,
});
