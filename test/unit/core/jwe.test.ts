import { createSecretKey, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { CompactEncrypt, compactDecrypt } from 'jose';
import { open, type SealedFor, type SealingKeys, seal } from '../../../lambda/core/jwe.ts';

const rawKey = randomBytes(32);
const sealing: SealingKeys = {
  sealWith: 'rk_2',
  keys: new Map([
    ['rk_1', createSecretKey(randomBytes(32))],
    ['rk_2', createSecretKey(rawKey)],
  ]),
};
const sealedFor: SealedFor = { typ: 'shop-key', aud: 'widget-gate:000000000000:dev', sub: 'shop_a/k1234567' };
const header = { alg: 'dir', enc: 'A256GCM', kid: 'rk_2', ...sealedFor };
const sealed = seal('secret', sealing, sealedFor);
const segments = sealed.split('.');
const withSegment = (index: number, value: string): string =>
  segments.map((segment, at) => (at === index ? value : segment)).join('.');
const encodeHeader = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const flip = (segment: string): string => {
  const bytes = Buffer.from(segment, 'base64url');
  bytes[0] = (bytes[0] as number) ^ 1;
  return bytes.toString('base64url');
};

test('jose opens what we seal', async () => {
  const { plaintext, protectedHeader } = await compactDecrypt(sealed, rawKey);
  expect(Buffer.from(plaintext).toString()).toBe('secret');
  expect(protectedHeader).toEqual(header);
});

test('we open what jose seals', async () => {
  const theirs = await new CompactEncrypt(Buffer.from('secret')).setProtectedHeader(header).encrypt(rawKey);
  expect(open(theirs, sealing, sealedFor)).toEqual({ ok: true, value: 'secret' });
});

test('every text comes back, and no two seals of it are alike', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const once = seal(text, sealing, sealedFor);
      expect(once).not.toBe(seal(text, sealing, sealedFor));
      expect(open(once, sealing, sealedFor)).toEqual({ ok: true, value: text });
    }),
  );
});

describe('refuses', () => {
  test.each([
    ['nothing', '', 'malformed'],
    ['four segments', segments.slice(0, 4).join('.'), 'malformed'],
    ['six segments', `${sealed}.x`, 'malformed'],
    ['an encrypted key segment', withSegment(1, 'AAAA'), 'malformed'],
    ['a header that is no JSON', withSegment(0, 'AAAA'), 'malformed'],
    ['a header without a key id', withSegment(0, encodeHeader({ alg: 'dir' })), 'malformed'],
    ['an unknown ring key', withSegment(0, encodeHeader({ ...header, kid: 'rk_9' })), 'unknown_ring_key'],
    ['another known ring key', withSegment(0, encodeHeader({ ...header, kid: 'rk_1' })), 'tampered'],
    ['another algorithm', withSegment(0, encodeHeader({ ...header, alg: 'A256KW' })), 'wrong_context'],
    ['another cipher', withSegment(0, encodeHeader({ ...header, enc: 'A128GCM' })), 'wrong_context'],
    ['compression', withSegment(0, encodeHeader({ ...header, zip: 'DEF' })), 'wrong_context'],
    ['a critical extension', withSegment(0, encodeHeader({ ...header, crit: ['x'] })), 'wrong_context'],
    [
      'another order of the header',
      withSegment(0, encodeHeader({ aud: header.aud, ...Object.fromEntries(Object.entries(header).reverse()) })),
      'wrong_context',
    ],
    ['a flipped nonce', withSegment(2, flip(segments[2] as string)), 'tampered'],
    ['a short nonce', withSegment(2, (segments[2] as string).slice(4)), 'malformed'],
    ['a flipped ciphertext', withSegment(3, flip(segments[3] as string)), 'tampered'],
    ['no ciphertext', withSegment(3, ''), 'tampered'],
    ['a longer ciphertext', withSegment(3, `${segments[3]}AA`), 'tampered'],
    ['a flipped tag', withSegment(4, flip(segments[4] as string)), 'tampered'],
    [
      'a truncated tag',
      withSegment(
        4,
        Buffer.from(segments[4] as string, 'base64url')
          .subarray(0, 4)
          .toString('base64url'),
      ),
      'malformed',
    ],
    ['no tag', withSegment(4, ''), 'malformed'],
    ['padding', `${sealed}=`, 'malformed'],
    ['white space', ` ${sealed}`, 'malformed'],
  ])('%s', (_name, text, reason) => {
    expect(open(text, sealing, sealedFor)).toEqual({ ok: false, reason });
  });

  test.each([
    ['another kind of value', { ...sealedFor, typ: 'session' }],
    ['another deployment', { ...sealedFor, aud: 'widget-gate:000000000000:prod' }],
    ['another shop', { ...sealedFor, sub: 'shop_b/k1234567' }],
    ['another key', { ...sealedFor, sub: 'shop_a/k7654321' }],
    ['no subject', { typ: sealedFor.typ, aud: sealedFor.aud }],
  ])('a value sealed for %s', (_name, elsewhere) => {
    expect(open(sealed, sealing, elsewhere)).toEqual({ ok: false, reason: 'wrong_context' });
  });

  test('a value whose last Base64 bits are loose', () => {
    const loose = segments
      .map((segment, at) =>
        at === 4
          ? `${segment.slice(0, -1)}${segment.endsWith('A') ? 'B' : String.fromCharCode(segment.charCodeAt(21) + 1)}`
          : segment,
      )
      .join('.');
    expect(open(loose, sealing, sealedFor).ok).toBe(false);
  });

  test('any text, without throwing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(open(text, sealing, sealedFor).ok).toBe(false);
      }),
    );
  });
});

test('sealing without the key that seals is an error', () => {
  expect(() => seal('x', { sealWith: 'rk_3', keys: new Map() }, sealedFor)).toThrow('no key to seal with');
});
