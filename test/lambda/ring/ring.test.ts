import { deriveSealingKeys, parseRing } from '#lambda/ring/ring.ts';

const secret = 'a'.repeat(64);
const generated = JSON.stringify({ version: 1, sealWith: 'rk_1', rk_1: secret });

test('the document that Secrets Manager generates is a ring', () => {
  expect(parseRing(generated)).toEqual({
    ok: true,
    value: { sealWith: 'rk_1', secrets: new Map([['rk_1', secret]]), supersededAt: new Map(), addedAt: new Map() },
  });
});

describe('refuses', () => {
  test.each([
    ['nothing', ''],
    ['text', 'secret'],
    ['null', 'null'],
    ['an array', '[]'],
    ['a truncated document', generated.slice(0, -10)],
    ['another version', JSON.stringify({ version: 2, sealWith: 'rk_1', rk_1: secret })],
    ['no version', JSON.stringify({ sealWith: 'rk_1', rk_1: secret })],
    ['no sealing key', JSON.stringify({ version: 1, rk_1: secret })],
    ['a sealing key that is not there', JSON.stringify({ version: 1, sealWith: 'rk_2', rk_1: secret })],
    ['an empty key', JSON.stringify({ version: 1, sealWith: 'rk_1', rk_1: '' })],
    ['a short key', JSON.stringify({ version: 1, sealWith: 'rk_1', rk_1: secret.slice(1) })],
    ['a key that is not a text', JSON.stringify({ version: 1, sealWith: 'rk_1', rk_1: 1 })],
    ['an unknown member', JSON.stringify({ version: 1, sealWith: 'rk_1', rk_1: secret, other: secret })],
    ['times that are not object', JSON.stringify({ version: 1, sealWith: 'rk_1', rk_1: secret, supersededAt: 1 })],
    [
      'a time that is not a number',
      JSON.stringify({ version: 1, sealWith: 'rk_1', rk_1: secret, supersededAt: { rk_1: '1' } }),
    ],
    ['a time of no ring key', JSON.stringify({ version: 1, sealWith: 'rk_1', rk_1: secret, supersededAt: { x: 1 } })],
    ...['rk_1x', 'xrk_1', 'rk_01', 'rk_0', 'rk_', 'rk_1234567', 'RK_1', 'rk_1 '].map((name): [string, string] => [
      `a key named ${JSON.stringify(name)}`,
      JSON.stringify({ version: 1, sealWith: name, [name]: secret }),
    ]),
    ['a sealing key named version', JSON.stringify({ version: 1, sealWith: 'version', rk_1: secret })],
  ])('%s', (_name, text) => {
    expect(parseRing(text)).toEqual({ ok: false, reason: 'malformed_ring' });
  });
});

test('purposes, deployments and ring keys each get a key of their own, the same every time', () => {
  const parsed = parseRing(JSON.stringify({ version: 1, sealWith: 'rk_2', rk_1: secret, rk_2: 'b'.repeat(64) }));
  if (!parsed.ok) throw new Error('the ring was refused');
  const keyTexts = (purpose: string, deployment: string): string[] =>
    [...deriveSealingKeys(parsed.value, purpose, deployment).keys.values()].map((key) => key.export().toString('hex'));
  const all = [
    ...keyTexts('shop-key', 'a:1:dev'),
    ...keyTexts('shop-key', 'a:1:prod'),
    ...keyTexts('session', 'a:1:dev'),
  ];
  expect(new Set(all).size).toBe(6);
  expect(all.every((text) => text.length === 64)).toBe(true);
  expect(keyTexts('shop-key', 'a:1:dev')).toEqual(all.slice(0, 2));
});
