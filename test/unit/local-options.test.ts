import { resolve } from 'node:path';
import { FaultInjector, parseFaults } from '../../local/faults.ts';
import { parseLocalOptions } from '../../local/options.ts';

test('the defaults are port 8787, .widget-gate, stage dev, text and no faults', () => {
  expect(parseLocalOptions([])).toEqual({
    port: 8787,
    dataDirectory: resolve('.widget-gate'),
    stage: 'dev',
    faults: new Map(),
    json: false,
  });
});

test('every option is read', () => {
  expect(
    parseLocalOptions(['--port', '0', '--data-dir', '/x', '--stage', 'prod', '--faults', 'kms:down', '--json']),
  ).toEqual({
    port: 0,
    dataDirectory: '/x',
    stage: 'prod',
    faults: new Map([['kms', { errorRatio: 1, delayMilliseconds: 0 }]]),
    json: true,
  });
  expect(parseLocalOptions(['--memory'])).toMatchObject({ dataDirectory: undefined });
  expect(parseLocalOptions(['--help'])).toBe('help');
});

test.each([
  [['--prot', '1'], /Unknown option '--prot'[\s\S]*--port N/],
  [['--port'], /argument missing/],
  [['--port', 'x'], /takes a number from 0 to 65535, not "x"/],
  [['--port', '65536'], /takes a number/],
  [['--port', '-1'], /ambiguous|takes a number/],
  [['extra'], /Unexpected argument/],
  [['--memory', '--data-dir', 'x'], /exclude each other/],
])('refuses %j and says why', (args, message) => {
  expect(() => parseLocalOptions(args)).toThrow(message);
});

test('faults are read as in the manual', () => {
  expect(parseFaults('dynamodb:error=0.05,delay=800ms; secretsmanager:down;sts:delay=4s')).toEqual(
    new Map([
      ['dynamodb', { errorRatio: 0.05, delayMilliseconds: 800 }],
      ['secretsmanager', { errorRatio: 1, delayMilliseconds: 0 }],
      ['sts', { errorRatio: 0, delayMilliseconds: 4_000 }],
    ]),
  );
});

test.each([
  'dynamodb',
  's3:down',
  'dynamodb:',
  'dynamodb:slow',
  'dynamodb:error=2',
  'dynamodb:error=',
  'dynamodb:delay=5',
  'dynamodb:down;dynamodb:down',
  'a:b:c',
])('refuses the faults %j', (spec) => {
  expect(() => parseFaults(spec)).toThrow(/--faults: "/);
});

test('a service that is down always fails, one without a fault never does', async () => {
  const injector = new FaultInjector(parseFaults('dynamodb:down'));
  expect(await injector.inject('dynamodb')).toEqual({ error: 'InternalServerError', status: 500 });
  expect(await injector.inject('kms')).toBe('pass');
});
