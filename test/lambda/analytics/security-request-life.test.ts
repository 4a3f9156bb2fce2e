import { parseSecurityRequest } from '#lambda/analytics/security-request.ts';

const ids = { userid: 'u-17', appid: 'sales' };

test.each([
  ['30s', 30],
  ['1s', 1],
  ['10m', 600],
  ['1h', 3_600],
  ['24h', 86_400],
  ['86400s', 86_400],
  [1, 1],
  [3_600, 3_600],
])('expiresIn %j is %d seconds', (expiresIn, seconds) => {
  const parsed = parseSecurityRequest({ ...ids, expiresIn });
  expect(parsed.ok && parsed.value.expiresInSeconds).toBe(seconds);
});

test('without expiresIn no life is stated', () => {
  const parsed = parseSecurityRequest(ids);
  expect(parsed.ok && Object.keys(parsed.value)).toEqual(['subject']);
});

const MALFORMED: readonly unknown[] = [
  '30',
  '',
  's',
  '1d',
  '1w',
  '1ms',
  '1S',
  '1H',
  '-1s',
  '+1s',
  '0s',
  '00s',
  '01h',
  '1.5h',
  '1e3s',
  '0x10s',
  ' 1h',
  '1h ',
  '1h\n',
  '1 h',
  '1h30m',
  '١h',
  '1000000s',
  '9'.repeat(400),
  'NaN',
  'Infinity',
  0,
  -1,
  -0,
  1.5,
  1e21,
  2 ** 53,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  null,
  true,
  false,
  [],
  [60],
  ['1h'],
  {},
  { valueOf: 60 },
];

test.each(MALFORMED.map((value) => [value]))('refuses expiresIn %j', (expiresIn) => {
  expect(parseSecurityRequest({ ...ids, expiresIn })).toEqual({
    ok: false,
    reason: 'invalid_expires_in',
    detail: 'The value sent has another form.',
  });
});
