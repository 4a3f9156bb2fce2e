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
  /** The version that the stored item must have; undefined: `keyName` must not be there. */
  readonly versionBefore: number | string | undefined;
  readonly keyName: string;
  /** What tells versions apart. Default `version`. */
  readonly versionName?: string;
}

/**
 * Writes an item if its condition holds; false when it doesn't. An attempt whose answer got lost is repeated by the SDK and then finds its
 * own work: the write's id, stored with the item, tells that apart from somebody else's.
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
