import fc from 'fast-check';
import { prepareHmacKey } from '#lambda/crypto/hmac.ts';
import { hintOnToken } from '#lambda/widget-tokens/inspect-widget-token.ts';
import { mintWidgetToken, parseWidgetToken } from '#lambda/widget-tokens/widget-token.ts';

const SHOP = 'shop_0123456789abcdefghijklmn';
const SECONDS = 1_715_000_000;
const KEY = prepareHmacKey(Buffer.from('key'));
const token = mintWidgetToken(SHOP, SECONDS, KEY);
const [, , mac = ''] = Buffer.from(token, 'base64').toString().split(':');
const encoded = (...parts: readonly (string | number)[]): string => Buffer.from(parts.join(':')).toString('base64');
test.each<[string, string, RegExp]>([
  ['stamped in milliseconds', encoded(SHOP, SECONDS * 1_000, mac), /looks like milliseconds/],
  ['stamped in nanoseconds', encoded(SHOP, `${SECONDS}000000000`, mac), /nanoseconds/],
  ['stamped with a fraction', encoded(SHOP, `${SECONDS}.5`, mac), /not a whole number of Unix seconds/],
  ['stamped with a date', encoded(SHOP, '20240506', mac).replace(/=+$/, '===='), /cut short|changed/],
  ['stamped with an ISO time', encoded(SHOP, '2024-05-06T12:53:20Z', mac), /5 parts/],
  ['stamped with a zero before it', encoded(SHOP, `0${SECONDS}`, mac), /not a whole number/],
  ['with an upper-case HMAC', encoded(SHOP, SECONDS, mac.toUpperCase()), /upper case/],
  ['with a Base64 HMAC', encoded(SHOP, SECONDS, Buffer.from(mac, 'hex').toString('base64')), /HMAC looks like Base64/],
  ['with an upper-case HMAC that is too long', encoded(SHOP, SECONDS, `${mac.toUpperCase()}A`), /not a SHA-256/],
  ['with a SHA-1', encoded(SHOP, SECONDS, mac.slice(0, 40)), /not a SHA-256/],
  ['without an HMAC', encoded(SHOP, SECONDS), /2 parts/],
  ['with a part too many', encoded(SHOP, SECONDS, mac, 'x'), /4 parts/],
  ['in plain text', `${SHOP}:${SECONDS}:${mac}`, /not Base64-encoded/],
  ['encoded twice', Buffer.from(token).toString('base64'), /encoded twice/],
  ['encoded for a URL', `${encodeURIComponent(token)}%3D`, /URL-encoded/],
  ['after Bearer', `Bearer ${token}`, /without Bearer/],
  ['after bearer in lower case', `bearer ${token}`, /without Bearer/],
  ['stamped in picoseconds', encoded(SHOP, `1${'0'.repeat(19)}`, mac), /cut short|changed/],
  ['in quotes', `"${token}"`, /without the quotes/],
  ['in quotes with something after them', `"${token}" x`, /without spaces/],
  ['before a brace', `${token} {`, /without spaces/],
  ['in the answer that issued it', `{"token":"${token}"}`, /not the whole JSON/],
  ['with a line break at its end', `${token}\n`, /without spaces and line breaks/],
  ['broken into lines', token.replace(/^.{76}/, '$&\r\n'), /break lines after 76/],
  ['with a space before it', ` ${token}`, /without spaces/],
  ['that is empty', '', /empty/],
  ['that is a shop key', `sk_test_3fGh81Kd_${'a'.repeat(38)}`, /API key, not a widget token/],
  ['that is an analytics key in quotes', `"an_live_3fGh81Kd_${'a'.repeat(38)}"`, /API key, not a widget token/],
  ['that is a security token', 'eyJhbGciOiJkaXIifQ..AAAA.BBBB.CCCC', /security token/],
])('a token %s gets its hint', (_name, text, hint) => {
  expect(parseWidgetToken(text)).toBeUndefined();
  expect(hintOnToken(text)).toMatch(hint);
});

test('a token in Base64url is the token itself: its characters are such that the two spellings are the same', () => {
  fc.assert(
    fc.property(
      fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/),
      fc.integer({ min: 0, max: 10 ** 11 }),
      (shopId, seconds) => {
        const bytes = Buffer.from(mintWidgetToken(shopId, seconds, KEY), 'base64');
        expect(parseWidgetToken(bytes.toString('base64url'))?.shopId).toBe(shopId);
      },
    ),
  );
});

test.each(['x', 'hello', 'AAAA', '!!!!'])('%s gets no hint that only guesses', (text) => {
  expect(hintOnToken(text)).toBeUndefined();
});

test('no text makes it throw, and no hint repeats the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 30 }), (text) => {
      expect(hintOnToken(text) ?? '').not.toContain(text);
    }),
  );
});
