import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { permissionsDocument } from '#bin/permissions/document.ts';
import { reasons } from '#bin/permissions/reasons.ts';
import { rightsOf } from '#bin/permissions/statements.ts';
import { loadStage } from '#bin/start/stage.ts';
import type { Deployment } from '#local/model.ts';
import { synthesize } from '#local/synthesize.ts';

const committed = readFileSync(join(import.meta.dirname, '../../docs/permissions.md'), 'utf8');

let deployment: Deployment;
beforeAll(async () => {
  deployment = loadStage(await synthesize('prod'));
});

test.each(['dev', 'prod'])(
  'docs/permissions.md is what the template of %s grants (npm run permissions)',
  async (stage) => {
    expect(permissionsDocument(loadStage(await synthesize(stage)))).toBe(committed);
  },
);

test('every reason is that of a right which some function has', () => {
  for (const why of Object.values(reasons)) expect(committed).toContain(`| ${why} |`);
});

const statement = (changes: object) => ({
  Effect: 'Allow' as const,
  Action: 'dynamodb:GetItem',
  Resource: deployment.tables[0]?.arn ?? '',
  ...changes,
});

test.each<[string, object, string]>([
  [
    'a right that nobody gave a reason for',
    { Action: 'dynamodb:DeleteTable' },
    'gives no reason for dynamodb:DeleteTable',
  ],
  ['a resource that is not ours', { Resource: '*' }, 'no resource of the template has the ARN *'],
  ['a condition of another kind', { Condition: { Bool: { 'aws:SecureTransport': 'true' } } }, 'no words for'],
  [
    'a condition on keys that a call without keys gets past',
    { Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': 'temp/*' } } },
    'lets calls without a key through',
  ],
])('fails on %s', (_name, changes, message) => {
  expect(() => rightsOf(statement(changes), deployment)).toThrow(message);
});
