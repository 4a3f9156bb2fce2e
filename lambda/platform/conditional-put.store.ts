import { randomUUID } from 'node:crypto';
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { callStore } from './clients.store.ts';

export interface ConditionalPut {
  /** Names the operation in an error. */
  readonly operation: string;
  readonly tableName: string;
  readonly item: Readonly<Record<string, AttributeValue>>;
  /** The version that the stored item must have; undefined: the item must not exist. */
  readonly versionBefore: number | string | undefined;
  readonly keyName: string;
  /** The attribute that distinguishes versions. Default: `version`. */
  readonly versionName?: string;
}

/**
 * Writes an item if its condition holds; false otherwise. If the response of an attempt is lost, the SDK repeats it and finds its own item:
 * the write id that is stored with the item distinguishes that from a write of another caller.
 */
export function putIf(
  client: DynamoDBClient,
  { operation, tableName, item, versionBefore, keyName, versionName = 'version' }: ConditionalPut,
): Promise<boolean> {
  const writeId: AttributeValue = { S: randomUUID() };
  const command = new PutItemCommand({
    TableName: tableName,
    Item: { ...item, writeId },
    ConditionExpression: `${versionBefore === undefined ? 'attribute_not_exists(#subject)' : '#subject = :before'} OR writeId = :writeId`,
    ExpressionAttributeNames: { '#subject': versionBefore === undefined ? keyName : versionName },
    ExpressionAttributeValues: {
      ':writeId': writeId,
      ...(versionBefore !== undefined && { ':before': marshall({ versionBefore }).versionBefore as AttributeValue }),
    },
  });
  return callStore(operation, async (abortSignal) => {
    try {
      await client.send(command, { abortSignal });
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  });
}
