import { CfnOutput } from 'aws-cdk-lib';
import { CfnGroup, type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

export interface AdminGroupProps {
  /** A legal IAM name: the displayed name "Qrvey Admin" has a space, which IAM refuses. */
  readonly groupName: string;
}

/**
 * The IAM group whose members are the System Administrators. It has no policy and nothing here can give it one: membership alone counts.
 * The low-level resource is on purpose, because `iam.Group` offers to attach policies.
 */
export class AdminGroup extends Construct {
  readonly groupArn: string;

  constructor(scope: Construct, id: string, props: AdminGroupProps) {
    super(scope, id);
    const group = new CfnGroup(this, 'Group', { groupName: props.groupName });
    this.groupArn = group.attrArn;
    this.#output('DisplayName', 'Qrvey Admin', 'How the administrators’ group is called in texts');
    this.#output('Name', group.ref, 'Add IAM users to this group to make them System Administrators');
    this.#output('Arn', group.attrArn, 'The administrators’ group');
  }

  /** Reading who is in this one group. */
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
