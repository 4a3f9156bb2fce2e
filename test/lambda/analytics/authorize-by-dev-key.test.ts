import { type AnalyticsCall, authorizeAnalyticsCall } from '#lambda/analytics/authorize-analytics-call.ts';
import { callOf, NOW, TestGate } from '#test/support/analytics.ts';

let gate: TestGate;
let apiKeys: string[];
let keyId: string;
beforeEach(() => {
  gate = new TestGate();
  gate.devKeys = true;
  const { key, text } = gate.add({ purpose: 'dev', credentialUntil: NOW + 86_400 });
  apiKeys = [text];
  keyId = key.keyId;
});

const ids = { userId: ['u-17'], appId: ['sales'], clientId: [] };
const decide = (changes: Partial<AnalyticsCall> = {}) =>
  authorizeAnalyticsCall(
    callOf({ apiKeys, origins: ['http://localhost:3000'], fromBrowser: true, stated: ids, ...changes }),
    gate,
    gate.nowSeconds,
  );
const unauthorized = (reason: string) => ({ outcome: 'unauthorized', reason });

test('a dev key lets a page on the own machine through, as whom it says, until the key ends', async () => {
  const allowed = {
    outcome: 'allowed',
    kind: 'dev-key',
    keyId,
    userId: 'u-17',
    appId: 'sales',
    expiresAt: NOW + 86_400,
  };
  expect(await decide()).toStrictEqual(allowed);
  expect(await decide({ stated: { ...ids, clientId: ['acme'] } })).toStrictEqual({ ...allowed, clientId: 'acme' });
  gate.nowSeconds += 86_400;
  expect(await decide()).toEqual(unauthorized('invalid_api_key'));
});

test('a stage without dev keys rejects them, and reads nothing to do so', async () => {
  gate.devKeys = false;
  expect(await decide()).toEqual(unauthorized('dev_keys_disabled'));
  expect(gate.reads).toBe(0);
});

test.each<[string, AnalyticsCall['stated'], 'dev_ids_missing' | 'ids_malformed', string]>([
  ['no ids', { userId: [], appId: [], clientId: [] }, 'dev_ids_missing', 'X-User-Id'],
  ['no user', { ...ids, userId: [] }, 'dev_ids_missing', 'X-User-Id'],
  ['no app', { ...ids, appId: [] }, 'dev_ids_missing', 'X-App-Id'],
  ['an empty user', { ...ids, userId: [''] }, 'dev_ids_missing', 'X-User-Id'],
  ['two users', { ...ids, userId: ['a', 'b'] }, 'ids_malformed', 'X-User-Id'],
  ['two apps', { ...ids, appId: ['a', 'b'] }, 'ids_malformed', 'X-App-Id'],
  ['a client that is not an id', { ...ids, clientId: ['ä'] }, 'ids_malformed', 'X-Client-Id'],
])('refuses it with %s, and names the header', async (_name, stated, outcome, header) => {
  expect(await decide({ stated })).toEqual({ outcome, header, keyId });
});

test('a dev key for certain apps is for no other', async () => {
  const { text } = gate.add({ purpose: 'dev', appIds: ['hr'] });
  expect(await decide({ apiKeys: [text] })).toMatchObject({ outcome: 'wrong_app' });
  expect(await decide({ apiKeys: [text], stated: { ...ids, appId: ['hr'] } })).toMatchObject({ outcome: 'allowed' });
});

test('refuses a dev key twice, or beside an analytics key', async () => {
  const analytics = gate.made.text;
  const [dev = ''] = apiKeys;
  for (const both of [
    [dev, dev],
    [dev, analytics],
    [analytics, dev],
  ])
    expect(await decide({ apiKeys: both })).toEqual(unauthorized('invalid_api_key'));
});

test('only a use that is let through is noted', async () => {
  await decide({ origins: ['http://evil.com'] });
  await decide({ stated: { ...ids, appId: [] } });
  expect(gate.uses).toEqual([]);
  await decide();
  expect(gate.uses).toEqual([[keyId, NOW - (NOW % 3_600)]]);
});
