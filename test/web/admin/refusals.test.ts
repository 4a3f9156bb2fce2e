import { errors } from '#contract/errors.ts';
import { limits } from '#contract/limits.ts';
import { readRefusal } from '#web/admin/src/api/call.ts';
import { refusalWords } from '#web/admin/src/words/refusals.ts';

const LOCAL = ['no_network', 'no_gate', 'insecure_page', 'challenge_refused'];

test('every refusal of the catalog has a sentence for administrators, and nothing else has', () => {
  expect(Object.keys(refusalWords).sort()).toEqual([...Object.keys(errors), ...LOCAL].sort());
});

test('every sentence is of its own, whole, and more than the code', () => {
  const sentences = Object.values(refusalWords);
  expect(new Set(sentences).size).toBe(sentences.length);
  for (const sentence of sentences) expect(sentence).toMatch(/^[A-Z].{30,}[.:]$/s);
});

test('the numbers in the sentences are those of the gate', () => {
  expect(refusalWords.too_long).toContain(String(limits.maxOriginChars));
  expect(refusalWords.too_many_origins).toContain(String(limits.maxOriginsPerShop));
  expect(refusalWords.too_many_service_keys).toContain(String(limits.maxServiceKeys));
});

test.each([
  ["the catalog's sentence alone", errors.wrong_shop.message, {}],
  ['a detail behind it', `${errors.wrong_shop.message} Look at "x".`, { detail: 'Look at "x".' }],
  ['other words', 'something else', {}],
])('of a refusal with %s what is new is shown', (_name, message, more) => {
  expect(readRefusal({ code: 'wrong_shop', message, requestId: 'r-1' }, null)).toEqual({
    ok: false,
    refusal: { code: 'wrong_shop', requestId: 'r-1', ...more },
  });
});

test.each([{}, { code: 'toString' }, { code: 5 }, { code: 'made_up' }])(
  'what has no code of the catalog (%j) comes from something between',
  (body) => {
    expect(readRefusal(body, '1')).toEqual({ ok: false, refusal: { code: 'no_gate' } });
  },
);
