import { RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { AccountRootPrincipal, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnReplicaKey, type IKey, Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';

/** The key of the data at rest and, if there are copies of the data, the ARNs of its replicas by region. */
export interface DataKey {
  readonly encryptionKey: IKey;
  readonly replicaKeyArns: Readonly<Record<string, string>>;
}

const DESCRIPTION = 'Widget Gate data at rest';

/** The key of one region, in the stack of the data. */
export function dataKey(scope: Construct, production: boolean, multiRegion?: true): Key {
  return new Key(scope, 'DataKey', {
    description: DESCRIPTION,
    enableKeyRotation: true,
    removalPolicy: production ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    ...(multiRegion && { multiRegion }),
  });
}

/**
 * A multi-region key and its replicas, each in a separate stack before the stack of the data: a table's copy can be created only where its
 * key already exists.
 */
export function replicatedDataKey(
  data: Stack,
  props: StackProps,
  production: boolean,
  regions: readonly string[],
): DataKey {
  const scope = data.node.scope as Construct;
  // A separate name, even if the stack of the data was given one.
  const named = (suffix: string) => ({ ...props, stackName: `${data.stackName}${suffix}` });
  const primary = new Stack(scope, `${data.node.id}Key`, named('Key'));
  const key = dataKey(primary, production, true);
  for (const region of regions) {
    const env = { ...props.env, region };
    const replica = new Stack(scope, `${data.node.id}Key-${region}`, { ...named(`Key-${region}`), env });
    new CfnReplicaKey(replica, 'DataKey', {
      description: DESCRIPTION,
      primaryKeyArn: key.keyArn,
      keyPolicy: accountDecides(),
    }).applyRemovalPolicy(production ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY);
    data.addStackDependency(replica);
  }
  // A replica has the id of its primary: only the region differs.
  const arnIn = (region: string): string =>
    primary.formatArn({ service: 'kms', region, resource: 'key', resourceName: key.keyId });
  return { encryptionKey: key, replicaKeyArns: Object.fromEntries(regions.map((region) => [region, arnIn(region)])) };
}

/** CDK's default policy of a key: the policies of the account's roles decide. */
const accountDecides = (): PolicyDocument =>
  new PolicyDocument({
    statements: [
      new PolicyStatement({ principals: [new AccountRootPrincipal()], actions: ['kms:*'], resources: ['*'] }),
    ],
  });
