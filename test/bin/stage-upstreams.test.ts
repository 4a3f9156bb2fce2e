import { stageUpstreams, type Welcome, welcome } from '#bin/start/welcome.ts';

const arn = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:upstream-ca-AbCdEf';
const functionOf = (environment: Record<string, string>) => ({ environment }) as never;
const secretOf = (given: string) => ({ arn: given }) as never;
const functions = [
  functionOf({}),
  functionOf({ WIDGET_GATE_UPSTREAM_URL: 'https://search.example.com/v1', WIDGET_GATE_UPSTREAM_CA_SECRET: arn }),
  functionOf({ WIDGET_GATE_DATA_ROUTER_UPSTREAM_URL: 'http://127.0.0.1:9000', WIDGET_GATE_UPSTREAM_CA_SECRET: arn }),
];
const shown = (stage: Partial<Welcome>): string =>
  welcome({ baseUrl: 'http://127.0.0.1:1', admin: {}, outsider: {}, exports: '', ...stage } as Welcome);

test('the upstreams of a stage are shown by the path of their API', () => {
  const found = stageUpstreams({ functions, secrets: [secretOf(arn)] });
  expect(found.missingSecrets).toEqual([]);
  expect(shown(found)).toContain(
    '  upstream  /api/widget: https://search.example.com/v1\n  upstream  /api/data-router: http://127.0.0.1:9000\n',
  );
});

test('a secret that the stage names, and that was not given, is named once, with the option that gives it', () => {
  const found = stageUpstreams({ functions, secrets: [secretOf('arn:other')] });
  expect(found.missingSecrets).toEqual([arn]);
  expect(shown(found)).toContain(
    `Calls to https upstreams get 503 until you start the gate with --secret ${arn}=FILE.\n`,
  );
});

test('a stage without an upstream has nothing of it', () => {
  const found = stageUpstreams({ functions: [functionOf({})], secrets: [] });
  expect(found).toEqual({ upstreams: [], missingSecrets: [] });
  expect(shown(found)).not.toMatch(/upstream|--secret/);
});
