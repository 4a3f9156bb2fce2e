import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { AdminGroup } from './constructs/admin-group.ts';
import { KeyRing } from './constructs/key-ring.ts';
import { AuditTable, KeyTable, SessionTable, ShopTable } from './constructs/tables.ts';
import { dataKey, replicatedDataKey } from './data-key.ts';
import type { StageConfig } from './stage-config.ts';

export interface DataStackProps extends StackProps {
  readonly config: StageConfig;
}

/** Resources that must survive: tables, their key, the ring, the signing keys, the administrators' group. */
export class DataStack extends Stack {
  readonly shops: ShopTable;
  readonly keys: KeyTable;
  readonly sessions: SessionTable;
  readonly audit: AuditTable;
  /** The keys that seal shop keys, security tokens and sessions. */
  readonly ring: KeyRing;
  /** The keys that sign assertions to upstreams. */
  readonly signingKeys: KeyRing;
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
    this.ring = new KeyRing(this, 'Ring', {
      ...protectedBy,
      description: 'Widget Gate sealing ring: the keys that shop keys are sealed with',
    });
    this.signingKeys = new KeyRing(this, 'SigningKeys', {
      ...protectedBy,
      description: 'Widget Gate signing keys: the keys that assertions to upstreams are signed with',
    });
    this.adminGroup = new AdminGroup(this, 'AdminGroup', {
      groupName: adminGroupName,
      existing: existingAdminGroup !== undefined,
    });
  }
}
