// Run as a process of its own: writes items until it is killed, and prints the id of each once its write was acknowledged.
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { startAws } from '#local/aws/server.ts';
import { REGION, roleArn, testDeployment } from './deployment.ts';

const PARALLEL = 16;

async function main(dataDirectory: string): Promise<void> {
  const aws = await startAws({ deployment: testDeployment(), dataDirectory });
  const credentials = aws.credentialsFor(roleArn('Owner'));
  const client = new DynamoDBClient({ region: REGION, endpoint: aws.endpoint, credentials });
  let next = 0;
  const write = async (): Promise<never> => {
    for (;;) {
      const id = `item-${next++}`;
      await client.send(new PutItemCommand({ TableName: 'open', Item: { id: { S: id } } }));
      process.stdout.write(`${id}\n`);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, write));
}

void main(process.argv[2] ?? '');
