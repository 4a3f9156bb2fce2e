import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { hmacSha256Hex, prepareHmacKey } from '#lambda/crypto/hmac.ts';

/** RFC 4231 §4, the cases with a full-length output. */
const rfc4231 = [
  {
    key: '0b'.repeat(20),
    data: '4869205468657265',
    mac: 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
  },
  {
    key: '4a656665',
    data: '7768617420646f2079612077616e7420666f72206e6f7468696e673f',
    mac: '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  },
  {
    key: 'aa'.repeat(20),
    data: 'dd'.repeat(50),
    mac: '773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe',
  },
  {
    key: '0102030405060708090a0b0c0d0e0f10111213141516171819',
    data: 'cd'.repeat(50),
    mac: '82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b',
  },
  {
    key: 'aa'.repeat(131),
    data: Buffer.from('Test Using Larger Than Block-Size Key - Hash Key First').toString('hex'),
    mac: '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
  },
  {
    key: 'aa'.repeat(131),
    data: Buffer.from(
      'This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm.',
    ).toString('hex'),
    mac: '9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2',
  },
];

test.each(rfc4231)('gives the RFC 4231 answer $mac', ({ key, data, mac }) => {
  expect(hmacSha256Hex(prepareHmacKey(Buffer.from(key, 'hex')), Buffer.from(data, 'hex'))).toBe(mac);
});

test.each([1, 63, 64, 65, 128])('agrees with createHmac for a key of %d bytes', (length) => {
  const key = Buffer.alloc(length, 'k');
  const mac = createHmac('sha256', key).update('message').digest('hex');
  expect(hmacSha256Hex(prepareHmacKey(key), Buffer.from('message'))).toBe(mac);
});

test('agrees with createHmac for every key and message', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1, maxLength: 200 }),
      fc.uint8Array({ maxLength: 1_024 }),
      (key, message) => {
        expect(hmacSha256Hex(prepareHmacKey(key), message)).toBe(
          createHmac('sha256', key).update(message).digest('hex'),
        );
      },
    ),
  );
});

test('refuses an empty key, with which anyone could sign', () => {
  expect(() => prepareHmacKey(Buffer.alloc(0))).toThrow(RangeError);
});

test('refuses a message longer than its buffer', () => {
  expect(() => hmacSha256Hex(prepareHmacKey(Buffer.from('k')), Buffer.alloc(1_025))).toThrow(RangeError);
});
