import { CfnOutput, Stack } from 'aws-cdk-lib';
import { CfnGroup, type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

export interface AdminGroupProps {
  /** A valid IAM name: the displayed name "Qrvey Admin" contains a space, which IAM refuses. */
  readonly groupName: string;
  /** The group is made elsewhere, in the same account and at no path. */
  readonly existing: boolean;
}

/**
 * The IAM group whose members are the System Administrators. It has no policy, and nothing here can attach one: only membership counts.
 * This is a low-level resource on purpose, because `iam.Group` offers to attach policies.
 */
export class AdminGroup extends Construct {
  readonly groupArn: string;

  constructor(scope: Construct, id: string, props: AdminGroupProps) {
    super(scope, id);
    const group = props.existing ? this.#existing(props.groupName) : this.#create(props.groupName);
    this.groupArn = group.arn;
    this.#output('DisplayName', 'Qrvey Admin', "How the administrators' group is called in texts");
    this.#output('Name', group.name, 'Add IAM users to this group to make them System Administrators');
    this.#output('Arn', group.arn, "The administrators' group");
  }

  #create(groupName: string): { name: string; arn: string } {
    const group = new CfnGroup(this, 'Group', { groupName });
    return { name: group.ref, arn: group.attrArn };
  }

  #existing(groupName: string): { name: string; arn: string } {
    const arn = Stack.of(this).formatArn({ service: 'iam', region: '', resource: 'group', resourceName: groupName });
    return { name: groupName, arn };
  }

  /** Allows reading the members of this one group. */
  grantRead(grantee: IGrantable): void {
    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({ actions: ['iam:GetGroup'], resources: [this.groupArn] }),
    );
  }

  /** `AdminGroupName` and so on: a key that scripts can rely on, without the hash that CDK appends below the top of a stack. */
  #output(name: string, value: string, description: string): void {
    new CfnOutput(this, name, { value, description }).overrideLogicalId(`AdminGroup${name}`);
  }
}
