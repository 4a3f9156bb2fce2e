import { Template } from 'aws-cdk-lib/assertions';
import { synthesizedStacks, synthesizeStage } from '../support/stacks.ts';

const config = { production: false, authorizerCacheSeconds: 41 };

test('a template that the tests take from a former run is the one that synthesis makes', () => {
  synthesizeStage('dev', config);
  const again = synthesizeStage('dev', config);
  const { data, api, operations } = synthesizedStacks('dev', config);
  expect(again.data.toJSON()).toEqual(Template.fromStack(data).toJSON());
  expect(again.api.toJSON()).toEqual(Template.fromStack(api).toJSON());
  expect(again.operations.toJSON()).toEqual(Template.fromStack(operations).toJSON());
  expect(again.api.toJSON()).not.toEqual(synthesizeStage('dev', { production: false }).api.toJSON());
});
