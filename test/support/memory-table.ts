import {
  type AttributeValue,
  BatchGetItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  type PutItemCommand,
  QueryCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';

type Item = Record<string, AttributeValue>;

/** A client whose table holds what was written last, whatever key and condition: for tests of what items look like. */
export class MemoryTable {
  readonly items: Item[] = [];

  readonly client = { send: async (command: object) => this.#answer(command) } as unknown as DynamoDBClient;

  get last(): Item {
    return this.items.at(-1) ?? {};
  }

  #answer(command: object): object {
    if (command instanceof GetItemCommand) return { Item: this.last };
    if (command instanceof QueryCommand || command instanceof ScanCommand) return { Items: [this.last] };
    if (command instanceof BatchGetItemCommand) return { Responses: { table: [this.last] } };
    this.items.push((command as PutItemCommand).input.Item ?? {});
    return {};
  }
}
