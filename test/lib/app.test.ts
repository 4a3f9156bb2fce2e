import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Properties } from '../support/stacks.ts';

const root = join(import.meta.dirname, '../..');
const out = mkdtempSync(join(tmpdir(), 'widget-gate-app-'));
afterAll(() => rmSync(out, { recursive: true, force: true }));

/** Starts the CDK app as the local host does: without the CLI, an account or a region. */
async function runApp(name: string, context: object): Promise<{ stderr: string }> {
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, CDK_OUTDIR: join(out, name), CDK_CONTEXT_JSON: JSON.stringify(context) };
  return await promisify(execFile)(process.execPath, ['bin/app.ts'], { cwd: root, env });
}

const read = (name: string, file: string): Properties => JSON.parse(readFileSync(join(out, name, file), 'utf8'));

let warnings: string[];
beforeAll(async () => {
  const runs = await Promise.all([runApp('default', {}), runApp('prod', { stage: 'prod' })]);
  warnings = runs.map(({ stderr }) => stderr);
});

test('every stage of cdk.json synthesizes without the CLI, an account or a warning', () => {
  expect(warnings).toEqual(['', '']);
});

test.each([
  ['default', 'dev', false],
  ['prod', 'prod', true],
])(
  'the %s stage is %s: four stacks, which only in production refuse to be deleted',
  (name, stage, terminationProtection) => {
    const { artifacts } = read(name, 'manifest.json');
    const stacks = Object.entries<Properties>(artifacts).filter(([, { type }]) => type === 'aws:cloudformation:stack');
    expect(stacks.map(([id]) => id).sort()).toEqual(
      ['Api', 'Data', 'Operations', 'Web'].map((name) => `WidgetGate-${stage}-${name}`),
    );
    for (const [, { environment, properties }] of stacks) {
      expect(environment).toBe('aws://unknown-account/us-east-1');
      expect(properties.terminationProtection).toBe(terminationProtection);
    }
  },
);

test("nothing but the administrators' group has a name of its own, so stages share an account and replacements deploy", () => {
  const names = /^(Function|Table|Role|Policy|LogGroup|Secret|Alias|Group|User|ManagedPolicy)?Name$/;
  // Neither is unique in an account: a label of the API, and of an authorizer within it. A policy's is its role's.
  const labels = [
    'AWS::ApiGateway::RestApi',
    'AWS::ApiGateway::Authorizer',
    'AWS::IAM::Policy',
    'AWS::Lambda::Permission',
    // Names the log group that it reads.
    'AWS::Logs::MetricFilter',
    // CloudFront asks for one, and CDK makes it of region, stack and logical id.
    'AWS::CloudFront::Function',
  ];
  const named = ['default', 'prod'].flatMap((name) =>
    readdirSync(join(out, name))
      .filter((file) => file.endsWith('.template.json'))
      .flatMap((file) => Object.values<Properties>(read(name, file).Resources))
      .filter(({ Type }) => !labels.includes(Type))
      .flatMap(({ Type, Properties: own = {} }) =>
        Object.keys(own)
          .filter((key) => names.test(key))
          .map((key) => `${Type}: ${JSON.stringify(own[key])}`),
      ),
  );
  expect(named.sort()).toEqual(['AWS::IAM::Group: "Qrvey-Admin"', 'AWS::IAM::Group: "Qrvey-Admin-dev"']);
});

test('each value is in one output', () => {
  for (const name of ['default', 'prod']) {
    const outputs = readdirSync(join(out, name))
      .filter((file) => file.endsWith('.template.json'))
      .flatMap((file) => Object.entries<Properties>(read(name, file).Outputs ?? {}))
      // CDK's own, by which one stack reads another.
      .filter(([key]) => !key.startsWith('PublishOutput'));
    const values = outputs.map(([, { Value }]) => JSON.stringify(Value));
    expect(values.filter((value, at) => values.indexOf(value) !== at)).toEqual([]);
    expect(outputs.map(([key]) => key).sort()).toEqual([
      'AdminGroupArn',
      'AdminGroupDisplayName',
      'AdminGroupName',
      'AlarmTopicArn',
      'ApiUrl',
      'AssertionIssuer',
      'RingSecret',
      'SigningSecret',
      'WebBucket',
      'WebUrl',
    ]);
  }
});

test("every KMS key has its stage's tag, by which a deployer's rights on it are restricted", () => {
  for (const [name, stage] of [
    ['default', 'dev'],
    ['prod', 'prod'],
  ] as const) {
    const keys = readdirSync(join(out, name))
      .filter((file) => file.endsWith('.template.json'))
      .flatMap((file) => Object.values<Properties>(read(name, file).Resources))
      .filter(({ Type }) => Type === 'AWS::KMS::Key');
    expect(keys.length).toBeGreaterThan(0);
    for (const key of keys) expect(key.Properties.Tags).toContainEqual({ Key: 'widget-gate:stage', Value: stage });
  }
});

test('fails for a stage that is not there, and lists the existing ones', async () => {
  await expect(runApp('none', { stage: 'staging' })).rejects.toThrow(
    'no stage "staging" in cdk.json; available: dev, prod',
  );
});
