import { type AnalyticsCall, authorizeAnalyticsCall } from '#lambda/analytics/authorize-analytics-call.ts';
import { generateApiKey } from '#lambda/crypto/api-key.ts';
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

test.each<[string, readonly string[], string]>([
  ['an empty Authorization', [''], 'credential_malformed'],
  ['a blank', [' '], 'credential_malformed'],
  ['the Basic scheme', ['Basic YTpi'], 'credential_malformed'],
  ['junk', ['junk'], 'credential_malformed'],
  ['a token of no gate', ['a..bbbbbbbbbbbbbbbb.c.dddddddddddddddddddddd'], 'credential_malformed'],
])('refuses %s, whatever valid key or cookie is sent with it', async (_name, authorizations, reason) => {
  const beside = [{}, goodKey(), goodCookie(), { ...goodKey(), ...goodCookie() }];
  for (const valid of beside) expect(await decide({ ...valid, authorizations })).toEqual(unauthorized(reason));
});

test('refuses two Authorization headers, equal or not, valid or not', async () => {
  for (const second of [token, session.token, '', 'junk'])
    for (const authorizations of [
      [token, second],
      [second, token],
    ])
      expect(await decide({ ...goodKey(), ...goodCookie(), authorizations })).toEqual(
        unauthorized('credential_malformed'),
      );
});

test('refuses an expired or revoked token beside a valid key and cookie', async () => {
  const short = await gate.securityToken({ expiresIn: 1 });
  gate.nowSeconds += 1;
  expect(await decide({ ...goodKey(), ...goodCookie(), authorizations: [short] })).toEqual(
    unauthorized('token_expired'),
  );
  gate.revocationStore.records.put('user/u-17', { notBefore: NOW });
  gate.nowSeconds += 10;
  expect(await decide({ ...goodKey(), authorizations: [token] })).toEqual(unauthorized('token_revoked'));
  expect(await decide({ ...goodKey(), authorizations: [session.token] })).toEqual(unauthorized('no_session'));
});

test("a cookie's text in Authorization is nothing, and neither is a key, nor a temp token", async () => {
  for (const text of [session.cookie, gate.made.text, await gate.tempToken()])
    expect(await decide({ ...goodCookie(), authorizations: [text] })).toEqual(unauthorized('credential_malformed'));
});

test.each<[string, () => readonly string[]]>([
  ['an empty key', () => ['']],
  ['junk', () => ['junk']],
  ['a wrong checksum', () => [gate.made.text.slice(0, -1) + (gate.made.text.endsWith('0') ? '1' : '0')]],
  ['a key of nobody', () => [new TestGate().made.text]],
  ['the key twice', () => [gate.made.text, gate.made.text]],
  ['a second, empty one', () => [gate.made.text, '']],
  ['both joined by a comma', () => [`${gate.made.text}, ${gate.made.text}`]],
  ['a data-router key', () => [gate.add({ purpose: 'data-router' }).text]],
  ['a security token', () => [token]],
  ['a key that has ended', () => [gate.add({ credentialUntil: NOW }).text]],
])('refuses %s as a key, whatever valid cookie is sent with it', async (_name, apiKeys) => {
  for (const valid of [{}, goodCookie()])
    expect(await decide({ ...valid, apiKeys: apiKeys() })).toEqual(unauthorized('invalid_api_key'));
});

test('a valid token decides whatever key or cookie is sent with it, and has no need of either', async () => {
  for (const beside of [{ apiKeys: ['junk'] }, { apiKeys: ['', ''] }, { sessionCookies: ['a', 'b'] }, goodCookie()])
    expect(await decide({ ...beside, authorizations: [token] })).toMatchObject({
      outcome: 'allowed',
      kind: 'security-token',
    });
});

test.each(['sk', 'an', 'dr'] as const)(
  'refuses an %s key as a token: as a leaked one only from a browser',
  async (kind) => {
    const { text, keyId } = generateApiKey(kind, 'test');
    for (const authorization of [text, `Bearer ${text}`]) {
      const call = { ...goodCookie(), authorizations: [authorization] };
      expect(await decide(call)).toEqual(unauthorized('credential_malformed'));
      expect(await decide({ ...call, fromBrowser: true })).toEqual({ outcome: 'api_key_in_browser', keyId });
    }
  },
);

test('a key that a browser sent is reported as such only when it is valid', async () => {
  const refused = { outcome: 'api_key_in_browser', keyId: gate.made.key.keyId };
  expect(await decide({ ...goodKey(), ...goodCookie(), fromBrowser: true })).toEqual(refused);
  expect(await decide({ ...goodCookie(), apiKeys: ['junk'], fromBrowser: true })).toEqual(
    unauthorized('invalid_api_key'),
  );
});
