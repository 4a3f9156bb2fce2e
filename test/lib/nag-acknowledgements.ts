/** A finding of cdk-nag that we live with. One that no longer matches a finding fails the test. */
export interface Acknowledgement {
  /** The rule's full id, with the finding where the rule names one. */
  readonly rule: string;
  /** Where: what matches the construct's path behind its stack's name. */
  readonly at: RegExp;
  readonly reason: string;
}

/** The contract's routes without an authorizer; a test of the API stack names each. */
const PUBLIC = [
  String.raw`api/shops/\{shopId\}/widget-token(/inspect)?/POST`,
  'api/auth/temp-token/POST',
  'api/auth/session/ANY',
  String.raw`\.well-known/jwks\.json/GET`,
  'devapi/v4/core/login/token/POST',
  'admin/api/login(/challenge|/link)?/POST',
].join('|');
const method = (paths: string): RegExp => new RegExp(`^Rest/Api/Default/(${paths})/Resource$`);
const STAGE = /^Rest\/Api\/DeploymentStage\.\w+\/Resource$/;
const UPLOADER = /^Custom::CDKBucketDeployment\w+\/Resource$/;
const FUNCTIONS = /^(\w+(\/Handler)?\/Function|Custom::CDKBucketDeployment\w+)\/Resource$/;
const DISTRIBUTION = /^Web\/Distribution\/Resource$/;

export const acknowledgements: readonly Acknowledgement[] = [
  {
    rule: 'AwsSolutions-SMG4',
    at: /^(Ring|SigningKeys)\/Secret\/Resource$/,
    reason:
      'Both are rotated: the RotationSchedule is in the stack of the function that rotates the secret, where the rule does not look.',
  },
  {
    rule: 'AwsSolutions-APIG2',
    at: /^Rest\/Api\/Resource$/,
    reason:
      "The gateway's validator answers 400 before the authorizer's 401 and 403, which are the contract; every handler checks its input strictly.",
  },
  {
    rule: 'AwsSolutions-APIG3',
    at: STAGE,
    reason: "A web ACL costs by the month and its rules are the deployer's choice; every route has a throttle.",
  },
  {
    rule: 'AwsSolutions-APIG4',
    at: method(PUBLIC),
    reason:
      'The function itself checks the credential (an API key, a temp token, a signed login, the code of a link), and answers 401.',
  },
  {
    rule: 'AwsSolutions-APIG4',
    at: method(String.raw`api/(auth/session|analytics/\{proxy\+\})/OPTIONS`),
    reason: "A browser's preflight carries no credential.",
  },
  {
    rule: 'AwsSolutions-APIG6',
    at: STAGE,
    reason:
      'Execution logs write request paths and headers, so credentials; the access log has an allow-list of members.',
  },
  {
    rule: 'AwsSolutions-COG4',
    at: method(`${PUBLIC}|${String.raw`(api/(widget|analytics|data-router)|admin/api)/\{proxy\+\}/ANY`}`),
    reason: 'Callers are shops, widgets, portals and IAM users, none of whom is in a user pool.',
  },
  {
    rule: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
    at: /^Rest\/Api\/CloudWatchRole\/Resource$/,
    reason: "The account's one log role of API Gateway, which must be able to write the logs of every API there.",
  },
  {
    rule: 'Serverless-LambdaDLQ',
    at: FUNCTIONS,
    reason:
      'A dead letter queue is for events that nobody waits for; API Gateway and Secrets Manager wait, and a check that failed is made again by the next run of its schedule.',
  },
  {
    rule: 'Serverless-EventBusDLQ',
    at: /^\w+\/Schedule\/Resource$/,
    reason: 'What a schedule starts is started again by its next run; an alarm reports one that does not run.',
  },
  {
    rule: 'Serverless-LambdaTracing',
    at: FUNCTIONS,
    reason:
      'Tracing needs rights on every resource for every role, also for those that have none; log lines carry the request id.',
  },
  {
    rule: 'Serverless-APIGWXrayEnabled',
    at: STAGE,
    reason: 'Nothing behind the gateway is traced; the access log has the latencies.',
  },
  {
    rule: 'AwsSolutions-S1',
    at: /^Files\/Bucket\/Resource$/,
    reason: 'The files are public, and CloudFront alone reads them: a log of its reads would show no caller.',
  },
  {
    rule: 'AwsSolutions-CFR1',
    at: DISTRIBUTION,
    reason: 'Shops and their shoppers are wherever they are; who may call is decided by credential and origin.',
  },
  {
    rule: 'AwsSolutions-CFR2',
    at: DISTRIBUTION,
    reason: "The option waf puts a web ACL before the distribution; without it the API's throttles hold.",
  },
  {
    rule: 'AwsSolutions-CFR3',
    at: DISTRIBUTION,
    reason:
      "CloudFront's logs hold whole paths and queries, so credentials and ids; the API's access log has an allow-list.",
  },
  {
    rule: 'AwsSolutions-CFR4',
    at: DISTRIBUTION,
    reason:
      "With CloudFront's own certificate it alone decides the TLS versions; a domain of your own takes TLS 1.2 or later.",
  },
  {
    rule: 'AwsSolutions-IAM5[Resource::<FilesBucket7C17EE2E.Arn>/*]',
    at: /^Upload\/Role\/DefaultPolicy\/Resource$/,
    reason: "The upload writes files, whatever a release calls them, into this one bucket; it can't delete any.",
  },
  {
    rule: 'AwsSolutions-L1',
    at: UPLOADER,
    reason: 'The runtime is that which CDK tests its own function with; a newer CDK brings a newer one.',
  },
  {
    rule: 'Serverless-LambdaLatestVersion',
    at: UPLOADER,
    reason: 'As for the other rule pack: CDK chooses the runtime of the function that it brings along.',
  },
];
