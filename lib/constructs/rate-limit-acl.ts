import { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import type { EdgeMark } from './edge-mark.ts';

export interface RateLimitAclProps {
  /** Where it may stand: before what is in the stack's region, or (in us-east-1) before CloudFront. */
  readonly scope: 'REGIONAL' | 'CLOUDFRONT';
  readonly requestsPer5Minutes: number;
  /** Calls that it does not count. @default it counts every call */
  readonly uncounted?: EdgeMark | undefined;
}

/**
 * A web ACL that blocks an address above its rate, before anything else counts the call. It keeps no samples of requests: those would hold the
 * headers, and with them credentials.
 */
export class RateLimitAcl extends Construct {
  readonly arn: string;

  constructor(parent: Construct, id: string, { scope, requestsPer5Minutes, uncounted }: RateLimitAclProps) {
    super(parent, id);
    const visible = (metricName: string) => ({
      metricName,
      cloudWatchMetricsEnabled: true,
      sampledRequestsEnabled: false,
    });
    const acl = new CfnWebACL(this, 'Acl', {
      scope,
      defaultAction: { allow: {} },
      rules: [
        {
          name: 'requests-per-address',
          priority: 0,
          action: { block: {} },
          statement: {
            rateBasedStatement: {
              aggregateKeyType: 'IP',
              limit: requestsPer5Minutes,
              evaluationWindowSec: 300,
              ...(uncounted !== undefined && {
                scopeDownStatement: { notStatement: { statement: carries(uncounted) } },
              }),
            },
          },
          visibilityConfig: visible('WidgetGateRequestsPerAddress'),
        },
      ],
      visibilityConfig: visible('WidgetGate'),
    });
    this.arn = acl.attrArn;
  }
}

const carries = ({ header, value }: EdgeMark): CfnWebACL.StatementProperty => ({
  byteMatchStatement: {
    fieldToMatch: { singleHeader: { Name: header.toLowerCase() } },
    positionalConstraint: 'EXACTLY',
    searchString: value,
    textTransformations: [{ priority: 0, type: 'NONE' }],
  },
});
