import { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { headers } from '#contract/headers.ts';
import type { WafOption } from '../stage-config/options.ts';
import type { EdgeMark } from './edge-mark.ts';

export interface RateLimitAclProps extends WafOption {
  /** Its scope: resources in the stack's region, or (in us-east-1) CloudFront. */
  readonly scope: 'REGIONAL' | 'CLOUDFRONT';
  /** Calls that it does not count. @default it counts every call */
  readonly uncounted?: EdgeMark | undefined;
}

/**
 * A web ACL that blocks an address above its rate, and a widget token if the stage limits those, too, before anything else counts the call.
 * It keeps no samples of requests: those would contain the headers, and with them credentials.
 */
export class RateLimitAcl extends Construct {
  readonly arn: string;

  constructor(parent: Construct, id: string, { scope, uncounted, ...limits }: RateLimitAclProps) {
    super(parent, id);
    const { requestsPer5Minutes, requestsPer5MinutesPerToken } = limits;
    const counted =
      uncounted === undefined ? {} : { scopeDownStatement: { notStatement: { statement: carries(uncounted) } } };
    const rules = [
      rateRule('requests-per-address', 'WidgetGateRequestsPerAddress', {
        aggregateKeyType: 'IP',
        limit: requestsPer5Minutes,
        ...counted,
      }),
    ];
    if (requestsPer5MinutesPerToken !== undefined)
      rules.push(
        // WAF ignores requests without the header in this rule.
        rateRule('requests-per-widget-token', 'WidgetGateRequestsPerWidgetToken', {
          aggregateKeyType: 'CUSTOM_KEYS',
          customKeys: [{ header: { name: headers.widgetToken.toLowerCase(), textTransformations: UNCHANGED } }],
          limit: requestsPer5MinutesPerToken,
          ...counted,
        }),
      );
    const acl = new CfnWebACL(this, 'Acl', {
      scope,
      defaultAction: { allow: {} },
      rules: rules.map((rule, priority) => ({ ...rule, priority })),
      visibilityConfig: visible('WidgetGate'),
    });
    this.arn = acl.attrArn;
  }
}

const UNCHANGED = [{ priority: 0, type: 'NONE' }];

const visible = (metricName: string) => ({ metricName, cloudWatchMetricsEnabled: true, sampledRequestsEnabled: false });

const rateRule = (name: string, metricName: string, statement: CfnWebACL.RateBasedStatementProperty) => ({
  name,
  action: { block: {} },
  statement: { rateBasedStatement: { evaluationWindowSec: 300, ...statement } },
  visibilityConfig: visible(metricName),
});

const carries = ({ header, value }: EdgeMark): CfnWebACL.StatementProperty => ({
  byteMatchStatement: {
    fieldToMatch: { singleHeader: { Name: header.toLowerCase() } },
    positionalConstraint: 'EXACTLY',
    searchString: value,
    textTransformations: UNCHANGED,
  },
});
