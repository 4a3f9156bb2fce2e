import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SERVICE_KEY_INDEX } from '#contract/tables.ts';
import type { TableResource } from '#local/model.ts';
import { table, testDeployment } from '../local/aws/support/deployment.ts';
import { clientsOf, startTestAws } from '../local/aws/support/host.ts';
import { SESSIONS } from './session-table.ts';

export const SHOPS = 'shops';
export const KEYS = 'keys';
export const TRAIL = 'trail';

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

const trailTable = table(TRAIL, {
  attributeDefinitions: ['subject', 'at'].map((name) => ({ AttributeName: name, AttributeType: 'S' as const })),
  keySchema: [
    { AttributeName: 'subject', KeyType: 'HASH' },
    { AttributeName: 'at', KeyType: 'RANGE' },
  ],
});

/** Empty tables of shops, keys, sessions and the trail behind a stock client. Callers close it with `closeAll`. */
export async function storeTables(): Promise<DynamoDBClient> {
  const tables = [table(SHOPS, keyedBy('shopId')), keyTable, table(SESSIONS, keyedBy('sessionHash')), trailTable];
  return clientsOf(await startTestAws({ deployment: testDeployment({ tables }) })).dynamodb;
}
