import { type AnsweredCall, requestLine } from '#local/request-line.ts';

const call: AnsweredCall = {
  receivedAt: new Date(2026, 0, 31, 12, 0, 1).getTime(),
  milliseconds: 4,
  method: 'POST',
  path: '/api/shops/shop_abc/widget-token',
  status: 200,
  caller: undefined,
  code: undefined,
};

test.each<[string, Partial<AnsweredCall>, string]>([
  ['a call', {}, '12:00:01 POST /api/shops/shop_abc/widget-token 200 4 ms'],
  ['who called', { caller: 'shop_abc' }, '12:00:01 POST /api/shops/shop_abc/widget-token 200 4 ms shop_abc'],
  [
    'why it was refused',
    { status: 401, code: 'unauthorized' },
    '12:00:01 POST /api/shops/shop_abc/widget-token 401 4 ms unauthorized',
  ],
])('a line shows %s', (_what, changes, line) => {
  expect(requestLine({ ...call, ...changes })).toBe(line);
});

test.each([
  ['an API key', '/api/shops/sk_test_aaaaaaaa_secret/widget-token', '/api/shops/…/widget-token'],
  ['a token', `/api/widget/${'c2hv'.repeat(30)}/x`, '/api/widget/…/x'],
  ['a security token', `/api/analytics/ey${'J'.repeat(60)}`, '/api/analytics/…'],
])('refuses to show %s that someone put into the path', (_what, path, shown) => {
  expect(requestLine({ ...call, path })).toBe(`12:00:01 POST ${shown} 200 4 ms`);
});
