import { sessionItemPrefixes } from '#contract/tables.ts';
import type { Deployment, RoleResource } from '#local/model.ts';
import type { Requests } from './permission-request.ts';
import { otherRequests } from './permission-requests-beyond.ts';

const ITEM_ACTIONS = ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'BatchGetItem', 'BatchWriteItem'];
const READS_BY_KEY = ['Query', 'PartiQLSelect', 'PartiQLInsert', 'PartiQLUpdate', 'PartiQLDelete'];

const TABLE_ACTIONS = [
  'Scan',
  'DescribeTable',
  'UpdateTable',
  'DeleteTable',
  'UpdateTimeToLive',
  'CreateBackup',
  'ExportTableToPointInTime',
  'UpdateContinuousBackups',
  'PutResourcePolicy',
];

const SHOP = 'shop_0123456789abcdefghijklmn';

/** Partition keys by table and kind of item. A key of one kind that looks like another's is a kind, too. */
const keysOf: Record<string, Record<string, readonly string[]>> = {
  Shops: { '': [SHOP] },
  Keys: { '': ['3fGh81Kd'] },
  Sessions: {
    'an administrator': ['a'.repeat(64)],
    ...Object.fromEntries(Object.values(sessionItemPrefixes).map((prefix) => [prefix, [`${prefix}${'a'.repeat(64)}`]])),
    'an unknown kind': ['other/revoked/user'],
    'every kind at once': ['a'.repeat(64), ...Object.values(sessionItemPrefixes).map((prefix) => `${prefix}x`)],
    'no key': [],
  },
  Audit: {
    'a shop': [SHOP],
    deployment: ['deployment'],
    logins: ['logins'],
    'log-outs': ['log-outs'],
    'log-outs and logins': ['log-outs', 'logins'],
    'deployment and logins': ['deployment', 'logins'],
    'refused/': [`refused/${SHOP}`],
    'a shop and refused/': [SHOP, `refused/${SHOP}`],
    'an unknown kind': ['deployment/refused/'],
    'no key': [],
  },
};

function kindsOf(tableName: string): (typeof keysOf)[string] {
  const kinds = keysOf[tableName];
  if (kinds === undefined)
    throw new Error(`keysOf in test/support/permission-requests.ts lacks the table ${tableName}`);
  return kinds;
}

/** Every request that a function of ours makes, and a great many that it must never get through with. */
export function permissionRequests(deployment: Deployment, role: RoleResource): Requests {
  return new Map([...tableRequests(deployment), ...otherRequests(deployment, role)]);
}

function tableRequests({ tables }: Deployment): Requests {
  const requests: Requests = new Map();
  const add = (action: string, on: string, resource: string, keys: readonly string[], kind = ''): void => {
    const context = keys.length === 0 ? {} : { 'dynamodb:LeadingKeys': keys };
    const name = `dynamodb:${action} on ${on}${kind === '' ? '' : ` of ${kind}`}`;
    requests.set(name, { action: `dynamodb:${action}`, resource, context });
  };
  for (const { logicalId, arn, globalSecondaryIndexes } of tables) {
    const name = logicalId.replace(/Table[0-9A-F]{8}$/, '');
    const indexes = (globalSecondaryIndexes as { IndexName: string }[]).map(({ IndexName }) => IndexName);
    for (const action of ITEM_ACTIONS) {
      for (const [kind, keys] of Object.entries(kindsOf(name))) add(action, name, arn, keys, kind);
      add(action, `a table named like ${name}`, `${arn}2`, ['x']);
      add(action, `${name} of another region`, arn.replace('us-east-1', 'eu-west-1'), ['x']);
      add(action, `${name} of another account`, arn.replace(/:\d{12}:/, ':999999999999:'), ['x']);
    }
    for (const action of READS_BY_KEY) add(action, name, arn, [SHOP]);
    for (const action of TABLE_ACTIONS) add(action, name, arn, []);
    for (const index of [...indexes, 'another'])
      for (const action of ['Query', 'Scan']) add(action, `${name}/index/${index}`, `${arn}/index/${index}`, []);
  }
  return requests;
}
