import { type AnalyticsCall, authorizeAnalyticsCall } from '#lambda/analytics/authorize-analytics-call.ts';
import { callOf, NOW, PAGE, TestGate } from '#test/support/analytics.ts';

let gate: TestGate;
let token: string;
let session: { readonly cookie: string; readonly token: string };
beforeEach(async () => {
  gate = new TestGate();
  gate.devKeys = true;
  token = await gate.securityToken({ role: 'viewer', orgid: 'org' });
  session = { cookie: await gate.session('cookie'), token: await gate.session('token') };
});

const decide = (changes: Partial<AnalyticsCall>) => authorizeAnalyticsCall(callOf(changes), gate, gate.nowSeconds);
const goodKey = () => ({ apiKeys: [gate.made.text] });
const goodCookie = () => ({ sessionCookies: [session.cookie], origins: [PAGE], hasRequestedWith: true });
const unauthorized = (reason: string) => ({ outcome: 'unauthorized', reason });

describe('one valid credential is let through as what it is', () => {
  const of = (kind: string, changes: object = {}) => ({
    outcome: 'allowed',
    kind,
    keyId: gate.made.key.keyId,
    userId: 'u-17',
    appId: 'sales',
    clientId: 'acme',
    claims: {},
    expiresAt: NOW + 3_600,
    ...changes,
  });

  test.each(['', 'Bearer ', 'bearer '])('a security token after %j', async (scheme) => {
    const said = { orgId: 'org', claims: { role: 'viewer' } };
    expect(await decide({ authorizations: [scheme + token] })).toStrictEqual(of('security-token', said));
  });

  test('a session as a bearer value and as a cookie, without its id', async () => {
    expect(await decide({ authorizations: [session.token] })).toStrictEqual(of('session'));
    expect(await decide(goodCookie())).toStrictEqual(of('session'));
  });

  test('an analytics key of a server, which need not say for whom it calls', async () => {
    const { keyId } = gate.made.key;
    expect(await decide(goodKey())).toStrictEqual({ outcome: 'allowed', kind: 'analytics-key', keyId });
  });

  test('a session that this call renewed comes with its new text', async () => {
    gate.nowSeconds += 3_000;
    const renewed = { renewed: expect.any(String), expiresAt: gate.nowSeconds + 3_600 };
    expect(await decide(goodCookie())).toEqual(of('session', { ...renewed, renewedAs: 'cookie' }));
    expect(await decide({ authorizations: [session.token] })).toEqual(
      of('session', { ...renewed, renewedAs: 'token' }),
    );
  });
});

test.each<[string, () => Partial<AnalyticsCall>, object]>([
  ['no credential at all', () => ({}), unauthorized('credential_missing')],
  [
    'a cookie without X-Requested-With',
    () => ({ ...goodCookie(), hasRequestedWith: false }),
    unauthorized('credential_malformed'),
  ],
  [
    'the cookie twice',
    () => ({ ...goodCookie(), sessionCookies: [session.cookie, session.cookie] }),
    unauthorized('credential_malformed'),
  ],
  ['an empty cookie', () => ({ ...goodCookie(), sessionCookies: [''] }), unauthorized('no_session')],
  [
    'a bearer value as a cookie',
    () => ({ ...goodCookie(), sessionCookies: [session.token] }),
    unauthorized('no_session'),
  ],
  ['a security token as a cookie', () => ({ ...goodCookie(), sessionCookies: [token] }), unauthorized('no_session')],
  ['a cookie from nowhere', () => ({ ...goodCookie(), origins: [] }), { outcome: 'origin_not_allowed' }],
  [
    'a cookie from elsewhere',
    () => ({ ...goodCookie(), origins: ['https://evil.example'] }),
    { outcome: 'origin_not_allowed' },
  ],
  [
    'a bearer session from elsewhere',
    () => ({ authorizations: [session.token], origins: ['https://evil.example'] }),
    { outcome: 'origin_not_allowed' },
  ],
])('refuses %s', async (_name, call, refused) => {
  expect(await decide(call())).toMatchObject(refused);
});

test('a store that fails is a fault with every credential', async () => {
  gate.failing = true;
  for (const call of [{ authorizations: [token] }, { authorizations: [session.token] }, goodKey(), goodCookie()]) {
    gate.nowSeconds += 400;
    await expect(decide(call)).rejects.toMatchObject({ name: 'DependencyError' });
  }
});
