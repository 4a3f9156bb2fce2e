import { type AttributeValue, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { environment } from '#contract/environment.ts';
import { clientsOf, type DeployedHost } from '../support/aws-clients.ts';

/** A stored shop as anybody with the right to write could make it. */
export type AnyItem = Record<string, unknown> & { keys: { sealed: string; keyId: string }[] };

/** The shop table's items, read and written past all checks, with the rights of the admin API. */
export function shopItemsOf(hosted: DeployedHost) {
  const { dynamoDb, environment: variables } = clientsOf(hosted, 'AdminApi');
  const TableName = variables[environment.shopTable] as string;
  return {
    deployment: variables[environment.deployment] as string,
    read: async (shopId: string): Promise<AnyItem> => {
      const command = new GetItemCommand({ TableName, Key: { shopId: { S: shopId } }, ConsistentRead: true });
      const { Item } = await dynamoDb.send(command);
      return unmarshall(Item as Record<string, AttributeValue>) as AnyItem;
    },
    write: async (item: AnyItem): Promise<void> => {
      await dynamoDb.send(new PutItemCommand({ TableName, Item: marshall(item) }));
    },
  };
}
