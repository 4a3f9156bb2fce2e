import { resolve } from 'node:path';
import fc from 'fast-check';
import { clockOffsetOf, FaultInjector, formatFaults, parseFaults } from '../../local/faults.ts';
import { parseLocalOptions } from '../../local/options.ts';

test('the defaults are port 8787 and the next for the demo, .widget-gate, stage dev, text and no faults', () => {
  expect(parseLocalOptions([])).toEqual({
    port: 8787,
    demoPort: 8788,
    dataDirectory: resolve('.widget-gate'),
    stage: 'dev',
    faults: new Map(),
    json: false,
  });
});

test('every option is read', () => {
  expect(
    parseLocalOptions('--port 0 --demo-port 9000 --data-dir /x --stage prod --faults kms:down --json'.split(' ')),
  ).toEqual({
    port: 0,
    demoPort: 9000,
    dataDirectory: '/x',
    stage: 'prod',
    faults: new Map([
      ['kms', { errorRatio: 1, throttleRatio: 0, delayMilliseconds: 0, hangs: false, offsetMinutes: 0 }],
    ]),
    json: true,
  });
  expect(parseLocalOptions(['--memory'])).toMatchObject({ dataDirectory: undefined });
  expect(parseLocalOptions(['--port', '0'])).toMatchObject({ demoPort: 0 });
  expect(parseLocalOptions(['--port', '65535'])).toMatchObject({ demoPort: 0 });
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
  const healthy = { errorRatio: 0, throttleRatio: 0, delayMilliseconds: 0, hangs: false, offsetMinutes: 0 };
  expect(
    parseFaults(
      'dynamodb:error=0.05,delay=800ms; secretsmanager:down;sts:delay=4s;iam:throttle;kms:throttle=0.3;lambda:hang',
    ),
  ).toEqual(
    new Map([
      ['dynamodb', { ...healthy, errorRatio: 0.05, delayMilliseconds: 800 }],
      ['secretsmanager', { ...healthy, errorRatio: 1 }],
      ['sts', { ...healthy, delayMilliseconds: 4_000 }],
      ['iam', { ...healthy, throttleRatio: 1 }],
      ['kms', { ...healthy, throttleRatio: 0.3 }],
      ['lambda', { ...healthy, hangs: true }],
    ]),
  );
});

test('faults that are written out are read back the same', () => {
  const ratio = fc.integer({ min: 0, max: 1_000_000 }).map((millionths) => millionths / 1_000_000);
  const fault = fc.record({
    errorRatio: ratio,
    throttleRatio: ratio,
    delayMilliseconds: fc.oneof(
      fc.nat({ max: 999_999 }),
      fc.nat({ max: 999_999 }).map((seconds) => seconds * 1_000),
    ),
    hangs: fc.boolean(),
    offsetMinutes: fc.constant(0),
  });
  const services = fc.constantFrom('dynamodb', 'secretsmanager', 'kms', 'sts', 'iam', 'lambda');
  const faults = fc.uniqueArray(fc.tuple(services, fault), { selector: ([service]) => service });
  fc.assert(
    fc.property(faults, (entries) => {
      expect([...parseFaults(formatFaults(new Map(entries)))]).toEqual(entries);
    }),
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
  'dynamodb:error=0.0000001',
  'dynamodb:throttle=2',
  'dynamodb:throttle=',
  'dynamodb:hang=1',
  'dynamodb:down;dynamodb:down',
  'a:b:c',
  'clock:down',
  'dynamodb/:down',
  'dynamodb/put:down',
  'clock/PutItem:down',
  'dynamodb/PutItem/x:down',
  'clock:offset=5',
  'clock:offset=+5h',
  'dynamodb:offset=+5m',
])('refuses the faults %j', (spec) => {
  expect(() => parseFaults(spec)).toThrow(/--faults: "/);
});

test.each([
  ['clock:offset=+1500m', 25 * 3_600_000],
  ['clock:offset=-60m', -3_600_000],
  ['clock:offset=+0m', 0],
  ['', 0],
])('%j puts the clock off by %d ms, and is written out as it was', (spec, milliseconds) => {
  const faults = parseFaults(spec);
  expect([clockOffsetOf(faults), formatFaults(faults)]).toEqual([milliseconds, spec]);
});

test('a service that is down always fails, one without a fault never does', async () => {
  const injector = new FaultInjector(parseFaults('dynamodb:down'));
  expect(await injector.inject('dynamodb')).toEqual({ error: 'InternalServerError', status: 500 });
  expect(await injector.inject('kms')).toBe('pass');
});

test('one operation of a service can fail by itself', async () => {
  const injector = new FaultInjector(parseFaults('dynamodb/PutItem:down'));
  expect(await injector.inject('dynamodb', 'PutItem')).toMatchObject({ status: 500 });
  expect(await injector.inject('dynamodb', 'GetItem')).toBe('pass');
});

test('a service that throttles says so in its own words', async () => {
  const injector = new FaultInjector(parseFaults('dynamodb:throttle;kms:throttle;sts:throttle=0'));
  expect(await injector.inject('dynamodb')).toEqual({ error: 'ProvisionedThroughputExceededException', status: 400 });
  expect(await injector.inject('kms')).toEqual({ error: 'ThrottlingException', status: 400 });
  expect(await injector.inject('sts')).toBe('pass');
});

test('a service that hangs does not answer before the host closes', async () => {
  const injector = new FaultInjector(parseFaults('dynamodb:hang'));
  const answer = injector.inject('dynamodb');
  const first = await Promise.race([answer, new Promise((resolve) => setTimeout(resolve, 100, 'still waiting'))]);
  expect(first).toBe('still waiting');
  injector.close();
  expect(await answer).toEqual({ error: 'InternalServerError', status: 500 });
});
