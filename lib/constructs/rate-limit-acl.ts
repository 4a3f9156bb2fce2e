import type { Stage } from 'aws-cdk-lib/aws-apigateway';
import { CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';

export interface RateLimitAclProps {
  readonly stage: Stage;
  readonly requestsPer5Minutes: number;
}

/**
 * A web ACL that blocks an address above its rate, before API Gateway counts the call. It keeps no samples of requests: those would hold the
 * headers, and with them credentials.
 */
export class RateLimitAcl extends Construct {
  constructor(scope: Construct, id: string, { stage, requestsPer5Minutes }: RateLimitAclProps) {
    super(scope, id);
    const visible = (metricName: string) => ({
      metricName,
      cloudWatchMetricsEnabled: true,
      sampledRequestsEnabled: false,
    });
    const acl = new CfnWebACL(this, 'Acl', {
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      rules: [
        {
          name: 'requests-per-address',
          priority: 0,
          action: { block: {} },
          statement: {
            rateBasedStatement: { aggregateKeyType: 'IP', limit: requestsPer5Minutes, evaluationWindowSec: 300 },
          },
          visibilityConfig: visible('WidgetGateRequestsPerAddress'),
        },
      ],
      visibilityConfig: visible('WidgetGate'),
    });
    new CfnWebACLAssociation(this, 'Association', { resourceArn: stage.stageArn, webAclArn: acl.attrArn });
  }
}
