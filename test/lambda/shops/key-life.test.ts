import fc from 'fast-check';
import { resetKeys, retireOldKey, rotateKey, undoRotation } from '#lambda/shops/key-life.ts';
import { canVerify, isCredential, isRevoked, type Shop, type ShopKey } from '#lambda/shops/shop.ts';
import {
  addOrigins,
  removeOrigins,
  revokeTokens,
  setSwitches,
  setUrl,
  undoRevokeTokens,
} from '#lambda/shops/shop-changes.ts';
import { testShop } from '#test/support/shops.ts';

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

  test('can be ended early: the old key is not a credential from now on, its tokens live on', () => {
    const rotated = ok(rotate(shop, 'second', now));
    const retired = ok(retireOldKey(rotated, now + 60));
    expect(credentials(retired, now + 60)).toEqual(['second']);
    expect(canVerify(named(retired, 'first'), now + 59, now + DAY)).toBe(true);
  });

  test("can be taken back while its overlap lasts; the successor's tokens live on", () => {
    const undone = ok(undoRotation(ok(rotate(shop, 'second', now)), now + 60));
    expect(credentials(undone, now + 60)).toEqual(['first']);
    expect(named(undone, 'first')).toEqual(key('first'));
    expect(canVerify(named(undone, 'second'), now + 59, now + DAY)).toBe(true);
  });

  test.each([
    ['ended', retireOldKey],
    ['taken back', undoRotation],
  ])("can't be %s when none is in its overlap", (_name, change) => {
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
  test('are added once each, and removed', () => {
    const added = ok(addOrigins(shop, ['https://a.example.com', 'https://a.example.com', shop.origins[0] as string]));
    expect(added.origins).toEqual([...shop.origins, 'https://a.example.com']);
    expect(ok(removeOrigins(added, ['https://a.example.com'])).origins).toEqual(shop.origins);
  });

  test.each([
    [
      'the 51st',
      () =>
        addOrigins(
          shop,
          Array.from({ length: 50 }, (_, at) => `https://s${at}.example.com`),
        ),
      'too_many_origins',
    ],
    ['removing a stranger', () => removeOrigins(shop, ['https://a.example.com']), 'unknown_origin'],
  ])('refuses %s', (_name, change, reason) => {
    expect(change()).toMatchObject({ ok: false, reason });
  });

  test.each(['HTTPS://A.example.com/', 'a.example.com', ' https://a.example.com:443'])(
    'are removed in the spelling %s, too',
    (given) => {
      const added = ok(addOrigins(shop, ['https://a.example.com']));
      expect(ok(removeOrigins(added, [given])).origins).toEqual(shop.origins);
    },
  );

  test('of an app are removed exactly as they are', () => {
    const added = ok(addOrigins(shop, ['capacitor://localhost']));
    expect(ok(removeOrigins(added, ['capacitor://localhost'])).origins).toEqual(shop.origins);
  });

  test('refuses to remove a stranger, and says which', () => {
    expect(removeOrigins(shop, [shop.origins[0] as string, 'https://a.example.com'])).toEqual({
      ok: false,
      reason: 'unknown_origin',
      detail: 'Check body member "origins[1]".',
    });
  });
});

test('switches are set one by one, and disabling notes since when', () => {
  const paused = setSwitches(shop, { issuingPaused: true }, now);
  expect(paused).toEqual({ ...shop, issuingPaused: true });
  const disabled = setSwitches(shop, { disabled: true }, now);
  expect(disabled).toEqual({ ...shop, disabled: true, disabledAt: now });
  expect(setSwitches(disabled, { disabled: true, requireOrigin: true }, now + 9)).toMatchObject({ disabledAt: now });
  expect(setSwitches(disabled, { disabled: false }, now + 9)).toEqual(shop);
});

describe('a new address', () => {
  const old = {
    ...shop,
    url: 'https://a.example.com',
    origins: ['https://a.example.com', 'https://www.a.example.com', 'https://x.example.com'],
  };
  const url = 'https://b.example.com';

  test.each<[string, { moveOrigins: boolean; exact: boolean }, string[]]>([
    ['leaves the origins as they are', { moveOrigins: false, exact: false }, old.origins],
    [
      'takes its origins along where asked, and leaves the others',
      { moveOrigins: true, exact: false },
      [url, 'https://www.b.example.com', 'https://x.example.com'],
    ],
    ['without its sibling where asked', { moveOrigins: true, exact: true }, [url, 'https://x.example.com']],
  ])('%s', (_name, how, origins) => {
    expect(ok(setUrl(old, { url, ...how }, true))).toEqual({ ...old, url, origins });
  });
});

describe('a revocation', () => {
  const isRefused = (issuedAt: number, at: number) => isRevoked({ tokensNotBefore: now }, issuedAt, at);

  test.each([
    ['stamped before it', now - 1, now + 5],
    ['stamped in its very second', now, now + 5],
    ['stamped 2 s ahead', now + 2, now + 1],
    ['stamped 299 s ahead', now + 299, now],
    ['stamped 300 s ahead', now + 300, now + 299],
  ])('refuses a token %s', (_name, issuedAt, at) => {
    expect(isRefused(issuedAt, at)).toBe(true);
  });

  test.each([
    ['that the gate issues in the same second', now + 1, now],
    ['of a server whose clock is right, once it is a second later', now + 2, now + 2],
    ['of such a server in the five minutes after it', now + 200, now + 200],
    ['stamped ahead that can only have been made after it', now + 301, now + 2],
  ])('accepts a token %s', (_name, issuedAt, at) => {
    expect(isRefused(issuedAt, at)).toBe(false);
  });

  test('refuses no token where there was none', () => {
    expect(isRevoked({ tokensNotBefore: 0 }, now + 299, now)).toBe(false);
  });
});
