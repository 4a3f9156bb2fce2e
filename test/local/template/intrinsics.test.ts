// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Fn::Sub is written so
import type { Stack } from '#local/template/assembly.ts';
import { Resolver } from '#local/template/intrinsics.ts';

const stackOf = (name: string, template: Partial<Stack['template']>): Stack => ({
  name,
  region: 'eu-central-1',
  account: 'unknown-account',
  template: { Resources: {}, ...template },
  assets: new Map(),
});
const stack = stackOf('One', {
  Resources: { Role: { Type: 'AWS::IAM::Role' }, Key: { Type: 'AWS::KMS::Key' } },
  Outputs: {
    Out: { Value: { 'Fn::GetAtt': ['Role', 'Arn'] }, Export: { Name: { 'Fn::Sub': '${AWS::StackName}:Role' } } },
  },
});
const resolver = new Resolver([stack, stackOf('Two', {})], '111122223333');
const roleArn = 'arn:aws:iam::111122223333:role/One-Role';

test.each<[unknown, unknown]>([
  [{ Ref: 'AWS::AccountId' }, '111122223333'],
  [{ Ref: 'AWS::Region' }, 'eu-central-1'],
  [{ Ref: 'AWS::StackId' }, 'arn:aws:cloudformation:eu-central-1:111122223333:stack/One/local'],
  [{ Ref: 'Role' }, 'One-Role'],
  [{ 'Fn::GetAtt': ['Role', 'Arn'] }, roleArn],
  [{ 'Fn::Join': [':', ['a', { Ref: 'AWS::Partition' }]] }, 'a:aws'],
  [{ 'Fn::Select': ['1', { 'Fn::Split': [':', 'a:b:c'] }] }, 'b'],
  [{ 'Fn::Sub': 'arn:${AWS::Partition}:${Role}:${Role.Arn}' }, `arn:aws:One-Role:${roleArn}`],
  [{ 'Fn::Sub': ['${own}-${Role}-${!literal}', { own: { Ref: 'AWS::Region' } }] }, 'eu-central-1-One-Role-${literal}'],
  [{ 'Fn::ImportValue': 'One:Role' }, roleArn],
  [
    { a: [1, { Ref: 'AWS::NoValue' }, null], b: { Ref: 'AWS::NoValue' }, c: false },
    { a: [1, null], c: false },
  ],
])('%j is %j', (value, expected) => {
  expect(resolver.resolve(value, stack)).toEqual(expected);
});

test.each<[unknown, RegExp]>([
  [{ Ref: 'toString' }, /no resource toString/],
  [{ 'Fn::Sub': '${Role.RoleName}' }, /no known attribute RoleName/],
  [{ 'Fn::If': ['Sometimes', 1, 2] }, /does not know Fn::If/],
  [{ 'Fn::ImportValue': 'Two:Role' }, /no stack exports/],
])('refuses %j', (value, message) => {
  expect(() => resolver.resolve(value, stack)).toThrow(message);
});
