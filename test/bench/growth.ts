import { limits } from '#contract/limits.ts';
import { prepareHmacKey } from '#lambda/crypto/hmac.ts';
import { RingKeeper } from '#lambda/ring/ring-keeper.ts';
import { createVerifiableShops } from '#lambda/shops/verifiable-shops.ts';
import { authorizeWidgetCall } from '#lambda/widget-tokens/authorize-widget-call.ts';
import { mintWidgetToken } from '#lambda/widget-tokens/widget-token.ts';
import {
  DEPLOYMENT,
  MemoryRingStore,
  MemoryShopStore,
  sealingKeysFor,
  type TestShop,
  testShop,
} from '../support/shops.ts';
import { interleave } from './interleave.ts';
import { information, type Row, valueAtMost } from './report.ts';

const SIZES = [10, 1_000, 100_000] as const;
const ACTIVE = 64;
const CONTAINERS = 4;

/** Containers of one authorizer over one table, with a clock that is frozen unless moved. */
function fleet(store: MemoryShopStore, containers: number) {
  const clock = { now: () => time, random: () => 0.5 };
  let time = Date.now();
  const shops = Array.from({ length: containers }, () =>
    createVerifiableShops({
      store,
      ring: new RingKeeper({ store: new MemoryRingStore(), derive: sealingKeysFor('shop-key'), ...clock }),
      deployment: DEPLOYMENT,
      stageOrigins: [],
      ...clock,
    }),
  );
  return {
    shops,
    seconds: () => Math.floor(time / 1_000),
    advance: (milliseconds: number): void => {
      time += milliseconds;
    },
  };
}

function storeOf(size: number, template: TestShop): MemoryShopStore {
  const store = new MemoryShopStore();
  for (let at = 0; at < ACTIVE && at < size; at += 1) {
    const { shop } = testShop(`shop_${at}`);
    store.put(shop.shopId, shop);
  }
  // The rest are there to be many; they are read as unknown ids are, and never verified.
  for (let at = ACTIVE; at < size; at += 1)
    store.records.set(`shop_${at}`, { kind: 'found', value: { ...template.shop, shopId: `shop_${at}`, keys: [] } });
  return store;
}

/** Row 11: what a decision costs, and what a container holds, as the number of shops grows. */
export async function growthRows(): Promise<Row[]> {
  const template = testShop('shop_template');
  const contestants: Record<string, (times: number) => void> = {};
  const kilobytes: number[] = [];
  for (const size of SIZES) {
    const store = storeOf(size, template);
    const active = Array.from({ length: Math.min(ACTIVE, size) }, (_unused, at) => testShop(`shop_${at}`));
    for (const { shop } of active) store.put(shop.shopId, shop);
    const { shops, seconds } = fleet(store, 1);
    const cache = shops[0] as (typeof shops)[number];
    globalThis.gc?.();
    const before = process.memoryUsage().heapUsed;
    for (let at = 0; at < size; at += 1) await cache.get(`shop_${at}`);
    globalThis.gc?.();
    kilobytes.push((process.memoryUsage().heapUsed - before) / 1_024);
    const tokens = active.map(({ shop, apiKey }) =>
      mintWidgetToken(shop.shopId, seconds(), prepareHmacKey(Buffer.from(apiKey))),
    );
    for (const { shop } of active) await cache.get(shop.shopId);
    contestants[String(size)] = (times) => {
      for (let i = 0; i < times; i += 1) {
        const decision = authorizeWidgetCall(
          { tokens: [tokens[i % tokens.length] as string], origins: [] },
          cache,
          seconds(),
        );
        if (decision instanceof Promise || decision.outcome !== 'allowed')
          throw new Error('a warm decision was not to allow');
      }
    };
  }
  const medians = await interleave(contestants);
  const at = (size: number): number => medians[String(size)] as number;
  return [
    information(
      '11',
      'decision at 10, 1,000, 100,000 shops',
      SIZES.map((size) => `${(at(size) / 1_000).toFixed(2)} µs`).join(', '),
    ),
    valueAtMost('11', 'decision at 100,000 shops ÷ at 10 (flat)', at(100_000) / at(10), 1.25, '×'),
    information(
      '11',
      'heap of one container at 10, 1,000, 100,000 shops',
      kilobytes.map((kB) => `${kB.toFixed(0)} kB`).join(', '),
    ),
    await readsRow(),
  ];
}

/** Store reads per second of one busy shop over several containers, against containers ÷ TTL. */
async function readsRow(): Promise<Row> {
  const store = new MemoryShopStore();
  const { shop, apiKey } = testShop('shop_busy');
  store.put(shop.shopId, shop);
  const { shops, seconds, advance } = fleet(store, CONTAINERS);
  const token = mintWidgetToken(shop.shopId, seconds(), prepareHmacKey(Buffer.from(apiKey)));
  const simulatedSeconds = 600;
  for (let tick = 0; tick < simulatedSeconds * 20; tick += 1) {
    advance(50);
    for (const cache of shops) await authorizeWidgetCall({ tokens: [token], origins: [] }, cache, seconds());
  }
  const bound = CONTAINERS / limits.shopCacheSeconds;
  return valueAtMost(
    '11',
    `store reads per second of one shop, ${CONTAINERS} containers`,
    store.reads / simulatedSeconds,
    bound,
    '/s',
  );
}
