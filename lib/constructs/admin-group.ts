import { CfnOutput } from 'aws-cdk-lib';
import { CfnGroup } from 'aws-cdk-lib/aws-iam';
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
    new CfnOutput(this, 'DisplayName', {
      value: 'Qrvey Admin',
      description: 'How the administrators’ group is called in texts',
    });
    new CfnOutput(this, 'Name', {
      value: group.ref,
      description: 'Add IAM users to this group to make them System Administrators',
    });
    new CfnOutput(this, 'Arn', { value: group.attrArn });
  }
}
