import { type Generated, issueCall, keyOf, sessionCall, strangersKey, unknownShop } from './calls.ts';
import type { ModelShop } from './model.ts';
import { makeToken, tampered } from './tokens.ts';
import type { World } from './world.ts';

type Kind = (world: World, shop: ModelShop, now: number) => Generated;

const kinds: readonly (readonly [weight: number, kind: Kind])[] = [
  [8, ({ random }, shop, now) => good(shop, now - random.below(60), random.pick([undefined, shop.origins[0]]))],
  [1, ({ random }, shop, now) => good(shop, now - 86_400 + random.below(3) * 30, undefined)],
  [1, ({ random }, shop, now) => good(shop, now + 299 + random.below(4), undefined)],
  [1, (_world, shop, now) => good(shop, now, 'https://foreign.example.net')],
  [1, (_world, shop, now) => withText('tampered token', shop, now, tampered(makeToken(shop.shopId, now, keyOf(shop))))],
  [1, (_world, shop, now) => withText('junk', shop, now, 'bm90IGEgdG9rZW4=')],
  [
    1,
    (world, shop, now) => sessionCall("another shop's key", { ...stamped(shop, now), signedBy: keyOf(anyShop(world)) }),
  ],
  [
    1,
    ({ random }, shop, now) =>
      sessionCall('any key it ever had', {
        ...stamped(shop, now - random.below(60)),
        signedBy: anyKey(shop, random.next()),
      }),
  ],
  [1, ({ random }, _shop, now) => unknownShop(random.below(2 ** 31), now)],
  [3, (_world, shop) => issueCall('issue', shop.shopId, keyOf(shop), shop.shopId)],
  [1, (_world, shop) => issueCall("issue, stranger's key", shop.shopId, strangersKey(), undefined)],
  [
    1,
    ({ random }, shop) =>
      issueCall('issue, any key it ever had', shop.shopId, anyKey(shop, random.next()), shop.shopId),
  ],
  [
    1,
    (world, shop) =>
      ((other) => issueCall("issue, another shop's key", shop.shopId, keyOf(other), other.shopId))(anyShop(world)),
  ],
];

const stamped = ({ shopId }: ModelShop, issuedAt: number) => ({ shopId, issuedAt });
const good = (shop: ModelShop, issuedAt: number, origin: string | undefined): Generated =>
  sessionCall('good or badly timed token', { ...stamped(shop, issuedAt), signedBy: keyOf(shop), origin });
const withText = (label: string, shop: ModelShop, now: number, text: string): Generated =>
  sessionCall(label, { ...stamped(shop, now), signedBy: undefined, text });
const anyShop = ({ oracle, random, shopIds }: World): ModelShop => oracle.historyOf(random.pick(shopIds)).current;

function anyKey({ keys }: ModelShop, draw: number): string {
  const known = keys.flatMap(({ apiKey }) => apiKey ?? []);
  return known[Math.floor(draw * known.length)] ?? strangersKey();
}

const weighted: readonly Kind[] = kinds.flatMap(([weight, kind]) => Array.from({ length: weight }, () => kind));

/** The next call of the mix, for one of these shops. */
export function anyCall(world: World, shopIds: readonly string[] = world.shopIds): Generated {
  return world.random.pick(weighted)(
    world,
    world.oracle.historyOf(world.random.pick(shopIds)).current,
    world.oracle.nowSeconds(),
  );
}
