import fc from 'fast-check';
import { cookies } from '#contract/cookies.ts';
import { droppedFromUpstream, VARY } from '#contract/forwarding.ts';
import { CallerTags } from '#lambda/forwarding/entity-tags.ts';
import { pageHeaders } from '#lambda/forwarding/response-headers.ts';

const redirection = {
  base: new URL('http://10.0.0.7/base'),
  called: 'http://10.0.0.7/base/p',
  host: 'gate.example.com',
  prefix: '/api/widget',
};
const page = {
  origin: undefined,
  requestId: 'request-1',
  tags: new CallerTags({ 'X-Shop-Id': 'shop_one' }, {}),
  sendsCredential: false,
};
const passed = (sent: Record<string, string[]>, origin?: string): Record<string, string[]> => {
  const answer = pageHeaders({ status: 200, headers: sent }, { ...page, origin }, redirection);
  if (!answer.ok) throw new Error(answer.reason);
  return answer.value;
};

/** What the gate states on every answer. */
const ALWAYS = {
  'access-control-allow-origin': ['*'],
  'access-control-expose-headers': ['*'],
  'cache-control': ['no-store'],
  vary: [VARY.join(', ')],
  'x-content-type-options': ['nosniff'],
  'x-request-id': ['request-1'],
};

test('an answer keeps its headers, and is readable for the page', () => {
  const sent = { 'content-type': ['application/pdf'], 'x-total': ['3'], 'content-encoding': ['br'] };
  expect(passed(sent)).toEqual({ ...sent, ...ALWAYS });
  expect(passed(sent, 'https://shop.example.com')['access-control-allow-origin']).toEqual(['https://shop.example.com']);
});

test.each([
  [[], 'no-store'],
  [[''], 'no-store'],
  [['max-age=60'], 'max-age=60'],
  [['private, max-age=60'], 'private, max-age=60'],
  [['public'], 'no-cache, private'],
  [['public, max-age=600'], 'max-age=600, private'],
  [['PUBLIC,max-age=600,s-maxage=900'], 'max-age=600, private'],
  [['max-age=1, s-maxage = 9'], 'max-age=1, private'],
  [['max-age=600, immutable'], 'max-age=600, immutable'],
  [['public, max-age=31536000, immutable'], 'max-age=31536000, immutable, private'],
  [['proxy-revalidate, max-age=1'], 'max-age=1, private'],
  [['private, public'], 'no-cache, private'],
  [['no-cache'], 'no-cache'],
  [['No-Store'], 'No-Store'],
  [['private'], 'private, no-cache'],
  [['immutable'], 'immutable, no-cache'],
  [['no-transform'], 'no-transform, no-cache'],
  [['s-maxage=60'], 'no-cache, private'],
  [['must-revalidate, max-age'], 'must-revalidate, max-age, no-cache'],
  [['max-age=soon'], 'max-age=soon, no-cache'],
  [['max-age="60"'], 'max-age="60"'],
  [['no-cache="set-cookie, public", public'], 'no-cache="set-cookie, public", no-cache, private'],
  [['max-age=1', 'public'], 'max-age=1, private'],
  [['max-age=1', 'public; max-age=9'], 'max-age=1, private'],
  [['public max-age=9'], 'no-cache, private'],
  [['max-age=9; public, immutable'], 'immutable, no-cache, private'],
  [['"public", max-age=9'], 'max-age=9, private'],
  [['public="x", max-age=9'], 'max-age=9, private'],
  [['max-age=9, private="public, x"'], 'max-age=9, private="public, x"'],
  [['max-age=9, private="x, public'], 'max-age=9, private'],
  [['max-age=9, x-public, publicly, public-x'], 'max-age=9, x-public, publicly, public-x'],
])('Cache-Control %j becomes %j', (stated, kept) => {
  expect(passed({ 'cache-control': stated })['cache-control']).toEqual([kept]);
});

test.each([
  [['Fri, 01 Jan 2100 00:00:00 GMT'], 'private'],
  [['0'], 'private'],
  [['never'], 'private, no-cache'],
  [['Fri, 01 Jan 2100 00:00:00 GMT', 'never'], 'private, no-cache'],
])('beside Expires %j, private becomes %j', (expires, kept) => {
  expect(passed({ 'cache-control': ['private'], expires })['cache-control']).toEqual([kept]);
});

test.each([
  [{ 'last-modified': ['Wed, 21 Oct 2015 07:28:00 GMT'] }],
  [{ etag: ['"1"'] }],
  [{ expires: ['Thu, 01 Jan 2099 00:00:00 GMT'] }],
  [{ pragma: ['public'] }],
])('of %j alone nothing is kept', (sent) => {
  expect(passed(sent)['cache-control']).toEqual(['no-store']);
});

test.each([
  [['Accept'], `Accept, ${VARY.join(', ')}`],
  [['accept-language, ORIGIN'], `accept-language, ORIGIN, ${VARY.filter((name) => name !== 'Origin').join(', ')}`],
  [['*'], `*, ${VARY.join(', ')}`],
  [
    ['X-User-Id', 'x-app-id'],
    `X-User-Id, x-app-id, ${VARY.filter((name) => !['X-User-Id', 'X-App-Id'].includes(name)).join(', ')}`,
  ],
])('Vary %j gains what a caller is known by', (stated, kept) => {
  expect(passed({ vary: stated }).vary).toEqual([kept]);
});

const dropped = Object.values(droppedFromUpstream).flatMap(({ names }) => names as readonly string[]);

test.each(dropped)('%s does not pass', (name) => {
  const whole = name.endsWith('*') ? `${name.slice(0, -1)}anything` : name;
  const set = new Set(Object.keys(ALWAYS));
  for (const separator of ['-', '_', '.', '~', '!', '*', '+', '|']) {
    const spelling = whole.replaceAll('-', separator);
    const { [spelling]: value, ...others } = passed({ [spelling]: ['upstream'] });
    expect([spelling, value?.includes('upstream') ?? false]).toEqual([spelling, false]);
    expect(Object.keys(others).filter((each) => !set.has(each))).toEqual([]);
  }
});

test('what Connection names does not pass', () => {
  expect(passed({ connection: ['X-Hop , close'], 'x-hop': ['1'] })).toEqual(ALWAYS);
});

test.each(Object.values(cookies))('no upstream can set the cookie %s', (name) => {
  const spellings = [
    `${name}=x; Path=/; Secure`,
    `${name} =x; Path=/; Secure`,
    ` ${name}=x`,
    `\t${name}\t=x`,
    `\u00a0${name}=x`,
    `${name}\u00a0=x`,
    `\u00ef\u00bb\u00bf${name}=x`,
    `${name.toUpperCase()}=x`,
    `${name.replace('__Host-', '__hOST-')}=x`,
    `=${name}=x; Path=/; Secure`,
    ` =${name}=x`,
    `${name}`,
    `${name}; Path=/`,
    '=x',
    'x',
    '',
    '; Path=/',
  ];
  for (const spelling of spellings) expect(passed({ 'set-cookie': [spelling] })['set-cookie']).toEqual([]);
});

test.each([
  'theirs=1; Path=/',
  'a=__Host-widget-gate-admin=x',
  '__Host-theirs=1; Secure; Path=/',
  'widget-gate=1',
  '__Host-widget-gate-sessions=1',
  'x=; a=b',
])('the upstream may set %s', (cookie) => {
  expect(passed({ 'set-cookie': [cookie, '__Host-widget-gate-session=x'] })['set-cookie']).toEqual([cookie]);
});

test('a redirect below the upstream leads to the gate, a foreign one stays, an internal one is refused', () => {
  expect(passed({ location: ['/base/p/x/'] }).location).toEqual(['/api/widget/p/x/']);
  expect(passed({ location: ['https://cdn.example.com/a'] }).location).toEqual(['https://cdn.example.com/a']);
  for (const status of [300, 301, 302, 303, 307, 308])
    for (const location of [['http://10.0.0.8/'], ['/elsewhere'], ['/base/a', '/base/b']])
      expect(pageHeaders({ status, headers: { location } }, page, redirection)).toEqual({
        ok: false,
        reason: 'bad_redirect',
      });
});

test.each([200, 201, 202, 204, 304, 404, 503])(
  'of %d an internal Location is dropped, and the answer passes',
  (status) => {
    for (const location of [['http://10.0.0.8/items/1'], ['/elsewhere'], ['/base/a', '/base/b']]) {
      const sent = { status, headers: { location, 'x-theirs': ['1'] } };
      expect(pageHeaders(sent, page, redirection)).toEqual({
        ok: true,
        value: { ...ALWAYS, 'x-theirs': ['1'] },
      });
    }
  },
);

test('a redirect to another host does not pass where clients would send a credential of the gate along', () => {
  const of = (status: number, location: string, sendsCredential: boolean) =>
    pageHeaders({ status, headers: { location: [location] } }, { ...page, sendsCredential }, redirection);
  for (const status of [300, 301, 302, 303, 307, 308]) {
    expect(of(status, 'https://cdn.example.com/a', true)).toEqual({ ok: false, reason: 'bad_redirect' });
    expect(of(status, 'https://cdn.example.com/a', false).ok).toBe(true);
    expect(of(status, '/base/p/x/', true).ok).toBe(true);
  }
  expect(of(201, 'https://cdn.example.com/a', true).ok).toBe(true);
});

test.each([
  ['</base/items?page=2>; rel="next"', ['</api/widget/items?page=2>; rel="next"']],
  [
    '<http://10.0.0.7/base/a>; rel=prev, <b>;rel="next, last"',
    ['</api/widget/a>; rel=prev', '</api/widget/b>;rel="next, last"'],
  ],
  ['<http://10.0.0.8/a>; rel="next"', undefined],
  ['<http://10.0.0.8/a>; rel="x,y", <https://cdn.example.com/a>; rel=up', ['<https://cdn.example.com/a>; rel=up']],
  ['nonsense', undefined],
])('Link: %s passes as %j', (link, kept) => {
  expect(passed({ link: [link] }).link).toEqual(kept);
});

test('a Content-Location that is internal is dropped, and the answer passes', () => {
  expect(passed({ 'content-location': ['/base/doc.pdf'] })['content-location']).toEqual(['/api/widget/doc.pdf']);
  const internal = { 'content-location': ['http://10.0.0.8/doc.pdf'] };
  expect(passed(internal)).not.toHaveProperty('content-location');
  for (const status of [201, 300, 302])
    expect(pageHeaders({ status, headers: internal }, page, redirection)).toEqual({
      ok: true,
      value: ALWAYS,
    });
});

test('never throws, whatever an upstream sends', () => {
  const names = fc.oneof(
    fc.string(),
    fc.constantFrom(...dropped, 'set-cookie', 'location', 'vary', 'cache-control', '__proto__'),
  );
  fc.assert(
    fc.property(fc.dictionary(names, fc.array(fc.string({ unit: 'binary' }))), (sent) => {
      for (const status of [200, 302])
        pageHeaders({ status, headers: sent }, { ...page, origin: 'https://shop.example.com' }, redirection);
    }),
  );
});
