import { RemovalPolicy } from 'aws-cdk-lib';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { DataKey } from '../data-key.ts';

export interface KeyRingProps extends DataKey {
  readonly production: boolean;
  readonly description: string;
}

/** A ring of keys, in one secret. Secrets Manager makes the first key itself: no template and no person ever sees it. */
export class KeyRing extends Construct {
  readonly secret: Secret;
  readonly #encryptionKey: IKey;

  constructor(scope: Construct, id: string, props: KeyRingProps) {
    super(scope, id);
    this.#encryptionKey = props.encryptionKey;
    this.secret = new Secret(this, 'Secret', {
      description: props.description,
      // Imported, because CDK would add a statement to the policy of its own key, which partly repeats that policy.
      encryptionKey: Key.fromKeyArn(this, 'Key', props.encryptionKey.keyArn),
      generateSecretString: {
        secretStringTemplate: JSON.stringify({ version: 1, sealWith: 'rk_1' }),
        generateStringKey: 'rk_1',
        passwordLength: 64,
        excludePunctuation: true,
      },
      replicaRegions: Object.entries(props.replicaKeyArns).map(([region, keyArn]) => ({
        region,
        encryptionKey: Key.fromKeyArn(this, `Key-${region}`, keyArn),
      })),
      removalPolicy: props.production ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
  }

  /** Reading the ring, and using its key only through Secrets Manager. */
  grantRead(grantee: IGrantable): void {
    this.#grantSecret(grantee, 'secretsmanager:GetSecretValue');
    this.#grantKey(grantee, 'kms:Decrypt');
  }

  /** Adding versions and choosing which one is read; never deleting. */
  grantRotate(grantee: IGrantable): void {
    this.#grantSecret(
      grantee,
      'secretsmanager:GetSecretValue',
      'secretsmanager:PutSecretValue',
      'secretsmanager:UpdateSecretVersionStage',
    );
    this.#grantKey(grantee, 'kms:Decrypt', 'kms:GenerateDataKey');
  }

  #grantSecret({ grantPrincipal }: IGrantable, ...actions: string[]): void {
    grantPrincipal.addToPrincipalPolicy(new PolicyStatement({ actions, resources: [this.secret.secretArn] }));
  }

  #grantKey({ grantPrincipal }: IGrantable, ...actions: string[]): void {
    grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        actions,
        resources: [this.#encryptionKey.keyArn],
        conditions: { StringEquals: { 'kms:ViaService': `secretsmanager.${this.secret.stack.region}.amazonaws.com` } },
      }),
    );
  }
}
