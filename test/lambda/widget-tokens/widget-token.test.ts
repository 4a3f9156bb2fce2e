import fc from 'fast-check';
import {
  checkWidgetTokenTime,
  hasValidMac,
  mintWidgetToken,
  parseWidgetToken,
} from '#lambda/widget-tokens/widget-token.ts';
import { hmacKeyOf, tokenVectors } from '#test/support/keys.ts';

const vectors = tokenVectors();
const key = hmacKeyOf(vectors.key);
const token = mintWidgetToken('shop_ab', vectors.timestamp, key);
const unpadded = token.replace(/=+$/, '');
const encode = (text: string): string => Buffer.from(text, 'latin1').toString('base64');
const mac = 'a'.repeat(64);

/** The whole check of a token's text and signature, time aside. */
const accepts = (text: string, signingKey = key): boolean => {
  const claims = parseWidgetToken(text);
  return claims !== undefined && hasValidMac(claims, signingKey);
};

describe('known answers', () => {
  test.each(vectors.cases)('mints and accepts the token of $shopId', ({ shopId, token: expected, hmacHex }) => {
    expect(mintWidgetToken(shopId, vectors.timestamp, key)).toBe(expected);
    expect(accepts(expected)).toBe(true);
    expect(Buffer.from(expected, 'base64').toString()).toBe(`${shopId}:${vectors.timestamp}:${hmacHex}`);
  });
});

test('a token is accepted with its padding and without', () => {
  expect(token.endsWith('=')).toBe(true);
  expect(accepts(token)).toBe(true);
  expect(accepts(unpadded)).toBe(true);
});

describe('refuses every other spelling of a valid token', () => {
  const decoded = Buffer.from(token, 'base64').toString('latin1');
  test.each([
    ['empty', ''],
    ['white space before', ` ${token}`],
    ['white space after', `${token} `],
    ['a line break inside', `${token.slice(0, 20)}\n${token.slice(20)}`],
    ['junk inside', `${token.slice(0, 20)}!${token.slice(20)}`],
    ['text appended after the padding', `${token}AAAA`],
    ['too much padding', `${token}=`],
    ['part of the padding', encode(`${decoded}`).endsWith('==') ? token.slice(0, -1) : `${unpadded}==`],
    ['loose last bits', `${unpadded.slice(0, -1)}${String.fromCharCode(unpadded.charCodeAt(unpadded.length - 1) + 1)}`],
    ['URL-safe alphabet', encode('shop_ab:1715000000:\u00ff\u00fe').replaceAll('+', '-').replaceAll('/', '_')],
    ['upper-case hex', encode(decoded.replace(/[0-9a-f]{64}$/, (hex) => hex.toUpperCase()))],
    ['two tokens joined by a comma', `${token}, ${token}`],
    ['encoded twice', encode(token)],
    ['the decoded text itself', decoded],
    ['a data URL', `data:;base64,${token}`],
    ['longer than any token', 'A'.repeat(4_096)],
  ])('%s', (_name, text) => {
    expect(accepts(text)).toBe(false);
  });
});

describe('refuses claims of another shape', () => {
  test.each([
    ['no colon', encode('shop_ab')],
    ['an empty shop id', encode(`:1715000000:${mac}`)],
    ['a shop id with a slash', encode(`shop/ab:1715000000:${mac}`)],
    ['a shop id that begins with an underscore', encode(`_shop:1715000000:${mac}`)],
    ['a shop id that begins with a slash', encode(`/shop:1715000000:${mac}`)],
    ['a shop id that begins with a space', encode(` shop:1715000000:${mac}`)],
    ['a shop id of 65 characters', encode(`${'s'.repeat(65)}:1715000000:${mac}`)],
    ['a non-ASCII shop id', encode(`sh\u00f6p:1715000000:${mac}`)],
    ['a NUL byte', encode(`shop\0:1715000000:${mac}`)],
    ['no time', encode(`shop_ab::${mac}`)],
    ['a negative time', encode(`shop_ab:-1:${mac}`)],
    ['a signed time', encode(`shop_ab:+1715000000:${mac}`)],
    ['a leading zero', encode(`shop_ab:01715000000:${mac}`)],
    ['a leading zero before one digit', encode(`shop_ab:01:${mac}`)],
    ['a fraction', encode(`shop_ab:1715000000.5:${mac}`)],
    ['an exponent', encode(`shop_ab:1e9:${mac}`)],
    ['hexadecimal time', encode(`shop_ab:0x10:${mac}`)],
    ['thirteen digits, as milliseconds have', encode(`shop_ab:1715000000000:${mac}`)],
    ['a short MAC', encode(`shop_ab:1715000000:${mac.slice(1)}`)],
    ['a long MAC', encode(`shop_ab:1715000000:${mac}a`)],
    ['a fourth member', encode(`shop_ab:1715000000:${mac}:x`)],
    ['a line break at the end', encode(`shop_ab:1715000000:${mac}\n`)],
  ])('%s', (_name, text) => {
    expect(parseWidgetToken(text)).toBeUndefined();
  });
});

test('refuses a character that is not a lower-case hex digit anywhere in the MAC', () => {
  for (let at = 0; at < mac.length; at += 1)
    for (const character of ['A', 'F', 'g', ' ', ':', '\0'])
      expect(
        parseWidgetToken(encode(`shop_ab:1715000000:${mac.slice(0, at)}${character}${mac.slice(at + 1)}`)),
      ).toBeUndefined();
});

test('refuses any change of a single character', () => {
  fc.assert(
    fc.property(fc.nat(token.length - 1), fc.string({ minLength: 1, maxLength: 1 }), (at, character) => {
      const changed = token.slice(0, at) + character + token.slice(at + 1);
      fc.pre(changed !== token && changed.replace(/=+$/, '') !== unpadded);
      expect(accepts(changed)).toBe(false);
    }),
    { numRuns: 2_000 },
  );
});

test('refuses any flipped bit of the decoded bytes', () => {
  const bytes = Buffer.from(token, 'base64');
  for (let bit = 0; bit < bytes.length * 8; bit += 1) {
    const flipped = Buffer.from(bytes);
    flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
    expect(accepts(flipped.toString('base64'))).toBe(false);
  }
});

test('parsing never throws and accepts only text that encoding gives back', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.base64String({ maxLength: 200 })),
      (text) => {
        const claims = parseWidgetToken(text);
        if (claims !== undefined)
          expect(text.replace(/=+$/, '')).toBe(Buffer.from(text, 'base64').toString('base64').replace(/=+$/, ''));
      },
    ),
  );
});

test('a token minted with one key is refused under any other', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 80 }), (bytes) => {
      const text = Buffer.from(bytes).toString('hex');
      expect(accepts(token, hmacKeyOf(text))).toBe(false);
    }),
  );
});

test('what is minted is read back for every shop id and time', () => {
  const shopIds = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/);
  fc.assert(
    fc.property(shopIds, fc.integer({ min: 0, max: 999_999_999_999 }), (shopId, seconds) => {
      const minted = mintWidgetToken(shopId, seconds, key);
      expect(parseWidgetToken(minted)).toMatchObject({ shopId, issuedAt: seconds });
      expect(accepts(minted)).toBe(true);
    }),
  );
});

test('without a shop the signature is refused, after the same work', () => {
  const claims = parseWidgetToken(token);
  expect(claims && hasValidMac(claims, undefined)).toBe(false);
});

describe('time', () => {
  const now = 2_000_000_000;
  test.each([
    ['301 s ahead', 301, 'not_yet_valid'],
    ['300 s ahead', 300, 'ok'],
    ['now', 0, 'ok'],
    ['86,399 s old', -86_399, 'ok'],
    ['86,400 s old', -86_400, 'expired'],
    ['of 1970', -now, 'expired'],
  ])('a token stamped %s', (_name, offset, expected) => {
    expect(checkWidgetTokenTime(now + offset, now)).toBe(expected);
  });
});
