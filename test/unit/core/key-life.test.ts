import fc from 'fast-check';
import { resetKeys, retireOldKey, rotateKey, undoRotation } from '../../../lambda/core/key-life.ts';
import { canVerify, isCredential, type Shop, type ShopKey } from '../../../lambda/core/shop.ts';
import {
  addOrigins,
  removeOrigins,
  revokeTokens,
  setSwitches,
  undoRevokeTokens,
} from '../../../lambda/core/shop-changes.ts';
import { testShop } from '../../support/shops.ts';

const DAY = 86_400;
const now = 1_700_000_000;
const key = (keyId: string): ShopKey => ({ keyId, sealed: `sealed-${keyId}`, createdAt: now });
const shop: Shop = { ...testShop().shop, keys: [key('first')] };
const rotate = (from: Shop, keyId: string, at: number, overlapSeconds = DAY, force = false) =>
  rotateKey(from, key(keyId), at, { overlapSeconds, force });
const ok = <Value>(result: { ok: true; value: Value } | { ok: false; reason: string }): Value => {
  if (!result.ok) throw new Error(result.reason);
  return result.value;
};
const named = (from: Shop, keyId: string): ShopKey =>
  from.keys.find((candidate) => candidate.keyId === keyId) as ShopKey;
const credentials = (from: Shop, at: number): string[] =>
  from.keys.filter((candidate) => isCredential(candidate, at)).map(({ keyId }) => keyId);

describe('a rotation', () => {
  test.each([0, 3_600, DAY, 7 * DAY])(
    'with an overlap of %d s keeps the old key exactly that long, and its tokens until they expire',
    (overlap) => {
      const rotated = ok(rotate(shop, 'second', now, overlap));
      const old = named(rotated, 'first');
      const lastStamp = now + overlap - 1;
      if (overlap > 0) expect(credentials(rotated, lastStamp)).toEqual(['first', 'second']);
      expect(credentials(rotated, now + overlap)).toEqual(['second']);
      expect(canVerify(old, lastStamp, lastStamp + DAY)).toBe(true);
      // A function that did not know of the end yet may have issued a token with 200: it lives for its day, too.
      expect(canVerify(old, now + overlap + 30, now + overlap + 30 + DAY)).toBe(true);
      expect(canVerify(old, now + overlap + 31, now + overlap + 31)).toBe(false);
      expect(canVerify(old, lastStamp, now + overlap + DAY + 300)).toBe(false);
    },
  );

  test('loses no call: every token that a credential could sign verifies for its whole life', () => {
    fc.assert(
      fc.property(fc.constantFrom(0, 3_600, DAY, 7 * DAY), fc.nat(8 * DAY), fc.nat(DAY - 1), (overlap, after, age) => {
        const rotated = ok(rotate(shop, 'second', now, overlap));
        for (const candidate of rotated.keys.filter((each) => isCredential(each, now + after))) {
          expect(canVerify(candidate, now + after, now + after + age)).toBe(true);
        }
      }),
    );
  });

  test('is refused while an earlier key still verifies, unless forced; never do more than two verify', () => {
    const once = ok(rotate(shop, 'second', now));
    for (const at of [now, now + DAY, now + 2 * DAY + 299])
      expect(rotate(once, 'third', at)).toEqual({ ok: false, reason: 'rotation_in_progress' });
    expect(rotate(once, 'third', now + 2 * DAY + 300).ok).toBe(true);
    const forced = ok(rotate(once, 'third', now + 10, DAY, true));
    expect(forced.keys.filter((each) => canVerify(each, now, now + 10)).map(({ keyId }) => keyId)).toEqual([
      'second',
      'third',
    ]);
  });

  test('can be ended early: the old key is no credential from now on, its tokens live on', () => {
    const rotated = ok(rotate(shop, 'second', now));
    const retired = ok(retireOldKey(rotated, now + 60));
    expect(credentials(retired, now + 60)).toEqual(['second']);
    expect(canVerify(named(retired, 'first'), now + 59, now + DAY)).toBe(true);
  });

  test('can be taken back while its overlap lasts; the successor’s tokens live on', () => {
    const undone = ok(undoRotation(ok(rotate(shop, 'second', now)), now + 60));
    expect(credentials(undone, now + 60)).toEqual(['first']);
    expect(named(undone, 'first')).toEqual(key('first'));
    expect(canVerify(named(undone, 'second'), now + 59, now + DAY)).toBe(true);
  });

  test.each([
    ['ended', retireOldKey],
    ['taken back', undoRotation],
  ])('can’t be %s when none is in its overlap', (_name, change) => {
    expect(change(shop, now)).toEqual({ ok: false, reason: 'no_rotation_in_progress' });
    expect(change(ok(rotate(shop, 'second', now)), now + DAY)).toEqual({
      ok: false,
      reason: 'no_rotation_in_progress',
    });
  });
});

test('a reset stops every old key and every token of theirs at once', () => {
  const reset = resetKeys(ok(rotate(shop, 'second', now)), key('third'), now + 5);
  expect(credentials(reset, now + 5)).toEqual(['third']);
  for (const keyId of ['first', 'second']) expect(canVerify(named(reset, keyId), now - 1, now + 5)).toBe(false);
});

test('a reset never gives an ended key a longer life', () => {
  const ended = ok(rotate(shop, 'second', now, 0));
  const reset = resetKeys(ended, key('third'), now + 10);
  expect(named(reset, 'first')).toMatchObject({ credentialUntil: now, verifyUntil: now + 10 });
});

test('ended keys leave the record after a week, so that it stays small', () => {
  let current = shop;
  for (let change = 0; change < 50; change += 1) current = resetKeys(current, key(`key${change}`), now + change * DAY);
  expect(current.keys.length).toBeLessThanOrEqual(9);
});

describe('revoking tokens', () => {
  test('can be undone once', () => {
    const before = { ...shop, tokensNotBefore: 7 };
    const revoked = revokeTokens(before, now);
    expect(revoked.tokensNotBefore).toBe(now);
    const restored = ok(undoRevokeTokens(revoked));
    expect(restored).toEqual(before);
    expect(undoRevokeTokens(restored)).toEqual({ ok: false, reason: 'nothing_to_undo' });
  });
});

describe('origins', () => {
  const rules = { production: false };

  test('are added once each, and removed', () => {
    const added = ok(
      addOrigins(shop, ['https://a.example.com', 'https://a.example.com', shop.origins[0] as string], rules),
    );
    expect(added.origins).toEqual([...shop.origins, 'https://a.example.com']);
    expect(ok(removeOrigins(added, ['https://a.example.com'])).origins).toEqual(shop.origins);
  });

  test.each([
    ['one that is none', () => addOrigins(shop, ['https://a.example.com/x'], rules), 'not_an_origin'],
    [
      'loopback in production',
      () => addOrigins(shop, ['http://localhost'], { production: true }),
      'loopback_in_production',
    ],
    [
      'the 51st',
      () =>
        addOrigins(
          shop,
          Array.from({ length: 50 }, (_, at) => `https://s${at}.example.com`),
          rules,
        ),
      'too_many_origins',
    ],
    ['removing a stranger', () => removeOrigins(shop, ['https://a.example.com']), 'unknown_origin'],
  ])('refuses %s', (_name, change, reason) => {
    expect(change()).toEqual({ ok: false, reason });
  });
});

test('switches are set one by one', () => {
  expect(setSwitches(shop, { disabled: true })).toEqual({ ...shop, disabled: true });
});
