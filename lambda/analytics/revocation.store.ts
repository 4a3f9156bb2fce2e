import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import * as v from 'valibot';
import { limits } from '#contract/limits.ts';
import { sessionItemPrefixes } from '#contract/tables.ts';
import { pendingMark } from '../audit/outbox.ts';
import { callStore } from '../platform/clients.store.ts';
import { putIf } from '../platform/conditional-put.store.ts';
import { SCHEMA_VERSION, schemaVersionOrNone } from '../platform/schema-version.ts';
import type { Stored } from '../platform/stored.ts';
import type { Revocation, RevocationStore, RevocationSubject } from './security-token.ts';

const revocationItem = v.object({
  schemaVersion: schemaVersionOrNone,
  kind: v.literal('revocation'),
  sessionHash: v.string(),
  notBefore: v.pipe(v.number(), v.integer(), v.minValue(0)),
  lastAudit: v.exactOptional(v.string()),
  auditOutbox: v.exactOptional(v.string()),
});

/** Sessions have their own prefix, because the function that ends a session may write only there. */
const nameOf = ({ kind, id }: RevocationSubject): string =>
  kind === 'session' ? sessionItemPrefixes.endedSession + id : `${sessionItemPrefixes.revocation}${kind}/${id}`;

/**
 * Revocations in the session table. An item expires when nothing that it revokes can still be valid, but not before its audit entries are
 * in the trail: emptying the outbox sets the expiry.
 */
export class DynamoRevocationStore implements RevocationStore {
  readonly #client: DynamoDBClient;
  readonly #tableName: string;

  constructor(client: DynamoDBClient, tableName: string) {
    this.#client = client;
    this.#tableName = tableName;
  }

  async read(subject: RevocationSubject): Promise<Stored<Revocation>> {
    const sessionHash = nameOf(subject);
    const command = new GetItemCommand({
      TableName: this.#tableName,
      Key: { sessionHash: { S: sessionHash } },
      ConsistentRead: true,
    });
    const { Item } = await callStore('read revocation', (abortSignal) => this.#client.send(command, { abortSignal }));
    if (Item === undefined) return { kind: 'absent' };
    const parsed = v.safeParse(revocationItem, unmarshall(Item));
    if (!parsed.success || parsed.output.sessionHash !== sessionHash) return { kind: 'corrupt' };
    const { schemaVersion: _version, kind: _kind, sessionHash: _name, ...value } = parsed.output;
    return { kind: 'found', value };
  }

  async put(subject: RevocationSubject, revocation: Revocation): Promise<void> {
    const command = new PutItemCommand({
      TableName: this.#tableName,
      Item: itemOf(subject, revocation),
      ConditionExpression: 'attribute_not_exists(notBefore) OR notBefore < :notBefore',
      ExpressionAttributeValues: { ':notBefore': { N: String(revocation.notBefore) } },
    });
    await callStore('put revocation', async (abortSignal) => {
      try {
        await this.#client.send(command, { abortSignal });
      } catch (error) {
        // Already revoked up to this moment, perhaps by an attempt whose response was lost.
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    });
  }

  /** The entry in a record has its own id, so it distinguishes one write of the record from the next. */
  replace(subject: RevocationSubject, revocation: Revocation, before: Revocation | undefined): Promise<boolean> {
    return putIf(this.#client, {
      operation: 'replace revocation',
      tableName: this.#tableName,
      item: itemOf(subject, revocation),
      keyName: 'lastAudit',
      versionName: 'lastAudit',
      versionBefore: before?.lastAudit,
    });
  }
}

function itemOf(subject: RevocationSubject, revocation: Revocation) {
  const mark = pendingMark(revocation);
  return marshall(
    {
      schemaVersion: SCHEMA_VERSION,
      sessionHash: nameOf(subject),
      kind: 'revocation',
      ...revocation,
      ...mark,
      ...(mark.auditPending === undefined && { expiresAt: revocation.notBefore + limits.revocationKeptSeconds }),
    },
    { removeUndefinedValues: true },
  );
}
