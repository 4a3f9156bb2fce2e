import { Aws, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';

export interface AlarmTopicProps {
  /** @default nobody is subscribed */
  readonly email?: string | undefined;
}

/** The topic of the alarms: encrypted, over TLS only, and only this account's CloudWatch may publish. */
export class AlarmTopic extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, { email }: AlarmTopicProps) {
    super(scope, id);
    const ofThisAccount = { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } };
    const principals = [new ServicePrincipal('cloudwatch.amazonaws.com')];
    // CloudWatch cannot use the key that AWS itself manages for SNS.
    const key = new Key(this, 'Key', {
      description: 'Widget Gate alarms on their way',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    key.addToResourcePolicy(
      new PolicyStatement({
        principals,
        actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        // The policy of a key has no other name for it. No condition: the topic's own policy restricts the account. If CloudWatch did not
        // send the account here, alarms would be lost silently.
        resources: ['*'],
      }),
    );
    this.topic = new Topic(this, 'Topic', { displayName: 'Widget Gate alarms', masterKey: key, enforceSSL: true });
    // An explicit policy replaces the default one, which lets the account publish.
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        principals,
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: ofThisAccount,
      }),
    );
    if (email !== undefined) this.topic.addSubscription(new EmailSubscription(email));
  }
}
