import fc from 'fast-check';
import { limits } from '#contract/limits.ts';
import { open, ringKeyOf, seal } from '#lambda/crypto/jwe.ts';
import { deriveSealingKeys, parseRing, type Ring, settledKeys, writeRing } from '#lambda/ring/ring.ts';
import { addRingKey, retireRingKeys } from '#lambda/ring/rotate-ring.ts';

const NOW = 1_800_000_000;
const SETTLED = limits.ringSettledSeconds;
const KEPT = limits.ringKeyKeptSeconds;
const sealedFor = { typ: 'session-cookie', aud: 'a:1:dev' };
const first: Ring = {
  sealWith: 'rk_1',
  secrets: new Map([['rk_1', 'a'.repeat(64)]]),
  supersededAt: new Map(),
  addedAt: new Map(),
};
const keysOf = (ring: Ring) => deriveSealingKeys(ring, 'analytics', 'a:1:dev');
const sealerAt = (ring: Ring, now: number): string => settledKeys(keysOf(ring), SETTLED, now).sealWith;

test.each([
  ['at once', 0, 'rk_1'],
  ['a second too early', SETTLED - 1, 'rk_1'],
  ['once every cache has met it', SETTLED, 'rk_2'],
  ['a year later', 365 * 86_400, 'rk_2'],
  ['while the clock is an hour back', -3_600, 'rk_1'],
])('asked %s, %i s after a rotation, %s is what seals', (...[, after, sealer]) => {
  expect(sealerAt(addRingKey(first, NOW), NOW + after)).toBe(sealer);
});

test('what the new key sealed opens at once', () => {
  const keys = keysOf(addRingKey(first, NOW));
  const text = seal('{}', keys, sealedFor);
  expect(ringKeyOf(text)).toBe('rk_2');
  expect(open(text, settledKeys(keys, SETTLED, NOW), sealedFor)).toEqual({ ok: true, value: '{}' });
});

test('of two rotations in a row the newest settled key seals', () => {
  const ring = addRingKey(addRingKey(first, NOW), NOW + 100);
  expect([0, SETTLED, SETTLED + 99, SETTLED + 100].map((after) => sealerAt(ring, NOW + after))).toEqual([
    'rk_1',
    'rk_2',
    'rk_2',
    'rk_3',
  ]);
});

test('a ring in which nothing is settled seals all the same', () => {
  const ring = { ...first, addedAt: new Map([['rk_1', NOW]]) };
  expect(sealerAt(ring, NOW)).toBe('rk_1');
});

test('of keys without a time the last one seals, as the ring has it', () => {
  const secrets = new Map([...first.secrets, ['rk_2', 'b'.repeat(64)]]);
  expect(sealerAt({ ...first, secrets, sealWith: 'rk_2' }, NOW)).toBe('rk_2');
});

test('times of making are read back as they were written, and go with their key', () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 1, max: 5 }), (time, rotations) => {
      let ring = first;
      for (let made = 0; made < rotations; made += 1) ring = addRingKey(ring, time + made);
      expect(parseRing(writeRing(ring))).toEqual({ ok: true, value: ring });
      const noted = retireRingKeys(ring, new Set(), NOW, KEPT);
      const kept = retireRingKeys(noted, new Set(), NOW + KEPT, KEPT);
      expect([...kept.addedAt]).toEqual([[ring.sealWith, time + rotations - 1]]);
    }),
  );
});

test.each([1, null, [], { rk_1: '1' }, { rk_1: 1.5 }, { other: 1 }])('refuses addedAt %j', (addedAt) => {
  const text = JSON.stringify({ version: 1, sealWith: 'rk_1', rk_1: 'a'.repeat(64), addedAt });
  expect(parseRing(text)).toEqual({ ok: false, reason: 'malformed_ring' });
});
