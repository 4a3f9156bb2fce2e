import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { AdminGroup } from './constructs/admin-group.ts';
import { SealingRing } from './constructs/sealing-ring.ts';
import { AuditTable, KeyTable, SessionTable, ShopTable } from './constructs/tables.ts';
import { dataKey, replicatedDataKey } from './data-key.ts';
import type { StageConfig } from './stage-config.ts';

export interface DataStackProps extends StackProps {
  readonly config: StageConfig;
}

/** What must survive: tables, their key, the ring, the administrators' group. */
export class DataStack extends Stack {
  readonly shops: ShopTable;
  readonly keys: KeyTable;
  readonly sessions: SessionTable;
  readonly audit: AuditTable;
  readonly ring: SealingRing;
  readonly adminGroup: AdminGroup;

  constructor(scope: Construct, id: string, props: DataStackProps) {
    super(scope, id, props);
    const { production, adminGroupName, existingAdminGroup, replicaRegions } = props.config;
    const key =
      replicaRegions.length === 0
        ? { encryptionKey: dataKey(this, production), replicaKeyArns: {} }
        : replicatedDataKey(this, props, production, replicaRegions);
    const protectedBy = { ...key, production };
    this.shops = new ShopTable(this, 'Shops', protectedBy);
    this.keys = new KeyTable(this, 'Keys', protectedBy);
    this.sessions = new SessionTable(this, 'Sessions', protectedBy);
    this.audit = new AuditTable(this, 'Audit', protectedBy);
    this.ring = new SealingRing(this, 'Ring', protectedBy);
    this.adminGroup = new AdminGroup(this, 'AdminGroup', {
      groupName: adminGroupName,
      existing: existingAdminGroup !== undefined,
    });
  }
}
