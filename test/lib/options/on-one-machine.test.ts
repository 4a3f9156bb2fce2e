import { loadStageWith as load } from '#test/support/load-stage.ts';

test('the local host runs a stage with tags, and keeps decisions on widget calls as long as the stage says', () => {
  const [api] = load({ tags: { team: 'widgets' }, authorizerCacheSeconds: 30 }).restApis;
  expect([...(api?.authorizers.values() ?? [])].map(({ resultTtlSeconds }) => resultTtlSeconds)).toContain(30);
});

test('the local host runs a stage that streams', () => {
  const [api] = load({ upstreamStreaming: true }).restApis;
  const streaming = api?.methods.filter(({ streams }) => streams === true).map(({ path }) => path);
  expect(streaming?.sort()).toEqual(['/api/analytics/{proxy+}', '/api/data-router/{proxy+}', '/api/widget/{proxy+}']);
});

test('the local host runs a stage without a web', () => {
  expect(load({ web: false }).distribution).toBeUndefined();
});

test("the local host runs a stage with private upstreams, on the machine's own network", () => {
  const upstreamVpc = { vpcId: 'vpc-0123abcd', subnetIds: ['subnet-0123abcd'], securityGroupIds: ['sg-0123abcd'] };
  const secretArn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:upstream-ca-AbCdEf';
  const { functions } = load({ upstreamUrl: 'https://a.example.com', upstreamVpc, upstreamCa: { secretArn } });
  const endpoint = functions.find(({ logicalId }) => logicalId.startsWith('WidgetEndpoint'));
  expect(endpoint?.environment).toMatchObject({ WIDGET_GATE_UPSTREAM_CA_SECRET: secretArn });
});

test.each<[string, object, RegExp]>([
  [
    'web.domain',
    {
      web: { domain: { name: 'a.example.com', certificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/0f9b' } },
    },
    /DistributionConfig\.Aliases; docs\/stage-options\.md/,
  ],
  [
    'domain',
    { domain: { name: 'a.example.com', certificateArn: 'arn:aws:acm:eu-west-1:123456789012:certificate/0f9b' } },
    /RestApi\.DisableExecuteApiEndpoint; docs\/stage-options\.md/,
  ],
  ['waf', { waf: { requestsPer5Minutes: 100 } }, /AWS::WAFv2::WebACL; docs\/stage-options\.md/],
  ['private', { private: { vpcEndpointIds: ['vpce-0123abcd'] } }, /RestApi\.Policy; docs\/stage-options\.md/],
  [
    'existingAdminGroup',
    { existingAdminGroup: 'Platform' },
    /group\/Platform: it cannot run a stage with existingAdminGroup/,
  ],
  [
    'replicaRegions',
    { replicaRegions: ['eu-central-1'] },
    /the local host does not know AWS::\S+; docs\/stage-options\.md/,
  ],
])('the local host refuses to run a stage with %s, and says why', (_name, options, message) => {
  expect(() => load(options)).toThrow(message);
});
