import { setTimeout } from 'node:timers/promises';
import { seal } from '#lambda/crypto/jwe.ts';
import { deriveSealingKeys } from '#lambda/ring/ring.ts';
import { SHOP_KEY_PURPOSE } from '#lambda/shops/shop-key-sealing.ts';
import { Callers } from '../callers.ts';
import { type HostedWorld, inHosted } from '../gates.ts';
import type { ModelShop } from '../model.ts';
import type { Random } from '../random.ts';
import { mustHold, type Row, rowOf } from '../report.ts';
import { ringOf, ringVersionsOf } from '../ring-secret.ts';
import { type AnyItem, shopItemsOf } from '../shop-items.ts';
import { settlingTime } from './administration.ts';

const SHOPS = 20;

type Damage = (item: AnyItem, sealEmpty: (item: AnyItem) => string, other: AnyItem) => AnyItem;
const withSealed = (item: AnyItem, sealed: string): AnyItem => ({
  ...item,
  keys: item.keys.map((key) => ({ ...key, sealed })),
});
const sealedOf = ({ keys }: AnyItem): string => keys[0]?.sealed as string;

const damages: readonly (readonly [kind: ModelShop['damage'], damage: Damage])[] = [
  [
    'sealed',
    (item) =>
      withSealed(
        item,
        sealedOf(item).replace(
          /\.([^.])([^.]*)\.([^.]+)$/,
          (_all, first, rest, tag) => `.${first === 'A' ? 'B' : 'A'}${rest}.${tag}`,
        ),
      ),
  ],
  ['sealed', (item) => withSealed(item, sealedOf(item).replace(/\.([^.]{6})[^.]*$/, '.$1'))],
  ['sealed', (item, _sealEmpty, other) => withSealed(item, sealedOf(other))],
  ['sealed', (item, sealEmpty) => withSealed(item, sealEmpty(item))],
  ['item', (item) => withSealed(item, '')],
  ['item', (item) => ({ ...item, disabled: 'no' })],
  ['item', (item) => ({ ...item, schemaVersion: 2 })],
];

/** Damages records in every way, one shop each: those shops get 503, all others are served; put right, they are served again. */
export const corruptRecords = (random: Random, { milliseconds = 3_000, share = 1 } = {}): Promise<Row[]> =>
  inHosted(random, { shops: SHOPS }, async (hosted) => {
    const { world } = hosted;
    const items = shopItemsOf(hosted);
    const sealEmpty = await emptyKeySealer(hosted);
    const put = async (item: AnyItem, damage: ModelShop['damage']): Promise<void> => {
      const history = world.oracle.historyOf(item.shopId as string);
      const begunAt = Date.now();
      await items.write(item);
      history.add({ ...history.current, damage }, begunAt, Date.now());
    };
    const callers = new Callers(world);
    const [other, ...victims] = await Promise.all(world.shopIds.slice(0, damages.length + 1).map(items.read));
    for (const [at, item] of victims.entries()) {
      const [kind, damage] = damages[at] as (typeof damages)[number];
      await put(damage(item, sealEmpty, other as AnyItem), kind);
    }
    const damagedWithin = await settlingTime(world);
    await setTimeout(milliseconds);
    for (const item of victims) await put(item, 'none');
    const recoveryMilliseconds = await settlingTime(world);
    const row = rowOf(`${victims.length} corrupt records, one a copy of another shop's`, world, await callers.stop(), {
      recoveryMilliseconds,
      bounds: {
        'damage and repair hold everywhere within 10 s': Math.max(damagedWithin, recoveryMilliseconds) <= 10_000,
      },
    });
    return [
      mustHold(row, {
        'all shops that are whole are served': ({ owed, owedServed }) => owed > 0 && owedServed >= share * owed,
      }),
    ];
  });

/** Seals a key of no length for its very place, as only a holder of the ring could. */
async function emptyKeySealer(hosted: HostedWorld): Promise<(item: AnyItem) => string> {
  const { deployment } = shopItemsOf(hosted);
  const ring = ringOf((await ringVersionsOf(hosted).readCurrent()).text);
  const keys = deriveSealingKeys(ring, SHOP_KEY_PURPOSE, deployment);
  return ({ shopId, keys: [key] }) =>
    seal('', keys, { typ: SHOP_KEY_PURPOSE, aud: deployment, sub: `${shopId}/${key?.keyId}` });
}
