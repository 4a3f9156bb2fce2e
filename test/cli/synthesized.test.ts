import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { regionOf } from '#cli/doctor/concurrency.ts';
import { readTemplates, synthesizedStacks } from '#cli/synthesized.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'widget-gate-synthesized-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const checkout = () => ({ path: root, isCheckout: true });
const otherApp = () => ({ path: root, isCheckout: false });

/** A cloud assembly with one stack; `stackName` where the app has the stack under another id. */
function writeAssembly(folder: string, id: string, stackName?: string, region = 'eu-west-1'): void {
  mkdirSync(join(root, folder), { recursive: true });
  const properties = { templateFile: `${id}.template.json`, ...(stackName !== undefined && { stackName }) };
  const stack = { type: 'aws:cloudformation:stack', environment: `aws://unknown-account/${region}`, properties };
  writeFileSync(join(root, folder, 'manifest.json'), JSON.stringify({ artifacts: { [id]: stack } }));
  writeFileSync(join(root, folder, `${id}.template.json`), JSON.stringify({ Resources: { [folder]: { Type: 'T' } } }));
}

const madeAt = (folder: string, id: string, seconds: number): void =>
  utimesSync(join(root, folder, `${id}.template.json`), seconds, seconds);

test('a checkout has the templates that were made last, by the CDK or for a start on this machine', () => {
  const id = 'WidgetGate-prod-Api';
  writeAssembly('cdk.out', id);
  writeAssembly('dist/assembly/prod-1', id);
  madeAt('cdk.out', id, 1_000);
  madeAt('dist/assembly/prod-1', id, 2_000);
  expect(readTemplates('prod', checkout())).toEqual([{ Resources: { 'dist/assembly/prod-1': { Type: 'T' } } }]);
  madeAt('cdk.out', id, 3_000);
  expect(readTemplates('prod', checkout())).toEqual([{ Resources: { 'cdk.out': { Type: 'T' } } }]);
});

test('an app with the gate among its own stacks has them under other ids, and below a CDK stage in a folder of their own', () => {
  writeAssembly('cdk.out/assembly-Live', 'LiveGateApi12345678', 'WidgetGate-prod-Api');
  const artifacts = { Live: { type: 'cdk:cloud-assembly', properties: { directoryName: 'assembly-Live' } } };
  writeFileSync(join(root, 'cdk.out/manifest.json'), JSON.stringify({ artifacts }));
  expect(synthesizedStacks('prod', otherApp())).toEqual([
    {
      name: 'WidgetGate-prod-Api',
      region: 'eu-west-1',
      file: join(root, 'cdk.out/assembly-Live/LiveGateApi12345678.template.json'),
    },
  ]);
});

test('refuses with what to do when the stage was not synthesized', () => {
  writeAssembly('cdk.out', 'WidgetGate-production-Api');
  expect(() => readTemplates('prod', checkout())).toThrow('run npm run synth -- -c stage=prod');
  expect(() => readTemplates('prod', otherApp())).toThrow('run "cdk synth" in the folder of your CDK app');
});

describe('the region', () => {
  const { AWS_REGION, AWS_DEFAULT_REGION } = process.env;
  beforeEach(() => {
    delete process.env.AWS_DEFAULT_REGION;
    process.env.AWS_REGION = 'eu-central-1';
  });
  afterEach(() => {
    delete process.env.AWS_REGION;
    Object.assign(process.env, AWS_REGION && { AWS_REGION }, AWS_DEFAULT_REGION && { AWS_DEFAULT_REGION });
  });

  test("is the stage's own in cdk.json, else that of the AWS tools", () => {
    const stages = { own: { region: 'eu-west-1' }, other: {} };
    writeFileSync(join(root, 'cdk.json'), JSON.stringify({ context: { stages } }));
    expect([regionOf('own', checkout()), regionOf('other', checkout())]).toEqual(['eu-west-1', 'eu-central-1']);
    delete process.env.AWS_REGION;
    expect([regionOf('other', checkout()), regionOf('any', checkout())]).toEqual(['us-east-1', 'us-east-1']);
  });

  test('is that of the synthesized stacks where another app states it in its code', () => {
    writeAssembly('cdk.out', 'GateApi12345678', 'WidgetGate-prod-Api', 'ap-southeast-2');
    expect(regionOf('prod', otherApp())).toBe('ap-southeast-2');
  });
});
