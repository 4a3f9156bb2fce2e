import type { APIGatewayProxyEvent } from 'aws-lambda';
import { preflightAnswer, preflightOrigin } from '#lambda/analytics/preflight.ts';

const PAGE = 'https://app.example.com';
const API = '/api/analytics/{proxy+}';
const eventOf = (multiValueHeaders: object | null, resource = API): APIGatewayProxyEvent =>
  ({ multiValueHeaders, resource, requestContext: { requestId: 'request-1' } }) as unknown as APIGatewayProxyEvent;
const asking = (...lists: string[]): APIGatewayProxyEvent => eventOf({ 'Access-Control-Request-Headers': lists });
const OWN = 'Authorization, Content-Type, X-Requested-With, X-API-Key, X-User-Id, X-App-Id, X-Client-Id';

test.each([
  [{ Origin: [PAGE] }, PAGE],
  [{ origin: [PAGE] }, PAGE],
  [{ Origin: ['null'] }, 'null'],
  [{ Origin: [PAGE, PAGE] }, undefined],
  [{ Origin: [PAGE], ORIGIN: [PAGE] }, undefined],
  [{ Origin: [] }, undefined],
  [{}, undefined],
  [null, undefined],
])('%j asks for %s', (headers, origin) => {
  expect(preflightOrigin(eventOf(headers))).toBe(origin);
});

test('a page that may call with its cookie is named and gets the headers that it asks for', () => {
  const { statusCode, headers, body } = preflightAnswer(asking('x-own,content-type'), PAGE);
  expect([statusCode, body]).toEqual([204, '']);
  expect(headers).toMatchObject({
    'Access-Control-Allow-Origin': PAGE,
    'Access-Control-Allow-Credentials': 'true',
    'Access-Control-Allow-Headers': `${OWN}, x-own,content-type`,
    'Access-Control-Max-Age': '60',
    'Cache-Control': 'no-store',
    'X-Request-Id': 'request-1',
    Vary: 'Origin, Access-Control-Request-Headers',
  });
  expect(headers?.['Access-Control-Allow-Methods']).toMatch(/GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS/);
});

test('any other page may call without a cookie, and nothing that it sent is echoed', () => {
  const event = eventOf({ Origin: ['https://evil.example'], 'Access-Control-Request-Headers': ['x-evil'] });
  const { headers = {} } = preflightAnswer(event, undefined);
  expect(headers).toMatchObject({ 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': `${OWN}, *` });
  expect(headers).not.toHaveProperty('Access-Control-Allow-Credentials');
  expect(JSON.stringify(headers)).not.toContain('evil');
});

test('refuses any other page the session, without a word of who may call', () => {
  const event = eventOf({ Origin: ['https://evil.example'] }, '/api/auth/session');
  const { statusCode, headers = {} } = preflightAnswer(event, undefined);
  expect([statusCode, headers]).toEqual([
    204,
    { 'Cache-Control': 'no-store', 'X-Request-Id': 'request-1', Vary: 'Origin, Access-Control-Request-Headers' },
  ]);
  expect(preflightAnswer(event, PAGE).headers).toEqual(preflightAnswer(eventOf({}), PAGE).headers);
});

test.each(['a', 'x-a,x-b', 'x-a, x-b', 'x-a , x-b', 'X-A', 'x-1', 'x_trace'])(
  'the list %j is echoed to a page that may call',
  (list) => {
    expect(preflightAnswer(asking(list), PAGE).headers?.['Access-Control-Allow-Headers']).toBe(`${OWN}, ${list}`);
  },
);

test.each([
  '',
  ',',
  'x-a,',
  ',x-a',
  'x-a,,x-b',
  'x a',
  'x-a\r\nSet-Cookie: a=1',
  'x-a\nx-b',
  'x-a\n',
  'x-a\0',
  '*',
  'x-a, *',
  'x:a',
  '"x"',
  '<script>',
  'ä',
  `${'x-a ,'.repeat(2_000)}!`,
  `${'x'.repeat(9_000)}\n`,
])('the list %# of no header names is not echoed', (list) => {
  expect(preflightAnswer(asking(list), PAGE).headers?.['Access-Control-Allow-Headers']).toBe(OWN);
});

test.each([
  ['a second list', asking('x-a', 'x-b')],
  [
    'a second list under another spelling',
    eventOf({ 'Access-Control-Request-Headers': ['x-a'], 'access-control-request-headers': ['x-b'] }),
  ],
  ['a list one character longer than the longest', asking('x'.repeat(1_025))],
])('%s has none of it echoed', (_name, event) => {
  expect(preflightAnswer(event, PAGE).headers?.['Access-Control-Allow-Headers']).toBe(OWN);
});

test('the longest list is echoed', () => {
  const list = 'x'.repeat(1_024);
  expect(preflightAnswer(asking(list), PAGE).headers?.['Access-Control-Allow-Headers']).toBe(`${OWN}, ${list}`);
});

test('a huge hostile list is refused in no time', () => {
  const started = performance.now();
  preflightAnswer(asking(`${'a , '.repeat(100_000)}!`), PAGE);
  preflightAnswer(asking(`a${' '.repeat(200_000)}!`), PAGE);
  expect(performance.now() - started).toBeLessThan(500);
});
