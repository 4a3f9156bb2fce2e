import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as v from 'valibot';
import { limits } from '#contract/limits.ts';
import { sessionItemPrefixes } from '#contract/tables.ts';
import { callStore } from '../platform/clients.store.ts';
import { putIf } from '../platform/conditional-put.store.ts';
import { SCHEMA_VERSION, schemaVersionOrNone } from '../platform/schema-version.ts';
import { DependencyError, type Stored } from '../platform/stored.ts';
import type { TempToken, TempTokenStore } from './security-token.ts';

const time = v.pipe(v.number(), v.integer(), v.minValue(0));
const text = v.pipe(v.string(), v.minLength(1));

/**
 * The content is JSON text: the claims come from a client, and DynamoDB's own types cannot represent every number
 * exactly.
 */
const tempTokenItem = v.object({
  schemaVersion: schemaVersionOrNone,
  kind: v.literal('temp-token'),
  content: v.pipe(v.string(), v.parseJson()),
});
/** Unchanged, because valibot's records drop members such as `constructor`. */
const claims = v.custom<Readonly<Record<string, unknown>>>(
  (value) => value !== null && typeof value === 'object' && !Array.isArray(value),
);
const tempToken = v.object({
  userId: text,
  appId: text,
  clientId: v.exactOptional(text),
  orgId: v.exactOptional(text),
  claims,
  keyId: text,
  issuedAt: time,
  expiresAt: time,
  sessionEndsAt: time,
});

/**
 * Temp tokens in the session table, by SHA-256. The use of a token is a separate item, so that the exchanging function
 * needs no right to change tokens.
 */
export class DynamoTempTokenStore implements TempTokenStore {
  readonly #client: DynamoDBClient;
  readonly #tableName: string;

  constructor(client: DynamoDBClient, tableName: string) {
    this.#client = client;
    this.#tableName = tableName;
  }

  async create(hash: string, token: TempToken): Promise<void> {
    const item = { kind: 'temp-token', content: JSON.stringify(token), expiresAt: token.expiresAt };
    const created = await this.#put('create temp token', sessionItemPrefixes.tempToken + hash, item);
    if (!created) throw new DependencyError('a temp token of this hash exists already');
  }

  async read(hash: string): Promise<Stored<TempToken>> {
    const command = new GetItemCommand({
      TableName: this.#tableName,
      Key: { sessionHash: { S: sessionItemPrefixes.tempToken + hash } },
      ConsistentRead: true,
    });
    const { Item } = await callStore('read temp token', (abortSignal) => this.#client.send(command, { abortSignal }));
    if (Item === undefined) return { kind: 'absent' };
    const item = v.safeParse(tempTokenItem, unmarshall(Item));
    const content = item.success ? v.safeParse(tempToken, item.output.content) : undefined;
    return content?.success ? { kind: 'found', value: content.output } : { kind: 'corrupt' };
  }

  useOnce(hash: string): Promise<boolean> {
    const expiresAt = Math.floor(Date.now() / 1_000) + 2 * limits.tempTokenSeconds;
    return this.#put('use temp token', sessionItemPrefixes.usedTempToken + hash, { kind: 'used', expiresAt });
  }

  #put(operation: string, sessionHash: string, item: object): Promise<boolean> {
    return putIf(this.#client, {
      operation,
      tableName: this.#tableName,
      item: marshall({ schemaVersion: SCHEMA_VERSION, ...item, sessionHash }),
      versionBefore: undefined,
      keyName: 'sessionHash',
    });
  }
}
