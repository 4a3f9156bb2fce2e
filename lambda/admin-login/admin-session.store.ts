import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as v from 'valibot';
import { limits } from '#contract/limits.ts';
import { callStore } from '../platform/clients.store.ts';
import { putIf } from '../platform/conditional-put.store.ts';
import { SCHEMA_VERSION, schemaVersionOrNone } from '../platform/schema-version.ts';
import type { Stored } from '../platform/stored.ts';
import type { AdminSession, SessionStore } from './session.ts';

const time = v.pipe(v.number(), v.integer(), v.minValue(0));

const sessionItem = v.object({
  schemaVersion: schemaVersionOrNone,
  kind: v.literal('admin-session'),
  sessionHash: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  arn: v.string(),
  userId: v.string(),
  userName: v.string(),
  createdAt: time,
  lastSeenAt: time,
  provenAt: time,
});

/**
 * Sessions and one-time values in the session table, each by its SHA-256. DynamoDB deletes items after their end, but
 * no rule depends on that.
 */
export class DynamoSessionStore implements SessionStore {
  readonly #client: DynamoDBClient;
  readonly #tableName: string;

  constructor(client: DynamoDBClient, tableName: string) {
    this.#client = client;
    this.#tableName = tableName;
  }

  useOnce(hash: string, expiresAt: number): Promise<boolean> {
    return putIf(this.#client, {
      operation: 'use one-time value',
      tableName: this.#tableName,
      item: marshall({ schemaVersion: SCHEMA_VERSION, sessionHash: hash, kind: 'used', expiresAt }),
      versionBefore: undefined,
      keyName: 'sessionHash',
    });
  }

  async create(session: AdminSession): Promise<void> {
    await this.#put('create session', session, 'attribute_not_exists(sessionHash)');
  }

  async read(sessionHash: string): Promise<Stored<AdminSession>> {
    const command = new GetItemCommand({
      TableName: this.#tableName,
      Key: { sessionHash: { S: sessionHash } },
      ConsistentRead: true,
    });
    const { Item } = await callStore('read session', (abortSignal) => this.#client.send(command, { abortSignal }));
    if (Item === undefined) return { kind: 'absent' };
    const parsed = v.safeParse(sessionItem, unmarshall(Item));
    if (!parsed.success || parsed.output.sessionHash !== sessionHash) return { kind: 'corrupt' };
    const { kind: _kind, schemaVersion: _version, ...value } = parsed.output;
    return { kind: 'found', value };
  }

  async replace(session: AdminSession): Promise<void> {
    await this.#put('touch session', session, 'attribute_exists(sessionHash)');
  }

  async delete(sessionHash: string): Promise<void> {
    const command = new DeleteItemCommand({ TableName: this.#tableName, Key: { sessionHash: { S: sessionHash } } });
    await callStore('end session', (abortSignal) => this.#client.send(command, { abortSignal }));
  }

  async #put(operation: string, session: AdminSession, condition: string): Promise<void> {
    const expiresAt = session.createdAt + limits.adminSessionSeconds;
    const command = new PutItemCommand({
      TableName: this.#tableName,
      Item: marshall({ schemaVersion: SCHEMA_VERSION, kind: 'admin-session', ...session, expiresAt }),
      ConditionExpression: condition,
    });
    await callStore(operation, async (abortSignal) => {
      try {
        await this.#client.send(command, { abortSignal });
      } catch (error) {
        // It was written by an attempt whose response was lost, or ended meanwhile: in both cases nothing remains to be
        // done.
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    });
  }
}
