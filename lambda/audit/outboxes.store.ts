import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { limits } from '#contract/limits.ts';
import { AUDIT_PENDING_INDEX, sessionItemPrefixes } from '#contract/tables.ts';
import { callStore } from '../platform/clients.store.ts';
import { type AuditOutboxStore, EMPTY_OUTBOX, PENDING, type WaitingRecord } from './outbox.ts';

const PAGE_RECORDS = 25;

interface Place {
  readonly tableName: string;
  readonly keyName: string;
  /**
   * The key prefixes of its records. Other items of a table are written by functions that anyone can reach, and must
   * not be read as records of ours.
   */
  readonly prefix: string;
  /** When its emptied records may be deleted: so long after the time that an attribute has. Default: never. */
  readonly end?: { readonly after: string; readonly seconds: number };
}

/**
 * Records of the shop, key and session tables whose audit entries have not all been copied to the trail, found by a
 * sparse index.
 */
export class DynamoAuditOutboxes implements AuditOutboxStore {
  readonly #client: DynamoDBClient;
  readonly #places: Readonly<Record<WaitingRecord['kind'], Place>>;

  constructor(
    client: DynamoDBClient,
    tables: { readonly shops: string; readonly keys: string; readonly sessions: string },
  ) {
    this.#client = client;
    const session = { tableName: tables.sessions, keyName: 'sessionHash' };
    this.#places = {
      shop: { tableName: tables.shops, keyName: 'shopId', prefix: '' },
      'service-key': { tableName: tables.keys, keyName: 'keyId', prefix: '' },
      revocation: {
        ...session,
        prefix: sessionItemPrefixes.revocation,
        end: { after: 'notBefore', seconds: limits.revocationKeptSeconds },
      },
      'kept-entry': { ...session, prefix: sessionItemPrefixes.keptEntry, end: { after: 'keptAt', seconds: 0 } },
      // Last: strangers reach the function that writes these, and what it writes must keep nothing else from being copied.
      'kept-login': { ...session, prefix: sessionItemPrefixes.keptLogin, end: { after: 'keptAt', seconds: 0 } },
    };
  }

  async *waiting(): AsyncIterable<readonly WaitingRecord[]> {
    for (const kind of Object.keys(this.#places) as WaitingRecord['kind'][]) {
      let after: Record<string, AttributeValue> | undefined;
      do {
        const { Items = [], LastEvaluatedKey } = await this.#page(this.#places[kind], after);
        if (Items.length > 0) yield Items.map((item) => this.#recordOf(kind, item));
        after = LastEvaluatedKey;
      } while (after !== undefined);
    }
  }

  /** A record that ends begins to expire here and not before: until then it is the one place that has its entry. */
  async empty({ kind, id, auditOutbox, lastAudit }: WaitingRecord): Promise<void> {
    const { tableName, keyName, prefix, end } = this.#places[kind];
    const command = new UpdateItemCommand({
      TableName: tableName,
      Key: { [keyName]: { S: prefix + id } },
      UpdateExpression: `SET auditOutbox = :empty${end === undefined ? '' : `, expiresAt = ${end.after} + :kept`} REMOVE auditPending`,
      ConditionExpression:
        auditOutbox === undefined ? 'attribute_not_exists(auditOutbox) AND lastAudit = :seen' : 'auditOutbox = :seen',
      ExpressionAttributeValues: {
        ':empty': { S: EMPTY_OUTBOX },
        ':seen': { S: auditOutbox ?? lastAudit ?? EMPTY_OUTBOX },
        ...(end !== undefined && { ':kept': { N: String(end.seconds) } }),
      },
    });
    await callStore('empty audit outbox', async (abortSignal) => {
      try {
        await this.#client.send(command, { abortSignal });
      } catch (error) {
        // It changed meanwhile, and that change copies its entries now; or an attempt whose response was lost did this.
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    });
  }

  #page({ tableName, keyName, prefix }: Place, after: Record<string, AttributeValue> | undefined) {
    const command = new QueryCommand({
      TableName: tableName,
      IndexName: AUDIT_PENDING_INDEX,
      KeyConditionExpression: `auditPending = :pending${prefix === '' ? '' : ' AND begins_with(#key, :prefix)'}`,
      ...(prefix !== '' && { ExpressionAttributeNames: { '#key': keyName } }),
      ExpressionAttributeValues: { ':pending': { S: PENDING }, ...(prefix !== '' && { ':prefix': { S: prefix } }) },
      Limit: PAGE_RECORDS,
      ...(after !== undefined && { ExclusiveStartKey: after }),
    });
    return callStore('find audit outboxes', (abortSignal) => this.#client.send(command, { abortSignal }));
  }

  #recordOf(kind: WaitingRecord['kind'], item: Record<string, AttributeValue>): WaitingRecord {
    const { keyName, prefix } = this.#places[kind];
    return {
      kind,
      id: (item[keyName]?.S ?? '').slice(prefix.length),
      auditOutbox: item.auditOutbox?.S ?? EMPTY_OUTBOX,
    };
  }
}
