import fc from 'fast-check';
import { parseStrictJsonObject } from '#lambda/crypto/strict-json.ts';

test('reads every object that JSON can write, except one with __proto__ or deeper than 16', () => {
  const values = fc.dictionary(
    fc.string().filter((name) => name !== '__proto__'),
    fc.jsonValue({ maxDepth: 3 }),
  );
  fc.assert(
    fc.property(values, (value) => {
      const text = JSON.stringify(value);
      fc.pre(!text.includes('__proto__'));
      expect(parseStrictJsonObject(text)).toEqual({ ok: true, value: JSON.parse(text) });
    }),
  );
});

describe('refuses', () => {
  test.each([
    ['nothing', ''],
    ['text', 'x'],
    ['an array', '[]'],
    ['null', 'null'],
    ['a number', '1'],
    ['a trailing comma', '{"a":1,}'],
    ['two documents', '{}{}'],
    ['a repeated member', '{"a":1,"a":2}'],
    ['a repeated member in another spelling', '{"a":1,"\\u0061":2}'],
    ['a repeated member further down', '{"x":[{"a":1,"b":2,"a":3}]}'],
    ['__proto__', '{"__proto__":{"admin":true}}'],
    ['__proto__ in another spelling', '{"\\u005f_proto__":1}'],
    ['__proto__ further down', '{"a":{"__proto__":1}}'],
    ['nesting of 17', `${'{"a":'.repeat(17)}1${'}'.repeat(17)}`],
    ['nesting of 10,000', `{"a":${'['.repeat(10_000)}${']'.repeat(10_000)}}`],
    ['a byte order mark', '\ufeff{}'],
  ])('%s', (_name, text) => {
    expect(parseStrictJsonObject(text)).toEqual({ ok: false, reason: 'invalid_json' });
  });
});

test('member names and values that look like structure are only text', () => {
  expect(parseStrictJsonObject('{"a":"\\"a\\":1,{","b":"a","c":{"a":1}}').ok).toBe(true);
});
