import { createSecretKey, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { CompactEncrypt, compactDecrypt } from 'jose';
import { open, ringKeyOf, type SealedFor, type SealingKeys, seal } from '#lambda/crypto/jwe.ts';

const rawKey = randomBytes(32);
const sealing: SealingKeys = { sealWith: 'rk_2', keys: new Map([['rk_2', createSecretKey(rawKey)]]) };
const sealedFor: SealedFor = { typ: 'shop-key', aud: 'widget-gate:000000000000:dev', sub: 'shop_a/k1' };
const headerFor = (place: SealedFor) => ({ alg: 'dir', enc: 'A256GCM', kid: 'rk_2', ...place });
const anyText = fc.string({ unit: 'binary' });
const anyPayload = fc.oneof(fc.constantFrom('', 'x'.repeat(6_144), '€'.repeat(2_048)), anyText);
const anyPlace = fc.oneof(
  fc.record({ typ: anyText, aud: anyText }),
  fc.record({ typ: anyText, aud: anyText, sub: anyText }),
);

test('jose opens whatever we seal, and finds the header that we state', async () => {
  const only = { keyManagementAlgorithms: ['dir'], contentEncryptionAlgorithms: ['A256GCM'] };
  await fc.assert(
    fc.asyncProperty(anyPayload, anyPlace, async (text, place) => {
      const { plaintext, protectedHeader } = await compactDecrypt(seal(text, sealing, place), rawKey, only);
      expect([Buffer.from(plaintext).toString(), protectedHeader]).toEqual([text, headerFor(place)]);
    }),
  );
});

test('we open whatever jose seals under the same header', async () => {
  await fc.assert(
    fc.asyncProperty(anyPayload, anyPlace, async (text, place) => {
      const encrypt = new CompactEncrypt(Buffer.from(text)).setProtectedHeader(headerFor(place));
      expect(open(await encrypt.encrypt(rawKey), sealing, place)).toEqual({ ok: true, value: text });
    }),
  );
});

test('every text comes back, and no two seals of it are alike', () => {
  fc.assert(
    fc.property(anyPayload, (text) => {
      const once = seal(text, sealing, sealedFor);
      expect(once).not.toBe(seal(text, sealing, sealedFor));
      expect(open(once, sealing, sealedFor)).toEqual({ ok: true, value: text });
    }),
  );
});

test.each([
  ['another kind of value', { ...sealedFor, typ: 'session' }],
  ['another deployment', { ...sealedFor, aud: 'widget-gate:000000000000:prod' }],
  ['another shop', { ...sealedFor, sub: 'shop_b/k1' }],
  ['another key', { ...sealedFor, sub: 'shop_a/k2' }],
  ['no subject', { typ: sealedFor.typ, aud: sealedFor.aud }],
])('refuses a value sealed for %s', (_name, elsewhere) => {
  const value = seal('a secret', sealing, elsewhere);
  expect(open(value, sealing, elsewhere).ok).toBe(true);
  expect(open(value, sealing, sealedFor)).toEqual({ ok: false, reason: 'wrong_context' });
});

test('the ring key of a sealed text is returned without opening it', () => {
  expect(ringKeyOf(seal('x', sealing, sealedFor))).toBe('rk_2');
});

test('sealing without the key that seals is an error', () => {
  expect(() => seal('x', { sealWith: 'rk_3', keys: new Map() }, sealedFor)).toThrow('no key to seal with');
});
