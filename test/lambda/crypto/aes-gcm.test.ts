import { createSecretKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decrypt, encrypt } from '#lambda/crypto/aes-gcm.ts';

const file = JSON.parse(readFileSync(join(import.meta.dirname, '../../vectors/aes-256-gcm.json'), 'utf8')) as {
  readonly vectors: readonly string[];
  readonly otherNonceLengths: readonly string[];
};

function parseVector(line: string) {
  const [id, result, ...columns] = line.split(' ');
  const bytes = columns.map((hex) => Buffer.from(hex === '-' ? '' : hex, 'hex'));
  const [key, nonce, additionalData, plaintext, ciphertext, tag] = bytes as [
    Buffer,
    Buffer,
    Buffer,
    Buffer,
    Buffer,
    Buffer,
  ];
  return { id, result, key: createSecretKey(key), nonce, additionalData, plaintext, ciphertext, tag };
}

const vectors = file.vectors.map(parseVector);
const valid = vectors.filter(({ result }) => result === 'valid');
const invalid = vectors.filter(({ result }) => result === 'invalid');
const sample = valid.find(
  ({ plaintext, additionalData }) => plaintext.length > 16 && additionalData.length > 0,
) as (typeof valid)[number];

test("all of Wycheproof's vectors for our parameters are here", () => {
  expect([valid.length, invalid.length]).toEqual([39, 27]);
});

test.each(valid)('Wycheproof vector $id encrypts and decrypts to what it says', (vector) => {
  const { key, nonce, additionalData, plaintext, ciphertext, tag } = vector;
  expect(encrypt(plaintext, key, nonce, additionalData)).toEqual({ ciphertext, tag });
  expect(decrypt({ ciphertext, tag }, key, nonce, additionalData)).toEqual(plaintext);
});

test.each(invalid)("refuses Wycheproof's invalid vector $id", ({ key, nonce, additionalData, ciphertext, tag }) => {
  expect(decrypt({ ciphertext, tag }, key, nonce, additionalData)).toBeUndefined();
});

test.each(file.otherNonceLengths.map(parseVector).map((vector) => ({ ...vector, bytes: vector.nonce.length })))(
  'refuses a nonce of $bytes bytes (Wycheproof vector $id)',
  ({ key, nonce, additionalData, plaintext, ciphertext, tag }) => {
    expect(decrypt({ ciphertext, tag }, key, nonce, additionalData)).toBeUndefined();
    expect(() => encrypt(plaintext, key, nonce, additionalData)).toThrow('a nonce must have 12 bytes');
  },
);

test.each([0, 4, 8, 12, 15, 17, 32])('refuses a tag of %i bytes whose bytes are right', (bytes) => {
  const tag = Buffer.concat([sample.tag, Buffer.alloc(16)]).subarray(0, bytes);
  expect(decrypt({ ...sample, tag }, sample.key, sample.nonce, sample.additionalData)).toBeUndefined();
});

test.each(['ciphertext', 'tag', 'nonce', 'additionalData'] as const)('refuses any flipped bit of the %s', (member) => {
  for (let bit = 0; bit < sample[member].length * 8; bit += 1) {
    const flipped = Buffer.from(sample[member]);
    flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
    const vector = { ...sample, [member]: flipped };
    expect(decrypt(vector, vector.key, vector.nonce, vector.additionalData)).toBeUndefined();
  }
});

test.each([16, 24, 33])('refuses a key of %i bytes', (bytes) => {
  const key = createSecretKey(Buffer.alloc(bytes));
  const { plaintext, nonce, additionalData } = sample;
  expect(() => encrypt(plaintext, key, nonce, additionalData)).toThrow('Invalid key length');
  expect(() => decrypt(sample, key, nonce, additionalData)).toThrow('Invalid key length');
});
