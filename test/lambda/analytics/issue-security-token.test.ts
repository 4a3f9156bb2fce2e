import { limits } from '#contract/limits.ts';
import { grantSecurity, issueSecurityToken, tooLarge } from '#lambda/analytics/issue-security-token.ts';
import { openCredential, type SealedKind } from '#lambda/analytics/security-sealing.ts';
import { IDS, NOW, serviceKey, TestGate } from '#test/support/analytics.ts';

let gate: TestGate;
beforeEach(() => {
  gate = new TestGate();
});

const issue = (body: object, key = gate.made.key) =>
  issueSecurityToken({ ...IDS, ...body }, key, gate.sealing, gate.nowSeconds);
const openAs = (text: string, kind: SealedKind, at = gate) => openCredential(text, [kind], at.sealing);

test('the token says whom it is for, what the backend added, from which key it came and its life', async () => {
  const claims = { permissions: ['read'], asset_permissions: { a: [1, null] }, nested: { deep: 'ü' } };
  const issued = await issue({ ...claims, orgid: 'org', expiresIn: '10m' });
  if (!issued.ok) throw new Error(issued.reason);
  expect(issued.value.expiresInSeconds).toBe(600);
  expect((await openAs(issued.value.token, 'security-token'))?.content).toStrictEqual({
    userId: 'u-17',
    appId: 'sales',
    clientId: 'acme',
    orgId: 'org',
    claims,
    keyId: gate.made.key.keyId,
    issuedAt: NOW,
    expiresAt: NOW + 600,
  });
});

test.each<[string, number | undefined, object, number]>([
  ['the default', undefined, {}, 3_600],
  ['what was stated', undefined, { expiresIn: '30s' }, 30],
  ['the longest', undefined, { expiresIn: '24h' }, 86_400],
  ['the default, capped by the key', 600, {}, 600],
  ['the default under a longer key', 7_200, {}, 3_600],
  ['what was stated, up to what the key allows', 600, { expiresIn: 600 }, 600],
])('the life is %s (key %s)', async (_name, maxTtlSeconds, body, seconds) => {
  const { key } = serviceKey(maxTtlSeconds === undefined ? {} : { maxTtlSeconds });
  expect(await issue(body, key)).toMatchObject({ ok: true, value: { expiresInSeconds: seconds } });
});

test.each([
  [undefined, 86_401, 86_400],
  [undefined, '25h', 86_400],
  [undefined, Number.MAX_SAFE_INTEGER, 86_400],
  [600, 601, 600],
  [600, '1h', 600],
])('a key of at most %s seconds refuses %j and never cuts it', async (maxTtlSeconds, expiresIn, longest) => {
  const { key } = serviceKey(maxTtlSeconds === undefined ? {} : { maxTtlSeconds });
  expect(await issue({ expiresIn }, key)).toEqual({
    ok: false,
    reason: 'invalid_expires_in',
    detail: `The maximum here is ${longest} seconds.`,
  });
});

test.each([
  ['in the second of a revocation', NOW, NOW + 1],
  ['a second later', NOW - 1, NOW],
])(
  'what is issued %s of the tokens of its key is stamped after it, and lives no longer',
  (_when, tokensNotBefore, issuedAt) => {
    const { key } = serviceKey({ tokensNotBefore });
    const granted = grantSecurity(IDS, key, NOW);
    expect(granted).toMatchObject({ ok: true, value: { token: { issuedAt, expiresAt: NOW + 3_600 } } });
  },
);

test('a key for certain apps gets tokens for those, and for no other', async () => {
  const { key } = serviceKey({ appIds: ['sales', 'hr'] });
  expect(await issue({}, key)).toMatchObject({ ok: true });
  for (const appid of ['Sales', 'sales ', 'ops', 'sal'])
    expect(await issue({ appid }, key)).toMatchObject({
      ok: false,
      reason: expect.stringMatching(/^wrong_app$|^invalid_request$/),
    });
  expect(await issue({}, serviceKey({ appIds: [] }).key)).toEqual({ ok: false, reason: 'wrong_app' });
});

/** The longest token that is issued in a deployment, and the refusal of one a byte longer. */
async function longestIn(deployment: string) {
  gate = new TestGate(deployment);
  let token = '';
  for (let size = 4_200; ; size += 1) {
    const issued = await issue({ permissions: ['p'.repeat(size)], note: 'n'.repeat(50) });
    if (!issued.ok) return { token, opened: await openAs(token, 'security-token'), refused: issued };
    token = issued.value.token;
  }
}

test('a token is at most as long as what is looked at as one, and the refusal of more names the biggest member', async () => {
  const lengths: number[] = [];
  // Base64url leaves out one length in four; which one depends on the deployment.
  for (const deployment of ['a', 'aa', 'aaa', 'aaaa']) {
    const { token, opened, refused } = await longestIn(deployment);
    lengths.push(token.length);
    expect(opened).toBeDefined();
    const detail = expect.stringMatching(
      /^It would have 61\d\d bytes, of at most 6144; body member "permissions" has 4\d\d\d of them\.$/,
    );
    expect(refused).toEqual({ ok: false, reason: 'token_too_large', detail });
  }
  expect(Math.max(...lengths)).toBe(limits.maxSecurityTokenBytes);
});

test.each(['userId', 'appId', 'clientId', 'orgId'])('the refusal names %s where that is the biggest member', (name) => {
  const subject = { userId: 'u', appId: 'a', clientId: 'c', orgId: 'o', claims: {}, [name]: 'x'.repeat(256) };
  expect(tooLarge(7_000, 6_144, subject)).toMatchObject({
    reason: 'token_too_large',
    detail: expect.stringContaining(`body member "${name}" has ${256 + name.length + 7} of them.`),
  });
});
