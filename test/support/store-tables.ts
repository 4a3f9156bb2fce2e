import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SERVICE_KEY_INDEX } from '#contract/tables.ts';
import type { TableResource } from '#local/model.ts';
import { table, testDeployment } from '../local/aws/support/deployment.ts';
import { clientsOf, startTestAws } from '../local/aws/support/host.ts';
import { SESSIONS } from './session-table.ts';

export const SHOPS = 'shops';
export const KEYS = 'keys';

const keyedBy = (name: string): Pick<TableResource, 'attributeDefinitions' | 'keySchema'> => ({
  attributeDefinitions: [{ AttributeName: name, AttributeType: 'S' }],
  keySchema: [{ AttributeName: name, KeyType: 'HASH' }],
});

const keyTable = table(KEYS, {
  ...keyedBy('keyId'),
  attributeDefinitions: ['keyId', 'listed'].map((name) => ({ AttributeName: name, AttributeType: 'S' as const })),
  globalSecondaryIndexes: [
    {
      IndexName: SERVICE_KEY_INDEX,
      KeySchema: [
        { AttributeName: 'listed', KeyType: 'HASH' },
        { AttributeName: 'keyId', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'ALL' },
    },
  ],
});

/** Empty tables of shops, keys and sessions behind a stock client. Callers close it with `closeAll`. */
export async function storeTables(): Promise<DynamoDBClient> {
  const tables = [table(SHOPS, keyedBy('shopId')), keyTable, table(SESSIONS, keyedBy('sessionHash'))];
  return clientsOf(await startTestAws({ deployment: testDeployment({ tables }) })).dynamodb;
}
