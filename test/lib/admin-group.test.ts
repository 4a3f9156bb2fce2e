import { Match, type Template } from 'aws-cdk-lib/assertions';
import { type Properties, resourcesOf, synthesizeStage } from '../support/stacks.ts';

const stages = { dev: 'Qrvey-Admin-dev', prod: 'Qrvey-Admin' };
const templates = Object.entries(stages).flatMap(([stage, groupName]): [string, string, Template][] => {
  const { data, api, operations } = synthesizeStage(stage, { production: stage === 'prod' });
  return [
    [`data of ${stage}`, groupName, data],
    [`API of ${stage}`, groupName, api],
    [`operations of ${stage}`, groupName, operations],
  ];
});
const withGroup = templates.filter(([name]) => name.startsWith('data'));

const resources = (template: Template): [string, Properties][] =>
  Object.entries(template.toJSON().Resources as Record<string, Properties>);

test.each(withGroup)(
  '%s: %s has its legal name and nothing else: no policy, no path, no member',
  (_name, GroupName, template) => {
    expect(resourcesOf(template, 'AWS::IAM::Group').map(([, properties]) => properties)).toEqual([{ GroupName }]);
  },
);

test.each(templates)(
  '%s: %s is given no policy and no member from elsewhere: no resource of IAM names a group or a user',
  (_name, _group, template) => {
    const identities = resources(template).filter(([, { Type }]) => /^AWS::(IAM|SSO|IdentityStore)::/.test(Type));
    for (const [, { Type, Properties: own }] of identities) {
      // Neither users, memberships, policies of groups nor managed policies.
      expect(['AWS::IAM::Group', 'AWS::IAM::Role', 'AWS::IAM::Policy']).toContain(Type);
      expect(Object.keys(own).filter((member) => /Group|User/.test(member))).toEqual(
        Type === 'AWS::IAM::Group' ? ['GroupName'] : [],
      );
    }
  },
);

test.each(templates)('%s: nothing runs at deployment that could change %s', (_name, _group, template) => {
  const types = resources(template).map(([, { Type }]) => String(Type));
  expect(types.filter((type) => /^Custom::|CustomResource|CloudFormation::|^AWS::SSM::/.test(type))).toEqual([]);
});

test.each(templates)(
  '%s: what knows of %s only reads it: the policies and the variables of the two functions that ask who is in it',
  (name, group, template) => {
    const isApi = name.startsWith('API');
    const knowing = resources(template)
      .filter(([id, resource]) => !id.startsWith('AdminGroup') && JSON.stringify(resource).includes('AdminGroup'))
      .map(([id]) => id.replace(/[0-9A-F]{8}$/, ''));
    expect(
      resources(template).filter(
        ([id, resource]) => !id.startsWith('AdminGroup') && JSON.stringify(resource).includes(`"${group}"`),
      ),
    ).toEqual([]);
    expect(knowing.sort()).toEqual(
      isApi
        ? [
            'AdminAuthorizerFunction',
            'AdminAuthorizerRoleDefaultPolicy',
            'AdminLoginFunction',
            'AdminLoginRoleDefaultPolicy',
          ]
        : [],
    );
  },
);

test.each(withGroup)('%s: %s is shown by its displayed and its legal name', (_name, _group, template) => {
  template.hasOutput('AdminGroupDisplayName', { Value: 'Qrvey Admin' });
  template.hasOutput('AdminGroupName', { Value: { Ref: Match.stringLikeRegexp('^AdminGroup') } });
  template.hasOutput('AdminGroupArn', { Value: { 'Fn::GetAtt': [Match.stringLikeRegexp('^AdminGroup'), 'Arn'] } });
});
