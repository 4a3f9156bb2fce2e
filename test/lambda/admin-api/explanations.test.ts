import { explanations } from '#contract/explanations.ts';
import { explanationOf } from '#lambda/admin-api/explain.ts';
import { whyRefused } from '#lambda/widget-tokens/authorize-widget-call.ts';

test.each([
  'malformed',
  'expired',
  'not_yet_valid',
  'unknown_shop',
  'bad_signature',
  'revoked',
  'shop_disabled',
  'origin_not_allowed',
  'corrupt_record',
  'invalid_api_key',
  'wrong_shop',
  'api_key_in_browser',
  'issuing_paused',
  'signed_by_retired_key',
  'origin_missing',
  'ok',
])('the reason %s is explained in whole sentences', (reason) => {
  const explanation = explanationOf(reason);
  expect(explanation).toBeDefined();
  for (const sentence of Object.values(explanation ?? {})) expect(sentence).toMatch(/^[A-Z].*\.$/);
});

test('a code that needs no explanation has none, also one that objects inherit', () => {
  expect([explanationOf('done'), explanationOf('constructor')]).toEqual([undefined, undefined]);
});

test('what a refusal is filed under is its exact reason where there is one', () => {
  expect(whyRefused({ outcome: 'unauthorized', reason: 'expired' })).toBe('expired');
  expect(whyRefused({ outcome: 'shop_disabled', shopId: 'shop_one' })).toBe('shop_disabled');
  expect(Object.keys(explanations)).toContain('expired');
});
