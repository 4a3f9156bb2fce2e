import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as v from 'valibot';
import { sessionItemPrefixes } from '#contract/tables.ts';
import { callStore } from '../platform/clients.store.ts';
import { putIf } from '../platform/conditional-put.store.ts';
import { SCHEMA_VERSION, schemaVersion } from '../platform/schema-version.ts';
import { DependencyError, type Stored } from '../platform/stored.ts';
import type { LoginLink, LoginLinkStore } from './links.ts';

const linkItem = v.object({
  schemaVersion,
  kind: v.literal('login-link'),
  askedBy: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  expiresAt: v.pipe(v.number(), v.integer(), v.minValue(0)),
});

/** Login links in the session table, by SHA-256. */
export class DynamoLoginLinkStore implements LoginLinkStore {
  readonly #client: DynamoDBClient;
  readonly #tableName: string;

  constructor(client: DynamoDBClient, tableName: string) {
    this.#client = client;
    this.#tableName = tableName;
  }

  async create(hash: string, link: LoginLink): Promise<void> {
    const item = { schemaVersion: SCHEMA_VERSION, sessionHash: keyOf(hash), kind: 'login-link', ...link };
    const created = await putIf(this.#client, {
      operation: 'create login link',
      tableName: this.#tableName,
      item: marshall(item),
      versionBefore: undefined,
      keyName: 'sessionHash',
    });
    if (!created) throw new DependencyError('a login link of this hash exists already');
  }

  async read(hash: string): Promise<Stored<LoginLink>> {
    const command = new GetItemCommand({
      TableName: this.#tableName,
      Key: { sessionHash: { S: keyOf(hash) } },
      ConsistentRead: true,
    });
    const { Item } = await callStore('read login link', (abortSignal) => this.#client.send(command, { abortSignal }));
    if (Item === undefined) return { kind: 'absent' };
    const parsed = v.safeParse(linkItem, unmarshall(Item));
    if (!parsed.success) return { kind: 'corrupt' };
    const { askedBy, expiresAt } = parsed.output;
    return { kind: 'found', value: { askedBy, expiresAt } };
  }
}

const keyOf = (hash: string): string => sessionItemPrefixes.loginLink + hash;
