import { limits } from '#contract/limits.ts';
import { issueSecurityToken } from '#lambda/analytics/issue-security-token.ts';
import { openCredential, type SealedKind } from '#lambda/analytics/security-sealing.ts';
import { ringKeyOf, seal } from '#lambda/crypto/jwe.ts';
import { IDS, NOW, TestGate } from '#test/support/analytics.ts';
import { ringText } from '#test/support/shops.ts';

let gate: TestGate;
beforeEach(() => {
  gate = new TestGate();
});

const issue = (body: object, key = gate.made.key) =>
  issueSecurityToken({ ...IDS, ...body }, key, gate.sealing, gate.nowSeconds);
const openAs = (text: string, kind: SealedKind, at = gate) => openCredential(text, [kind], at.sealing);

test('a token opens in its own slot and deployment only', async () => {
  const text = await gate.securityToken();
  for (const kind of ['session-token', 'session-cookie'] as const) expect(await openAs(text, kind)).toBeUndefined();
  const other = new TestGate('widget-gate:000000000000:prod');
  expect(await openAs(text, 'security-token', other)).toBeUndefined();
});

test('a rotation of the ring ends no live token, and its new key seals once everybody knows it', async () => {
  const before = await gate.securityToken();
  const rotated = JSON.parse(ringText({ rk_1: 'r'.repeat(64), rk_2: 's'.repeat(64) }, 'rk_2')) as object;
  gate.ringStore.text = JSON.stringify({ ...rotated, addedAt: { rk_2: NOW } });
  gate.nowSeconds = NOW + limits.ringSettledSeconds - 1;
  expect(ringKeyOf(await gate.securityToken())).toBe('rk_1');
  gate.nowSeconds += 1;
  const after = await gate.securityToken();
  expect(ringKeyOf(after)).toBe('rk_2');
  for (const text of [before, after]) expect(await openAs(text, 'security-token')).toBeDefined();
});

test('what another container sealed with a ring key that is unknown here opens at once', async () => {
  const here = new TestGate();
  expect(await openAs(await gate.securityToken(), 'security-token', here)).toBeDefined();
  const twoKeys = ringText({ rk_1: 'r'.repeat(64), rk_2: 's'.repeat(64) }, 'rk_2');
  const there = new TestGate();
  for (const { ringStore } of [here, there]) ringStore.text = twoKeys;
  const text = await there.securityToken();
  expect(ringKeyOf(text)).toBe('rk_2');
  expect(await openAs(text, 'security-token', here)).toBeDefined();
});

test('a ring that is out of reach is a fault and no refusal', async () => {
  gate.ringStore.failing = true;
  await expect(issue({})).rejects.toMatchObject({ name: 'DependencyError' });
});

test('who can read the header of a token learns neither the account nor the stage', async () => {
  const header = Buffer.from((await gate.securityToken()).split('.')[0] as string, 'base64url').toString();
  expect(gate.sealing.deployment).toMatch(/:\d{12}:/);
  for (const part of gate.sealing.deployment.split(':')) expect(header).not.toContain(part);
});

test('what a newer release sealed is unavailable here, never misread and never refused as not valid', async () => {
  const [header = ''] = (await gate.securityToken()).split('.');
  const { typ, aud } = JSON.parse(Buffer.from(header, 'base64url').toString()) as { typ: string; aud: string };
  const text = seal(JSON.stringify({ version: 2, ...IDS }), await gate.sealing.ring.keys(), { typ, aud });
  await expect(openAs(text, 'security-token')).rejects.toMatchObject({ name: 'DependencyError' });
});

test('a ring key that is taken out of the ring by hand opens nothing any more: what it sealed is not valid', async () => {
  const before = await gate.securityToken();
  gate.ringStore.text = ringText({ rk_2: 's'.repeat(64) }, 'rk_2');
  const elsewhere = new TestGate();
  elsewhere.ringStore.text = gate.ringStore.text;
  expect(await openAs(before, 'security-token', elsewhere)).toBeUndefined();
  expect(ringKeyOf(await elsewhere.securityToken())).toBe('rk_2');
  expect(await openAs(await elsewhere.securityToken(), 'security-token', elsewhere)).toBeDefined();
});
