import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { table, testDeployment } from '../local/aws/support/deployment.ts';
import { clientsOf, startTestAws } from '../local/aws/support/host.ts';

export const SESSIONS = 'sessions';

/** An empty session table behind a stock client. The caller closes it with `closeAll`. */
export async function sessionTable(): Promise<DynamoDBClient> {
  const sessions = table(SESSIONS, {
    attributeDefinitions: [{ AttributeName: 'sessionHash', AttributeType: 'S' }],
    keySchema: [{ AttributeName: 'sessionHash', KeyType: 'HASH' }],
  });
  return clientsOf(await startTestAws({ deployment: testDeployment({ tables: [sessions] }) })).dynamodb;
}
