import fc from 'fast-check';
import type { KeyView } from '#web/admin/src/api/views.ts';
import { auditQueryOf, readFilters } from '#web/admin/src/audit/audit-query.ts';
import { hrefOf, parseRoute } from '#web/admin/src/route/route.ts';
import { filterShops } from '#web/admin/src/shops/filter-shops.ts';
import { earlierKeyOf, keyStateOf } from '#web/admin/src/shops/key-state.ts';
import { distanceText, lengthText } from '#web/admin/src/words/moments.ts';

test('an address leads to the place that it was made for', () => {
  const segment = fc.string({ unit: 'grapheme', minLength: 1 });
  fc.assert(
    fc.property(fc.array(segment), fc.dictionary(segment, segment, { noNullPrototype: true }), (path, query) => {
      const route = parseRoute(hrefOf(path, query));
      expect([route.path, Object.fromEntries(route.query)]).toEqual([path, query]);
    }),
  );
});

test('no address, however malformed, keeps the console from showing a page', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (hash) => void parseRoute(`#${hash}`)));
  expect(parseRoute('#/shops/%E0%A4%A').path).toEqual(['shops', '%E0%A4%A']);
});

const key = (credentialUntil?: number, verifyUntil?: number): KeyView => ({
  keyId: 'k',
  createdAt: 0,
  ...(credentialUntil !== undefined && { credentialUntil }),
  ...(verifyUntil !== undefined && { verifyUntil }),
});

test.each([
  ['current', key()],
  ['overlapping', key(101, 200)],
  ['verifying', key(100, 200)],
  ['verifying', key(50, 101)],
  ['ended', key(50, 100)],
] as const)('a key is %s by its times', (state, view) => {
  expect(keyStateOf(view, 100)).toBe(state);
  expect(earlierKeyOf([key(), view], 100)).toBe(['overlapping', 'verifying'].includes(state) ? view : undefined);
});

test('the refused calls of a shop are requested under their own subject', () => {
  expect(auditQueryOf({ shop: 'shop_a' })).toEqual({ subject: 'shop_a' });
  expect(auditQueryOf({ shop: 'shop_a', action: 'refuse-calls', code: 'wrong_shop' })).toEqual({
    subject: 'refused/shop_a',
    code: 'wrong_shop',
  });
  expect(auditQueryOf({ action: 'refuse-calls' })).toEqual({ performed: 'refuse-calls' });
});

test('days are asked for as they are where the reader is, from their first to their last moment', () => {
  const { from, to } = auditQueryOf(
    readFilters(new Map(Object.entries({ from: '2026-01-31', to: '2026-01-31', shop: '' }))),
  );
  expect(Date.parse(to ?? '') - Date.parse(from ?? '')).toBe(86_400_000 - 1);
  expect(new Date(from ?? '').getHours()).toBe(0);
  expect(auditQueryOf({ from: 'nonsense' })).toEqual({});
});

test('shops are found by id, address and origin, and sorted by name', () => {
  const shop = (shopId: string, url: string, origins: string[] = []) => ({
    shopId,
    url,
    origins,
    version: 1,
    requireOrigin: false,
    disabled: false,
    issuingPaused: false,
    tokensNotBefore: 0,
    keys: [],
    createdAt: 0,
  });
  const shops = [
    shop('shop_B', 'https://zebra.example'),
    shop('shop_A', 'https://apple.example', ['https://fruit.example']),
    { shopId: 'shop_C', corrupt: true as const },
  ];
  const found = (text: string) => filterShops(shops, text).map(({ shopId }) => shopId);
  expect([found(''), found('FRUIT'), found('shop_b'), found('c'), found('nothing')]).toEqual([
    ['shop_A', 'shop_C', 'shop_B'],
    ['shop_A'],
    ['shop_B'],
    ['shop_C'],
    [],
  ]);
});

test('lengths and distances are shown in words', () => {
  expect([0, 1, 600, 3_600, 86_400, 604_800, 90].map(lengthText)).toEqual([
    '0 seconds',
    '1 second',
    '10 minutes',
    '1 hour',
    '24 hours',
    '7 days',
    '90 seconds',
  ]);
  const distances = [100_030, 103_600, 186_400, 100_000 - 7_200, 13_600];
  expect(distances.map((at) => distanceText(at, 100_000))).toEqual([
    'just now',
    'in 1 hour',
    'tomorrow',
    '2 hours ago',
    'yesterday',
  ]);
});
