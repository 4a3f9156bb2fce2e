import fc from 'fast-check';
import { limits } from '#contract/limits.ts';
import { parseRing, type Ring, writeRing } from '#lambda/ring/ring.ts';
import { addRingKey, opensAllOf, retireRingKeys } from '#lambda/ring/rotate-ring.ts';

const NOW = 1_800_000_000;
const secretOf = (number: number): string => String(number).padStart(64, 'x');
const ringOf = (numbers: readonly number[], supersededAt: Record<string, number> = {}): Ring => ({
  sealWith: `rk_${numbers.at(-1)}`,
  secrets: new Map(numbers.map((number) => [`rk_${number}`, secretOf(number)])),
  supersededAt: new Map(Object.entries(supersededAt)),
  addedAt: new Map(),
});
const idsOf = (ring: Ring): string[] => [...ring.secrets.keys()];

test('a new key gets the next number, seals, and is a secret of its own; all others still open', () => {
  const before = ringOf([1, 2, 9, 10]);
  const after = addRingKey(before, NOW);
  expect([after.sealWith, idsOf(after)]).toEqual(['rk_11', ['rk_1', 'rk_2', 'rk_9', 'rk_10', 'rk_11']]);
  expect(after.secrets.get('rk_11')).toMatch(/^[0-9A-Za-z]{64}$/);
  expect(addRingKey(before, NOW).secrets.get('rk_11')).not.toBe(after.secrets.get('rk_11'));
  expect([opensAllOf(after, before), opensAllOf(before, after)]).toEqual([true, false]);
});

test('what is written is read back the same', () => {
  const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 999_999 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(numbers, fc.nat(), (of, time) => {
      const ring = ringOf(of, { [`rk_${of[0]}`]: time });
      expect(parseRing(writeRing(ring))).toEqual({ ok: true, value: ring });
    }),
  );
});

const KEPT = limits.ringKeyKeptSeconds;

test.each<[string, Ring, string[] | undefined, string[]]>([
  ['superseded long ago and not referred to: dropped', ringOf([1, 2], { rk_1: NOW - KEPT }), ['rk_2'], ['rk_2']],
  ['superseded a second less long ago: kept', ringOf([1, 2], { rk_1: NOW - KEPT + 1 }), ['rk_2'], ['rk_1', 'rk_2']],
  ['still referred to: kept', ringOf([1, 2], { rk_1: 0 }), ['rk_1', 'rk_2'], ['rk_1', 'rk_2']],
  ['nobody knows what refers to it: kept', ringOf([1, 2], { rk_1: 0 }), undefined, ['rk_1', 'rk_2']],
  ['not noted yet: kept', ringOf([1, 2]), ['rk_2'], ['rk_1', 'rk_2']],
  ['sealing, whatever is noted: kept', ringOf([1], { rk_1: 0 }), [], ['rk_1']],
])('a key %s', (_name, ring, referenced, kept) => {
  const after = retireRingKeys(ring, referenced === undefined ? undefined : new Set(referenced), NOW, KEPT);
  expect(idsOf(after)).toEqual(kept);
  expect(after.supersededAt.has(after.sealWith)).toBe(false);
});

test('the time at which a key was first found to seal no more is noted once', () => {
  const noted = retireRingKeys(ringOf([1, 2]), new Set(), NOW, KEPT);
  expect([...noted.supersededAt]).toEqual([['rk_1', NOW]]);
  expect([...retireRingKeys(noted, new Set(), NOW + 5, KEPT).supersededAt]).toEqual([['rk_1', NOW]]);
});
