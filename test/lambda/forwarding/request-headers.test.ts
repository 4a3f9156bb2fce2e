import { createSecretKey } from 'node:crypto';
import fc from 'fast-check';
import { droppedFromCaller, fallsUnder } from '#contract/forwarding.ts';
import { headers as names } from '#contract/headers.ts';
import { analyticsIdentityHeaders } from '#lambda/analytics/identity.ts';
import { generateApiKey } from '#lambda/crypto/api-key.ts';
import { seal } from '#lambda/crypto/jwe.ts';
import { CallerTags } from '#lambda/forwarding/entity-tags.ts';
import { upstreamHeaders } from '#lambda/forwarding/request-headers.ts';
import { withoutOurCookies } from '#lambda/platform/cookies.ts';

const identity = analyticsIdentityHeaders({
  kind: 'session',
  keyId: 'abcdefgh',
  userId: 'u-17',
  appId: 'sales',
  claims: 'e30',
});
const OURS = ['__Host-widget-gate-session', '__Host-widget-gate-admin'];

const publicAddress = { host: 'gate.example.com', prefix: '/api/analytics' };

/** What the analytics tree forwards, by name in lower case. */
function forwarded(sent: Readonly<Record<string, readonly string[]>>): Map<string, string | string[]> {
  const tags = new CallerTags(identity, sent, ['authorization']);
  const statements = { identity, publicAddress, requestId: 'request-1', assertion: 'signed', tags };
  const all = Object.entries(upstreamHeaders(sent, statements, ['authorization']));
  const byName = new Map(all.map(([name, value]) => [name.toLowerCase(), value]));
  // Two spellings of one name would be two headers.
  expect(byName.size).toBe(all.length);
  return byName;
}

const VERIFIED = {
  'x-user-id': 'u-17',
  'x-app-id': 'sales',
  'x-credential-kind': 'session',
  'x-service-key-id': 'abcdefgh',
  'x-security-claims': 'e30',
  'x-forwarded-proto': 'https',
  'x-forwarded-host': 'gate.example.com',
  'x-forwarded-prefix': '/api/analytics',
  'x-request-id': 'request-1',
  'x-gate-assertion': 'signed',
};

test('the verified identity arrives, and what the page sent besides', () => {
  const sent = forwarded({ 'Accept-Language': ['de'], Cookie: ['theirs=1'] });
  expect(Object.fromEntries(sent)).toEqual({ ...VERIFIED, 'accept-language': ['de'], cookie: ['theirs=1'] });
});

const identityNames = [names.userId, names.appId, names.clientId, names.orgId, names.credentialKind];
const claimed: string[] = [
  ...identityNames,
  names.serviceKeyId,
  names.claims,
  names.shopId,
  names.tokenIssuedAt,
  names.requestId,
];

test.each(claimed)('%s as a client claims it is overwritten or dropped, in every spelling', (name) => {
  const spellings = [name, name.toLowerCase(), name.toUpperCase(), name.replaceAll('-', '_'), name.replace('-', '_')];
  for (const spelling of [...spellings, name.replaceAll('-', '_').toLowerCase()])
    expect(Object.fromEntries(forwarded({ [spelling]: ['evil', 'evil'] }))).toEqual(VERIFIED);
});

test.each([
  names.serviceKey,
  names.shopApiKey,
  names.widgetToken,
  names.sessionToken,
  'Authorization',
  'Proxy-Authorization',
])('a credential in %s is not forwarded, in any spelling', (name) => {
  for (const spelling of [name, name.toLowerCase(), name.toUpperCase(), name.replaceAll('-', '_')])
    expect(Object.fromEntries(forwarded({ [spelling]: ['secret'] }))).toEqual(VERIFIED);
});

describe('on a route where Authorization is not a credential of the gate', () => {
  const authorizationOf = (value: string): unknown => {
    const sent = { Authorization: [value] };
    const tags = new CallerTags({}, sent);
    return upstreamHeaders(sent, { identity: {}, publicAddress, requestId: 'r', assertion: 'signed', tags })
      .authorization;
  };
  const ring = { sealWith: 'k1', keys: new Map([['k1', createSecretKey(Buffer.alloc(32))]]) };
  const ownHeader = Buffer.from('{"alg":"dir","enc":"A256GCM","iss":"https://login.example.com/"}').toString(
    'base64url',
  );

  test.each([
    ['a security token', seal('{}', ring, { typ: 'security-token', aud: 'a' })],
    ['a bearer session', seal('{}', ring, { typ: 'session-token', aud: 'a' })],
    ['a key of a shop', generateApiKey('sk', 'live').text],
    ['an analytics key', generateApiKey('an', 'test').text],
    ['a dev key', generateApiKey('dev', 'test').text],
  ])('%s does not pass in it', (_name, credential) => {
    for (const value of [credential, `Bearer ${credential}`, `bearer ${credential}`])
      expect(authorizationOf(value)).toBeUndefined();
  });

  test.each([
    'Basic YTpi',
    'Bearer eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl',
    `Bearer ${ownHeader}..AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA`,
    'Bearer sk_live_short',
  ])('%s passes: it is for the upstream', (value) => {
    expect(authorizationOf(value)).toEqual([value]);
  });
});

test('naming the identity in Connection does not remove it', () => {
  const connection = { Connection: ['X-User-Id, x-app-id', 'cookie'], Cookie: ['theirs=1'] };
  expect(Object.fromEntries(forwarded(connection))).toEqual(VERIFIED);
});

test.each([
  [[`${OURS[0]}=s`], undefined],
  [[`${OURS[0]}=s; ${OURS[1]}=a`], undefined],
  [[`a=1; ${OURS[0]}=s; b=2`], ['a=1; b=2']],
  [[`a=1;${OURS[0]}=s;b=2`], ['a=1; b=2']],
  [[`${OURS[0]}=s; ${OURS[0]}=t`, 'c=3', `${OURS[1]}=a`], ['c=3']],
  [[`${OURS[0]}2=x; x${OURS[0]}=y`], [`${OURS[0]}2=x; x${OURS[0]}=y`]],
])('of the cookies %j the upstream gets %j', (cookie, kept) => {
  for (const name of ['Cookie', 'cookie', 'COOKIE']) expect(forwarded({ [name]: cookie }).get('cookie')).toEqual(kept);
});

test('no Cookie header carries one of our cookies on, wherever it is', () => {
  const other = fc.stringMatching(/^[a-z]{1,5}=[a-z]{0,5}$/);
  const ours = fc.constantFrom(...OURS).map((name) => `${name}=secret`);
  const pairs = fc.array(fc.oneof(other, ours), { maxLength: 6 });
  fc.assert(
    fc.property(pairs, fc.constantFrom(';', '; ', ' ;  '), (all, separator) => {
      const kept = all.filter((pair) => !pair.startsWith('__Host-'));
      expect(withoutOurCookies(all.join(separator))).toBe(kept.join('; '));
    }),
  );
});

const dropped = Object.values(droppedFromCaller).flatMap(({ names }) => names as readonly string[]);
const SETS = new Set(Object.keys(VERIFIED));

test.each(dropped)('%s of a caller does not pass, in any spelling that a server folds to it', (name) => {
  const whole = name.endsWith('*') ? `${name.slice(0, -1)}anything` : name;
  for (const separator of ['-', '_', '.', '~', '!', '#', '$', '%', '&', "'", '*', '+', '^', '`', '|']) {
    const spelling = whole.replaceAll('-', separator);
    if (separator !== '-' && spelling === whole) continue;
    for (const one of [spelling, spelling.toUpperCase()]) {
      const sent = forwarded({ [one]: ['evil'] });
      expect([...sent].filter(([lower, value]) => String(value).includes('evil') || !SETS.has(lower))).toEqual([]);
    }
  }
});

test('a name of letters, digits and hyphens passes once, any other not at all', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,20}$/), (name) => {
      const passes = /^[A-Za-z0-9-]+$/.test(name) && !fallsUnder(droppedFromCaller)(name.toLowerCase());
      fc.pre(!/^(x-|cookie$|authorization$|if-)/i.test(name));
      expect(forwarded({ [name]: ['v'] }).get(name.toLowerCase())).toEqual(passes ? ['v'] : undefined);
    }),
  );
});

test('spellings of one name become one header with all values', () => {
  expect(forwarded({ 'X-Own': ['a'], 'x-own': ['b'], 'X-OWN': ['c', 'd'] }).get('x-own')).toEqual(['a', 'b', 'c', 'd']);
});

test.each([
  ['grün', 'grün'],
  ['日本', '\u00e6\u0097\u00a5\u00e6\u009c\u00ac'],
])('a value of %j goes out as the bytes %j', (value, sent) => {
  expect(forwarded({ 'X-Own': [value] }).get('x-own')).toEqual([sent]);
});
