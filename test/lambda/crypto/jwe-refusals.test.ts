import { createSecretKey, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { open, ringKeyOf, type SealedFor, type SealingKeys, seal } from '#lambda/crypto/jwe.ts';

const keys = new Map(['rk_1', 'rk_2'].map((id) => [id, createSecretKey(randomBytes(32))]));
const sealing: SealingKeys = { sealWith: 'rk_2', keys };
const sealedFor: SealedFor = { typ: 'shop-key', aud: 'widget-gate:000000000000:dev', sub: 'shop_a/k123456' };
const header = { alg: 'dir', enc: 'A256GCM', kid: 'rk_2', ...sealedFor };
const sealed = seal('a secret', sealing, sealedFor);
type Segments = [header: string, key: string, nonce: string, ciphertext: string, tag: string];
const segments = sealed.split('.') as Segments;
const [, , nonce, ciphertext, tag] = segments;

const withSegment = (index: number, value: string): string => segments.with(index, value).join('.');
const withHeaderText = (text: string): string => withSegment(0, Buffer.from(text).toString('base64url'));
const withHeader = (changes: object): string => withHeaderText(JSON.stringify({ ...header, ...changes }));
const cut = (segment: string, bytes: number): string =>
  Buffer.from(segment, 'base64url').subarray(0, bytes).toString('base64url');
const flip = (segment: string): string => {
  const bytes = Buffer.from(segment, 'base64url');
  bytes[0] = (bytes[0] as number) ^ 1;
  return bytes.toString('base64url');
};
/** The same bytes, with the loose last bits not zero. */
const loosen = (segment: string): string => {
  const loose = segment.slice(0, -1) + String.fromCharCode(segment.charCodeAt(segment.length - 1) + 1);
  if (!Buffer.from(loose, 'base64url').equals(Buffer.from(segment, 'base64url'))) throw new Error('no loose bits');
  return loose;
};

test.each([
  ['nothing', '', 'malformed'],
  ['four segments', segments.slice(0, 4).join('.'), 'malformed'],
  ['six segments', `${sealed}.x`, 'malformed'],
  ['a sixth segment that is empty', `${sealed}.`, 'malformed'],
  ['padding', `${sealed}==`, 'malformed'],
  ['white space before', ` ${sealed}`, 'malformed'],
  ['a line break after', `${sealed}\n`, 'malformed'],
  ['no header', withSegment(0, ''), 'malformed'],
  ['a header that is not a JSON', withSegment(0, 'AAAA'), 'malformed'],
  ['a header that is null', withHeaderText('null'), 'malformed'],
  ['a header without a key id', withHeader({ kid: undefined }), 'malformed'],
  ['a key id that is not a text', withHeader({ kid: 2 }), 'malformed'],
  ['an unknown ring key', withHeader({ kid: 'rk_9' }), 'unknown_ring_key'],
  ['another known ring key', withHeader({ kid: 'rk_1' }), 'tampered'],
  ['another algorithm', withHeader({ alg: 'A256KW' }), 'wrong_context'],
  ['no algorithm', withHeader({ alg: undefined }), 'wrong_context'],
  ['another cipher', withHeader({ enc: 'A128GCM' }), 'wrong_context'],
  ['compression', withHeader({ zip: 'DEF' }), 'wrong_context'],
  ['a critical extension', withHeader({ crit: ['x'] }), 'wrong_context'],
  ['white space in the header', withHeaderText(JSON.stringify(header, null, 1)), 'wrong_context'],
  ['a member twice', withHeaderText(JSON.stringify(header).replace('{', '{"alg":"dir",')), 'wrong_context'],
  [
    'another order',
    withHeaderText(JSON.stringify(Object.fromEntries(Object.entries(header).reverse()))),
    'wrong_context',
  ],
  ['loose bits after the header', withSegment(0, loosen(segments[0])), 'wrong_context'],
  ['an encrypted key', withSegment(1, 'AAAA'), 'malformed'],
  ['a flipped nonce', withSegment(2, flip(nonce)), 'tampered'],
  ['a nonce of 8 bytes', withSegment(2, cut(nonce, 8)), 'malformed'],
  ['a nonce of 16 bytes', withSegment(2, tag), 'malformed'],
  ['no nonce', withSegment(2, ''), 'malformed'],
  ['a flipped ciphertext', withSegment(3, flip(ciphertext)), 'tampered'],
  ['a shorter ciphertext', withSegment(3, cut(ciphertext, 7)), 'tampered'],
  ['a longer ciphertext', withSegment(3, `AAAA${ciphertext}`), 'tampered'],
  ['no ciphertext', withSegment(3, ''), 'tampered'],
  ['loose bits after the ciphertext', withSegment(3, loosen(ciphertext)), 'malformed'],
  ['a length that no bytes have', withSegment(3, 'AAAAA'), 'malformed'],
  ['padding of the ciphertext', withSegment(3, `${ciphertext}=`), 'malformed'],
  ['standard Base64', withSegment(3, '+/+/'), 'malformed'],
  ['a flipped tag', withSegment(4, flip(tag)), 'tampered'],
  ['a tag of 15 bytes', withSegment(4, cut(tag, 15)), 'malformed'],
  ['a tag of 12 bytes', withSegment(4, cut(tag, 12)), 'malformed'],
  ['a tag of 4 bytes', withSegment(4, cut(tag, 4)), 'malformed'],
  ['no tag', withSegment(4, ''), 'malformed'],
  ['loose bits after the tag', withSegment(4, loosen(tag)), 'malformed'],
])('refuses %s', (_name, text, reason) => {
  expect(open(text, sealing, sealedFor)).toEqual({ ok: false, reason });
});

test('refuses a sealed text with any one character replaced, removed or added', () => {
  fc.assert(
    fc.property(fc.nat(sealed.length), fc.nat(1), fc.string({ maxLength: 1 }), (at, removed, added) => {
      const other = sealed.slice(0, at) + added + sealed.slice(at + removed);
      expect(open(other, sealing, sealedFor).ok).toBe(other === sealed);
    }),
    { numRuns: 1_000 },
  );
});

test('refuses any text, without throwing', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(open(text, sealing, sealedFor).ok).toBe(false);
      expect(ringKeyOf(text)).toBeUndefined();
    }),
  );
});
