import type { ModelCall, ModelShop } from './model.ts';
import { type Observation, Oracle } from './oracle.ts';
import { makeToken } from './tokens.ts';

const SECOND = 1_700_000_000;
const AT = SECOND * 1_000;
const KEY = 'sk_test_aaaaaaaa_one';
const shop: ModelShop = {
  shopId: 'shop_one',
  origins: ['https://one.example.com'],
  requireOrigin: false,
  disabled: false,
  issuingPaused: false,
  tokensNotBefore: 0,
  keys: [{ keyId: 'aaaaaaaa', apiKey: KEY, createdAt: 1 }],
  damage: 'none',
};
const session = (changes: Partial<Extract<ModelCall, { kind: 'session' }>> = {}): ModelCall => ({
  ...{ kind: 'session', shopId: 'shop_one', issuedAt: SECOND - 10, signedBy: KEY, origin: undefined },
  ...changes,
});
const issue: ModelCall = { kind: 'issue', shopIdInPath: 'shop_one', apiKey: KEY, ownerId: 'shop_one' };
const seen = (call: ModelCall, status: number, seconds = 0, json: Observation['json'] = { shopId: 'shop_one' }) => ({
  ...{ call, label: '', status, json },
  begunAt: AT + seconds * 1_000,
  endedAt: AT + seconds * 1_000 + 20,
});

let oracle: Oracle;
beforeEach(() => {
  oracle = new Oracle();
  oracle.add(shop);
});
const verdict = (observation: Observation): string => oracle.judge(observation).verdict;

describe('a wrong yes is caught', () => {
  test.each<[string, ModelCall]>([
    ['a tampered token', session({ signedBy: undefined })],
    ["another shop's key", session({ signedBy: 'sk_test_bbbbbbbb_two' })],
    ['a token that expired', session({ issuedAt: SECOND - 86_400 })],
    ['a token of the future', session({ issuedAt: SECOND + 301 })],
    ['a foreign origin', session({ origin: 'https://foreign.example.net' })],
    ['an unknown shop', session({ shopId: 'shop_two' })],
    ["a stranger's key", { ...issue, apiKey: 'sk_test_cccccccc_three', ownerId: undefined }],
  ])('%s', (_name, call) => {
    expect(verdict(seen(call, 200))).toBe('wrong');
  });

  test("a session of another shop than the token's", () => {
    expect(verdict(seen(session(), 200, 0, { shopId: 'shop_two' }))).toBe('wrong');
  });

  test('an issued token that another key made, or for another moment', () => {
    const issued = (at: number, key: string) => seen(issue, 200, 0, { token: makeToken('shop_one', at, key) });
    expect(verdict(issued(SECOND, KEY))).toBe('served');
    expect(verdict(issued(SECOND, 'sk_test_bbbbbbbb_two'))).toBe('wrong');
    expect(verdict(issued(SECOND - 5, KEY))).toBe('wrong');
  });
});

test.each([401, 403, 429, 500, 0])('a wrong no is caught: %i for what the model allows', (status) => {
  expect(verdict(seen(session(), status))).toBe('wrong');
});

test('503 is never wrong, and what was owed is counted as such', () => {
  expect(oracle.judge(seen(session(), 503))).toMatchObject({ verdict: 'unavailable', owed: true });
  expect(oracle.judge(seen(session({ signedBy: undefined }), 503))).toMatchObject({ owed: false });
});

describe('a change that was begun at 0 s and acknowledged at 2 s', () => {
  beforeEach(() => oracle.historyOf('shop_one').add({ ...shop, disabled: true }, AT, AT + 2_000));

  test.each([
    [-1, 200, 'served'],
    [-1, 403, 'wrong'],
    [0, 403, 'refused'],
    [11, 200, 'served'],
    [13, 200, 'wrong'],
    [13, 403, 'refused'],
  ])('%i s later %i is %s', (seconds, status, expected) => {
    expect(verdict(seen(session(), status, seconds))).toBe(expected);
  });

  test.each([
    ['out', 301, 303],
    ['failing', 61, 63],
  ] as const)('may be unknown for so long while the store is %s: %i s, and not %i s', (state, known, unknown) => {
    oracle.store.add(state, AT, AT);
    expect(verdict(seen(session(), 200, known))).toBe('served');
    expect(verdict(seen(session(), 200, unknown))).toBe('wrong');
  });

  test('refuses by an old state for ten seconds, however the store is', () => {
    oracle.historyOf('shop_one').add(shop, AT + 20_000, AT + 20_000);
    oracle.store.add('out', AT, AT);
    expect(verdict(seen(session(), 403, 29))).toBe('refused');
    expect(verdict(seen(session(), 403, 31))).toBe('wrong');
  });
});

test("times are judged by the functions' clock, and by both clocks while it is being set", () => {
  oracle.clockOffset.add(3_600_000, AT, AT + 1_000);
  const ahead = session({ issuedAt: SECOND + 3_600 });
  expect([verdict(seen(ahead, 200)), verdict(seen(ahead, 401))]).toEqual(['served', 'refused']);
  expect([verdict(seen(ahead, 200, 2)), verdict(seen(ahead, 401, 2))]).toEqual(['served', 'wrong']);
});

test('a damaged record allows nothing, and refuses nothing', () => {
  oracle.historyOf('shop_one').add({ ...shop, damage: 'item' }, AT, AT);
  for (const status of [200, 401, 403]) expect(verdict(seen(session(), status, 90))).toBe('wrong');
});
