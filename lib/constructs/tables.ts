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

  /** One shop by its id, nothing that lists. */
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

  /** Finding the records with entries for the trail, and taking out what was copied. */
  grantCopyAuditEntries(grantee: IGrantable): void {
    this.grantIndex(grantee, AUDIT_PENDING_INDEX, 'dynamodb:Query');
    this.grantActions(grantee, 'dynamodb:UpdateItem');
  }
}

/** API keys by key id: whose they are and their SHA-256. */
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

  /** Making keys of every kind, and changing and listing service keys. */
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

/** Sessions and one-time tokens by SHA-256; they end by themselves. */
export class SessionTable extends DataTable {
  constructor(scope: Construct, id: string, props: TableProps) {
    super(scope, id, {
      ...props,
      partitionKey: text('sessionHash'),
      expires: true,
      indexes: [auditPending('sessionHash')],
    });
  }

  /** Beginning sessions of administrators. */
  grantCreate(grantee: IGrantable): void {
    this.grantActionsIf(plainKeys, grantee, 'dynamodb:PutItem');
  }

  /** Looking at one session, and noting that it was used. */
  grantUse(grantee: IGrantable): void {
    this.grantActionsIf(plainKeys, grantee, 'dynamodb:GetItem', 'dynamodb:PutItem');
  }

  grantEnd(grantee: IGrantable): void {
    this.grantActionsIf(plainKeys, grantee, 'dynamodb:DeleteItem');
  }

  /** Keeping links into the console; nothing that reads one. */
  grantCreateLoginLink(grantee: IGrantable): void {
    this.grantActionsIf(items('loginLink'), grantee, 'dynamodb:PutItem');
  }

  /** Looking at one such link, and at the session that asked for it: who writes a link can't make an administrator up. */
  grantOpenLoginLink(grantee: IGrantable): void {
    this.grantActionsIf(items('loginLink'), grantee, 'dynamodb:GetItem');
    this.grantActionsIf(plainKeys, grantee, 'dynamodb:GetItem');
  }

  /** Counting calls by address; a count is returned as it is made. */
  grantCountCalls(grantee: IGrantable): void {
    this.grantActionsIf(items('rate'), grantee, 'dynamodb:UpdateItem');
  }

  /** Keeping temp tokens; nothing that reads one. */
  grantCreateTempToken(grantee: IGrantable): void {
    this.grantActionsIf(items('tempToken'), grantee, 'dynamodb:PutItem');
  }

  /** Looking at one temp token, and noting that it was used. */
  grantExchangeTempToken(grantee: IGrantable): void {
    this.grantActionsIf(items('tempToken'), grantee, 'dynamodb:GetItem');
    this.grantActionsIf(items('usedTempToken'), grantee, 'dynamodb:PutItem');
  }

  /** Looking at whose tokens and sessions are revoked. */
  grantReadRevocations(grantee: IGrantable): void {
    this.grantActionsIf(items('revocation'), grantee, 'dynamodb:GetItem');
    this.grantActionsIf(items('endedSession'), grantee, 'dynamodb:GetItem');
  }

  /** Revoking the tokens and sessions of a user, a client or an app. */
  grantRevoke(grantee: IGrantable): void {
    this.grantActionsIf(items('revocation'), grantee, 'dynamodb:GetItem', 'dynamodb:PutItem');
  }

  /** Keeping entries for the trail that no record holds, of one kind: nothing that reads or changes one. */
  grantKeepAuditEntry(grantee: IGrantable, kind: 'keptEntry' | 'keptLogin'): void {
    this.grantActionsIf(items(kind), grantee, 'dynamodb:PutItem');
  }

  /** As for shops, and of the items that hold entries alone: everything else in this table is written by functions that strangers reach. */
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
 * Calls that name keys, all of them like this. `ForAllValues` alone is also true of a call that names none: the second condition refuses it
 * (IAM User Guide, "Set operators for multivalued context keys").
 */
const keys = (operator: 'StringLike' | 'StringNotLike', pattern: string): Conditions => ({
  [`ForAllValues:${operator}`]: { 'dynamodb:LeadingKeys': [pattern] },
  Null: { 'dynamodb:LeadingKeys': 'false' },
});

/** One kind of the session table's items, by the beginning of their keys. */
const items = (name: keyof typeof sessionItemPrefixes): Conditions =>
  keys('StringLike', `${sessionItemPrefixes[name]}*`);

/** Items without a kind: sessions of administrators in the one table, what administrators did in the other. */
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
   * Writing entries of one kind. A function that strangers reach must not be able to write over the trail of administrators, and none can
   * delete. No batch writes: under their name DynamoDB allows deletions, too.
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
