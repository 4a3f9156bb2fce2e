import { type AnalyticsCall, authorizeAnalyticsCall } from '#lambda/analytics/authorize-analytics-call.ts';
import { callOf, PAGE, TestGate } from '#test/support/analytics.ts';

let gate: TestGate;
beforeEach(() => {
  gate = new TestGate();
});

const stated = (changes: Partial<AnalyticsCall['stated']>) => ({ stated: { ...callOf().stated, ...changes } });
const decide = (changes: Partial<AnalyticsCall>) => authorizeAnalyticsCall(callOf(changes), gate, gate.nowSeconds);

const credentials: [string, () => Promise<Partial<AnalyticsCall>>][] = [
  ['security token', async () => ({ authorizations: [await gate.securityToken()] })],
  ['session token', async () => ({ authorizations: [await gate.session('token')] })],
  ['cookie', async () => ({ sessionCookies: [await gate.session()], origins: [PAGE], hasRequestedWith: true })],
];

describe.each(credentials)('a %s', (_name, credential) => {
  test.each([
    [['sales'], 'allowed'],
    [['sales', 'sales'], 'allowed'],
    [['hr'], 'wrong_app'],
    [['sales', 'hr'], 'wrong_app'],
    [['hr', 'sales'], 'wrong_app'],
    [[''], 'wrong_app'],
    [['Sales'], 'wrong_app'],
    [['sales '], 'wrong_app'],
    [['sales, hr'], 'wrong_app'],
    [['*'], 'wrong_app'],
  ])('beside the app %j is %s', async (appId, outcome) => {
    expect(await decide({ ...(await credential()), ...stated({ appId }) })).toMatchObject({
      outcome,
      keyId: gate.made.key.keyId,
    });
  });

  test('speaks for its own user and client, whatever the caller says', async () => {
    const others = stated({ userId: ['root'], clientId: ['other', 'more'] });
    expect(await decide({ ...(await credential()), ...others })).toMatchObject({ userId: 'u-17', clientId: 'acme' });
  });
});

test.each<[string, readonly string[] | undefined, Partial<AnalyticsCall['stated']>, string]>([
  ['for all apps, without any', undefined, {}, 'allowed'],
  ['for all apps, with one', undefined, { appId: ['sales'], userId: ['u'], clientId: ['c'] }, 'allowed'],
  ['for all apps, with one said twice', undefined, { appId: ['sales', 'sales'] }, 'allowed'],
  ['for all apps, with two', undefined, { appId: ['sales', 'hr'] }, 'ids_malformed'],
  ['for all apps, with an empty one', undefined, { appId: [''] }, 'ids_malformed'],
  ['for all apps, with one that is not an id', undefined, { appId: ['ä'] }, 'ids_malformed'],
  ['for one app, with it', ['sales'], { appId: ['sales'] }, 'allowed'],
  ['for one app, without any', ['sales'], {}, 'wrong_app'],
  ['for one app, with another', ['sales'], { appId: ['hr'] }, 'wrong_app'],
  ['for one app, with both', ['sales'], { appId: ['sales', 'hr'] }, 'ids_malformed'],
  ['for no app', [], { appId: ['sales'] }, 'wrong_app'],
])('an analytics key %s', async (_name, appIds, ids, outcome) => {
  const { text, key } = gate.add(appIds === undefined ? {} : { appIds });
  const decided = await decide({ apiKeys: [text], ...stated(ids) });
  expect(decided).toMatchObject({ outcome, keyId: key.keyId });
  if (outcome === 'allowed') expect('appId' in decided ? decided.appId : undefined).toBe(ids.appId?.[0]);
});

test('what a server says of its user and client is handed on only where each is said once and is an id', async () => {
  const call = (ids: object) => decide({ apiKeys: [gate.made.text], ...stated({ appId: ['sales'], ...ids }) });
  expect(await call({ userId: ['u'], clientId: ['c'] })).toMatchObject({
    outcome: 'allowed',
    userId: 'u',
    clientId: 'c',
  });
  for (const bad of [['a', 'b'], [''], ['ä'], ['a\nb'], ['x'.repeat(257)]])
    for (const name of ['userId', 'clientId'])
      expect(await call({ [name]: bad })).not.toMatchObject({ outcome: 'allowed' });
});
