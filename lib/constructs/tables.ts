import { AttributeType, type GlobalSecondaryIndexPropsV2, ProjectionType } from 'aws-cdk-lib/aws-dynamodb';
import type { Conditions, IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { LOGINS_SUBJECT, REFUSED_PREFIX } from '#contract/audit.ts';
import { AUDIT_DAY_INDEX, AUDIT_PENDING_INDEX, SERVICE_KEY_INDEX, sessionItemPrefixes } from '#contract/tables.ts';
import type { DataKey } from '../data-key.ts';
import { DataTable } from './data-table.ts';

export interface TableProps extends DataKey {
  readonly production: boolean;
}

const text = (name: string) => ({ name, type: AttributeType.STRING });

/** The records whose audit entries are not all in the trail yet. No other record has the attribute, so the index is empty most of the time. */
const auditPending = (partitionKey: string): GlobalSecondaryIndexPropsV2 => ({
  indexName: AUDIT_PENDING_INDEX,
  partitionKey: text('auditPending'),
  sortKey: text(partitionKey),
  projectionType: ProjectionType.INCLUDE,
  nonKeyAttributes: ['auditOutbox'],
});

/** Shops, one item each, with their sealed keys. */
export class ShopTable extends DataTable {
  constructor(scope: Construct, id: string, props: TableProps) {
    super(scope, id, { ...props, partitionKey: text('shopId'), indexes: [auditPending('shopId')] });
  }

  /** One shop by its id; no listing. */
  grantRead(grantee: IGrantable): void {
    this.grantActions(grantee, 'dynamodb:GetItem');
  }

  /** Every shop, page by page. */
  grantList(grantee: IGrantable): void {
    this.grantActions(grantee, 'dynamodb:Scan');
  }

  /** Creating and replacing; never deleting. */
  grantWrite(grantee: IGrantable): void {
    this.grantActions(grantee, 'dynamodb:PutItem');
  }

  /** Deleting one shop by its id. */
  grantDelete(grantee: IGrantable): void {
    this.grantActions(grantee, 'dynamodb:DeleteItem');
  }

  /** Finding the records with entries for the trail, and removing copied entries. */
  grantCopyAuditEntries(grantee: IGrantable): void {
    this.grantIndex(grantee, AUDIT_PENDING_INDEX, 'dynamodb:Query');
    this.grantActions(grantee, 'dynamodb:UpdateItem');
  }
}

/** API keys by key id: their owners and their SHA-256. */
export class KeyTable extends DataTable {
  constructor(scope: Construct, id: string, props: TableProps) {
    super(scope, id, {
      ...props,
      partitionKey: text('keyId'),
      indexes: [
        {
          indexName: SERVICE_KEY_INDEX,
          partitionKey: text('listed'),
          sortKey: { name: 'createdAt', type: AttributeType.NUMBER },
        },
        auditPending('keyId'),
      ],
    });
  }

  grantRead(grantee: IGrantable): void {
    this.grantActions(grantee, 'dynamodb:GetItem');
  }

  /** Every service key; no key of a shop is in the index. */
  grantListServiceKeys(grantee: IGrantable): void {
    this.grantIndex(grantee, SERVICE_KEY_INDEX, 'dynamodb:Query');
  }

  /** Creating keys of every kind, and changing and listing service keys. */
  grantManage(grantee: IGrantable): void {
    this.grantActions(grantee, 'dynamodb:GetItem', 'dynamodb:PutItem');
    this.grantIndex(grantee, SERVICE_KEY_INDEX, 'dynamodb:Query');
  }

  /** As for shops. */
  grantCopyAuditEntries(grantee: IGrantable): void {
    this.grantIndex(grantee, AUDIT_PENDING_INDEX, 'dynamodb:Query');
    this.grantActions(grantee, 'dynamodb:UpdateItem');
  }
}

/** Sessions and one-time tokens by SHA-256; they expire. */
export class SessionTable extends DataTable {
  constructor(scope: Construct, id: string, props: TableProps) {
    super(scope, id, {
      ...props,
      partitionKey: text('sessionHash'),
      expires: true,
      indexes: [auditPending('sessionHash')],
    });
  }

  /** Creating sessions of administrators. */
  grantCreate(grantee: IGrantable): void {
    this.grantActionsIf(plainKeys, grantee, 'dynamodb:PutItem');
  }

  /** Reading one session, and recording its use. */
  grantUse(grantee: IGrantable): void {
    this.grantActionsIf(plainKeys, grantee, 'dynamodb:GetItem', 'dynamodb:PutItem');
  }

  grantEnd(grantee: IGrantable): void {
    this.grantActionsIf(plainKeys, grantee, 'dynamodb:DeleteItem');
  }

  /** Storing login links; no reading. */
  grantCreateLoginLink(grantee: IGrantable): void {
    this.grantActionsIf(items('loginLink'), grantee, 'dynamodb:PutItem');
  }

  /** Reading one login link, and the session that created it: a function that writes a link cannot invent an administrator. */
  grantOpenLoginLink(grantee: IGrantable): void {
    this.grantActionsIf(items('loginLink'), grantee, 'dynamodb:GetItem');
    this.grantActionsIf(plainKeys, grantee, 'dynamodb:GetItem');
  }

  /** Counting calls by address; the write returns the count. */
  grantCountCalls(grantee: IGrantable): void {
    this.grantActionsIf(items('rate'), grantee, 'dynamodb:UpdateItem');
  }

  /** Storing temp tokens; no reading. */
  grantCreateTempToken(grantee: IGrantable): void {
    this.grantActionsIf(items('tempToken'), grantee, 'dynamodb:PutItem');
  }

  /** Reading one temp token, and recording its use. */
  grantExchangeTempToken(grantee: IGrantable): void {
    this.grantActionsIf(items('tempToken'), grantee, 'dynamodb:GetItem');
    this.grantActionsIf(items('usedTempToken'), grantee, 'dynamodb:PutItem');
  }

  /** Reading revocations. */
  grantReadRevocations(grantee: IGrantable): void {
    this.grantActionsIf(items('revocation'), grantee, 'dynamodb:GetItem');
    this.grantActionsIf(items('endedSession'), grantee, 'dynamodb:GetItem');
  }

  /** Revoking the tokens and sessions of a user, a client or an app. */
  grantRevoke(grantee: IGrantable): void {
    this.grantActionsIf(items('revocation'), grantee, 'dynamodb:GetItem', 'dynamodb:PutItem');
  }

  /** Storing entries for the trail that no record contains, of one kind; no reading or changing. */
  grantKeepAuditEntry(grantee: IGrantable, kind: 'keptEntry' | 'keptLogin'): void {
    this.grantActionsIf(items(kind), grantee, 'dynamodb:PutItem');
  }

  /** As for shops, but only for items with entries: everything else in this table is written by functions that anyone can reach. */
  grantCopyAuditEntries(grantee: IGrantable): void {
    this.grantIndex(grantee, AUDIT_PENDING_INDEX, 'dynamodb:Query');
    for (const kind of ['revocation', 'keptEntry', 'keptLogin'] as const)
      this.grantActionsIf(items(kind), grantee, 'dynamodb:UpdateItem');
  }

  /** Ending one session of the analytics API. */
  grantEndAnalyticsSession(grantee: IGrantable): void {
    this.grantActionsIf(items('endedSession'), grantee, 'dynamodb:PutItem');
  }

  grantNoteKeyUse(grantee: IGrantable): void {
    this.grantActionsIf(items('keyUse'), grantee, 'dynamodb:PutItem');
  }

  grantReadKeyUse(grantee: IGrantable): void {
    this.grantActionsIf(items('keyUse'), grantee, 'dynamodb:BatchGetItem');
  }
}

/**
 * Calls whose keys all match this pattern. `ForAllValues` alone is also true for a call without keys; the second condition refuses it (IAM
 * User Guide, "Set operators for multivalued context keys").
 */
const keys = (operator: 'StringLike' | 'StringNotLike', pattern: string): Conditions => ({
  [`ForAllValues:${operator}`]: { 'dynamodb:LeadingKeys': [pattern] },
  Null: { 'dynamodb:LeadingKeys': 'false' },
});

/** One kind of the session table's items, by the prefix of their keys. */
const items = (name: keyof typeof sessionItemPrefixes): Conditions =>
  keys('StringLike', `${sessionItemPrefixes[name]}*`);

/** Items without a kind: sessions of administrators in one table, changes by administrators in the other. */
const plainKeys = keys('StringNotLike', '*/*');

/** The audit trail: by subject, in time order, and by day. */
export class AuditTable extends DataTable {
  constructor(scope: Construct, id: string, props: TableProps) {
    super(scope, id, {
      ...props,
      partitionKey: text('subject'),
      sortKey: text('at'),
      expires: true,
      indexes: [{ indexName: AUDIT_DAY_INDEX, partitionKey: text('day'), sortKey: text('at') }],
    });
  }

  /**
   * Writing entries of one kind. A function that anyone can reach must not be able to overwrite the trail of administrators, and no
   * function can delete. No batch writes, because their grant in DynamoDB also allows deletions.
   */
  grantAppend(grantee: IGrantable, entries: 'administration' | 'logins' | 'refusals'): void {
    this.grantActionsIf(appendable[entries], grantee, 'dynamodb:PutItem');
  }

  grantQuery(grantee: IGrantable): void {
    this.grantActions(grantee, 'dynamodb:Query');
    this.grantIndex(grantee, AUDIT_DAY_INDEX, 'dynamodb:Query');
  }
}

const appendable = {
  administration: plainKeys,
  logins: keys('StringLike', LOGINS_SUBJECT),
  refusals: keys('StringLike', `${REFUSED_PREFIX}*`),
};
