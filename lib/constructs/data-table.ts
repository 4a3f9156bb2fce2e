import { RemovalPolicy } from 'aws-cdk-lib';
import {
  type Attribute,
  Billing,
  type GlobalSecondaryIndexPropsV2,
  TableEncryptionV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import { type Conditions, type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { DataKey } from '../data-key.ts';

export interface DataTableProps extends DataKey {
  readonly partitionKey: Attribute;
  /** @default none */
  readonly sortKey?: Attribute;
  /** Keep the table when its stack is deleted, and refuse to delete it. */
  readonly production: boolean;
  /** Further orders to read by. @default none */
  readonly indexes?: readonly GlobalSecondaryIndexPropsV2[];
  /**
   * Whether items expire at `expiresAt` (Unix seconds).
   * @default false
   */
  readonly expires?: boolean;
}

/** A table: on demand, point-in-time recovery, customer-managed key, and grants by single actions. */
export class DataTable extends Construct {
  readonly table: TableV2;
  readonly #encryptionKey: IKey;

  constructor(scope: Construct, id: string, props: DataTableProps) {
    super(scope, id);
    this.#encryptionKey = props.encryptionKey;
    this.table = new TableV2(this, 'Table', {
      partitionKey: props.partitionKey,
      ...(props.sortKey !== undefined && { sortKey: props.sortKey }),
      ...(props.indexes !== undefined && { globalSecondaryIndexes: [...props.indexes] }),
      ...(props.expires && { timeToLiveAttribute: 'expiresAt' }),
      billing: Billing.onDemand(),
      encryption: TableEncryptionV2.customerManagedKey(props.encryptionKey, props.replicaKeyArns),
      replicas: Object.keys(props.replicaKeyArns).map((region) => ({ region })),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: props.production,
      removalPolicy: props.production ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
  }

  /** Exactly these actions on this table. Callers also need the key, but only through DynamoDB. */
  grantActions(grantee: IGrantable, ...actions: readonly `dynamodb:${string}`[]): void {
    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({ actions: [...actions].sort(), resources: [this.table.tableArn] }),
    );
    this.#grantKeyByService(grantee);
  }

  /** The same, if a condition holds. */
  grantActionsIf(conditions: Conditions, grantee: IGrantable, ...actions: readonly `dynamodb:${string}`[]): void {
    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({ actions: [...actions].sort(), resources: [this.table.tableArn], conditions }),
    );
    this.#grantKeyByService(grantee);
  }

  /** Exactly this action on one index of this table. */
  grantIndex(grantee: IGrantable, indexName: string, action: `dynamodb:${string}`): void {
    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({ actions: [action], resources: [`${this.table.tableArn}/index/${indexName}`] }),
    );
    this.#grantKeyByService(grantee);
  }

  #grantKeyByService(grantee: IGrantable): void {
    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['kms:Decrypt'],
        resources: [this.#encryptionKey.keyArn],
        conditions: { StringEquals: { 'kms:ViaService': `dynamodb.${this.table.stack.region}.amazonaws.com` } },
      }),
    );
  }
}
