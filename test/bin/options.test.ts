import { resolve } from 'node:path';
import timers from 'node:timers/promises';
import fc from 'fast-check';
import { parseLocalOptions } from '#bin/start/options.ts';
import { clockOffsetOf, FaultInjector, formatFaults, parseFaults, type ServiceFault } from '#local/faults.ts';

const healthy = {
  errorRatio: 0,
  throttleRatio: 0,
  delaysMilliseconds: [],
  hangs: false,
  lagMilliseconds: 0,
  absence: undefined,
  xml: false,
  offsetSeconds: 0,
};

const secret = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:upstream-ca-AbCdEf';

test('the defaults are port 8787 and the next for the demo, .widget-gate, stage dev, text and no faults', () => {
  expect(parseLocalOptions([])).toEqual({
    port: 8787,
    demoPort: 8788,
    dataDirectory: resolve('.widget-gate'),
    stage: 'dev',
    faults: new Map(),
    concurrency: undefined,
    json: false,
    metrics: false,
    secrets: [],
  });
});

test('every option is read', () => {
  expect(
    parseLocalOptions(
      `--port 0 --demo-port 9000 --data-dir /x --stage prod --faults kms:down --concurrency 10 --json --metrics --secret ${secret}=/ca.pem`.split(
        ' ',
      ),
    ),
  ).toEqual({
    port: 0,
    demoPort: 9000,
    dataDirectory: '/x',
    stage: 'prod',
    faults: new Map([['kms', { ...healthy, errorRatio: 1 }]]),
    concurrency: 10,
    json: true,
    metrics: true,
    secrets: [{ arn: secret, file: '/ca.pem' }],
  });
  expect(parseLocalOptions(['--memory'])).toMatchObject({ dataDirectory: undefined });
  expect(parseLocalOptions(['--port', '0'])).toMatchObject({ demoPort: 0 });
  expect(parseLocalOptions(['--port', '65535'])).toMatchObject({ demoPort: 0 });
  expect(parseLocalOptions(['--help'])).toBe('help');
});

test.each([
  [['--prot', '1'], /Unknown option '--prot'[\s\S]*--port N/],
  [['--port'], /argument missing/],
  [['--port', 'x'], /must be a number from 0 to 65535, not "x"/],
  [['--port', '65536'], /must be a number/],
  [['--port', '-1'], /ambiguous|takes a number/],
  [['--concurrency', '0'], /--concurrency must be a number from 1 to 999999, not "0"/],
  [['--concurrency', 'ten'], /--concurrency must be a number/],
  [['extra'], /Unexpected argument/],
  [['--memory', '--data-dir', 'x'], /specify --memory or --data-dir, not both/],
  [['--secret', 'upstream-ca=/ca.pem'], /must be the ARN of a secret, = and the name of a file/],
  [['--secret', secret], /must be the ARN of a secret/],
])('refuses %j and says why', (args, message) => {
  expect(() => parseLocalOptions(args)).toThrow(message);
});

test('faults are read as in the manual', () => {
  expect(
    parseFaults(
      'dynamodb:error=0.05,delay=800ms,lag=2s; secretsmanager:down,absent=not-found;sts:delay=4s,xml;iam:throttle;kms:throttle=0.3;lambda:hang;dynamodb/GetItem:delay=0ms|280ms',
    ),
  ).toEqual(
    new Map([
      ['dynamodb', { ...healthy, errorRatio: 0.05, delaysMilliseconds: [800], lagMilliseconds: 2_000 }],
      ['secretsmanager', { ...healthy, errorRatio: 1, absence: 'not-found' }],
      ['sts', { ...healthy, delaysMilliseconds: [4_000], xml: true }],
      ['iam', { ...healthy, throttleRatio: 1 }],
      ['kms', { ...healthy, throttleRatio: 0.3 }],
      ['lambda', { ...healthy, hangs: true }],
      ['dynamodb/GetItem', { ...healthy, delaysMilliseconds: [0, 280] }],
    ]),
  );
});

test('faults that are written out are read back the same', () => {
  const duration = fc.oneof(
    fc.nat({ max: 999_999 }),
    fc.nat({ max: 999_999 }).map((seconds) => seconds * 1_000),
  );
  const ratio = fc.integer({ min: 0, max: 1_000_000 }).map((millionths) => millionths / 1_000_000);
  const fault = fc.record({
    errorRatio: ratio,
    throttleRatio: ratio,
    delaysMilliseconds: fc.array(duration, { maxLength: 10 }),
    hangs: fc.boolean(),
    lagMilliseconds: duration,
    absence: fc.constantFrom(undefined, 'not-found' as const, 'invalid-request' as const),
    xml: fc.boolean(),
    offsetSeconds: fc.constant(0),
  });
  const services = fc.constantFrom(
    ...['dynamodb', 'secretsmanager', 'kms', 'sts', 'iam', 'lambda', 'dynamodb/GetItem', 'dynamodb@Audit'],
    'dynamodb/PutItem@Audit',
  );
  const onlyOwn = (service: string, { lagMilliseconds, absence, xml, ...common }: ServiceFault): ServiceFault => ({
    ...common,
    lagMilliseconds: service === 'dynamodb' ? lagMilliseconds : 0,
    absence: service === 'secretsmanager' ? absence : undefined,
    xml: service === 'sts' && xml,
  });
  const entry = fc.tuple(services, fault).map(([service, all]) => [service, onlyOwn(service, all)] as const);
  const faults = fc.uniqueArray(entry, { selector: ([service]) => service });
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
  'dynamodb:delay=',
  'dynamodb:delay=5ms|',
  'dynamodb:delay=1s|2s|3s|4s|5s|6s|7s|8s|9s|10s|11s',
  'dynamodb:lag=2',
  'dynamodb/GetItem:lag=2s',
  'sts:lag=2s',
  'secretsmanager:absent=gone',
  'dynamodb:absent=not-found',
  'sts:xml=1',
  'iam:xml',
  'dynamodb:down;dynamodb:down',
  'a:b:c',
  'clock:down',
  'dynamodb/:down',
  'dynamodb/put:down',
  'clock/PutItem:down',
  'dynamodb/PutItem/x:down',
  'dynamodb@:down',
  'dynamodb@Audit/PutItem:down',
  'dynamodb@a b:down',
  'kms@Audit:down',
  'clock@Audit:offset=+5m',
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

test('delays in turn begin again after the last, for each subject by itself, and at each change of the faults', async () => {
  const waited = jest.spyOn(timers, 'setTimeout').mockImplementation(async (_milliseconds, value) => value);
  const faults = parseFaults('dynamodb:delay=0ms|280ms|5ms;dynamodb/PutItem:delay=1ms|2ms;kms:down');
  const injector = new FaultInjector(faults);
  for (const operation of ['GetItem', 'Query', 'PutItem', 'GetItem', 'GetItem', 'PutItem', 'PutItem'])
    expect(await injector.inject('dynamodb', operation)).toBe('pass');
  injector.set(faults);
  await injector.inject('dynamodb', 'GetItem');
  await injector.inject('kms');
  expect(waited.mock.calls.map(([milliseconds]) => milliseconds)).toEqual([0, 280, 1, 5, 0, 2, 1, 0, 0]);
  waited.mockRestore();
});

test('calls of one table can fail by themselves, and the narrowest fault decides', async () => {
  const spec = 'dynamodb/PutItem@Audit:down;dynamodb@Audit:throttle;dynamodb/PutItem:error=0;dynamodb:down';
  const injector = new FaultInjector(parseFaults(spec));
  const verdicts = [
    await injector.inject('dynamodb', 'PutItem', ['Data-AuditTable1A2B']),
    await injector.inject('dynamodb', 'GetItem', ['Data-AuditTable1A2B']),
    await injector.inject('dynamodb', 'PutItem', ['Data-ShopsTable1A2B']),
    await injector.inject('dynamodb', 'GetItem', ['Data-ShopsTable1A2B']),
  ];
  expect(verdicts.map((verdict) => (verdict === 'pass' ? verdict : verdict.status))).toEqual([500, 400, 'pass', 500]);
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
