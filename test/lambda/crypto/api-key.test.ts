import { crc32 as zlibCrc32 } from 'node:zlib';
import fc from 'fast-check';
import { crc32, digestApiKey, generateApiKey, matchesDigest, parseApiKey } from '#lambda/crypto/api-key.ts';
import { encodeUint32Base62, randomBase62 } from '#lambda/crypto/base62.ts';

const key = generateApiKey('sk', 'test');

test.each(['sk', 'an', 'dr', 'dev'] as const)('a generated %s key is read back', (kind) => {
  const generated = generateApiKey(kind, 'live');
  expect(parseApiKey(generated.text)).toEqual({ ok: true, value: generated });
  expect(generated.text.length).toBeLessThanOrEqual(64);
  expect(generated.text).toMatch(/^(sk|an|dr|dev)_live_[0-9A-Za-z]{8}_[0-9A-Za-z]{38}$/);
});

test('no two generated keys are alike', () => {
  expect(new Set(Array.from({ length: 1_000 }, () => generateApiKey('sk', 'test').text)).size).toBe(1_000);
});

/** With a checksum that is right, whatever is before it. */
const checked = (body: string): string => body + encodeUint32Base62(crc32(body));

describe('refuses', () => {
  const flipped = key.text.endsWith('0') ? '1' : '0';
  test.each([
    ['nothing', ''],
    ['a wrong checksum', key.text.slice(0, -1) + flipped],
    [
      'a changed secret',
      key.text.replace(/_(.)([^_]*)$/, (_all, first: string, rest: string) => `_${first === 'A' ? 'B' : 'A'}${rest}`),
    ],
    ['another kind with the same rest', key.text.replace('sk_', 'an_')],
    ['another environment with the same rest', key.text.replace('_test_', '_live_')],
    ['an unknown kind', key.text.replace('sk_', 'xx_')],
    ['upper-case kind', key.text.replace('sk_', 'SK_')],
    ['a truncated key', key.text.slice(0, -1)],
    ['a longer key', `${key.text}0`],
    ['a longer secret with its checksum', checked(`sk_test_00000000_${'a'.repeat(33)}`)],
    ['a shorter secret with its checksum', checked(`sk_test_00000000_${'a'.repeat(31)}`)],
    ['something before it with its checksum', checked(`xsk_test_00000000_${'a'.repeat(32)}`)],
    ['white space', ` ${key.text}`],
    ['a line break', `${key.text}\n`],
    ['two joined keys', `${key.text}, ${key.text}`],
    ['a widget token', 'c2hvcF9hYmM6MTcxNTAwMDAwMDox'],
    ['a very long text', 'sk_test_'.padEnd(10_000, 'A')],
  ])('%s', (_name, text) => {
    expect(parseApiKey(text)).toEqual({ ok: false, reason: 'malformed' });
  });

  test('any text, without throwing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 100 }), (text) => {
        expect(parseApiKey(text).ok).toBe(false);
      }),
    );
  });
});

test('only the whole key has its digest', () => {
  const digest = digestApiKey(key.text);
  expect(matchesDigest(key.text, digest)).toBe(true);
  expect(matchesDigest(generateApiKey('sk', 'test').text, digest)).toBe(false);
  expect(matchesDigest(key.text, undefined)).toBe(false);
  expect(matchesDigest(key.text, digest.slice(2))).toBe(false);
  expect(matchesDigest(key.text, '')).toBe(false);
});

test('the checksum is the CRC-32 that zlib computes', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[ -~]*$/), (ascii) => {
      expect(crc32(ascii)).toBe(zlibCrc32(ascii));
    }),
  );
});

test('base62 keeps every 32-bit number apart and sorted', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffffffff }), fc.integer({ min: 0, max: 0xffffffff }), (a, b) => {
      expect(encodeUint32Base62(a)).toHaveLength(6);
      expect(Math.sign(a - b)).toBe(encodeUint32Base62(a) < encodeUint32Base62(b) ? -1 : a === b ? 0 : 1);
    }),
  );
});

test('random characters use the whole alphabet', () => {
  expect(new Set(randomBase62(10_000)).size).toBe(62);
});
