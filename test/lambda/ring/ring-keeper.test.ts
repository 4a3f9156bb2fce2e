import { RingKeeper } from '#lambda/ring/ring-keeper.ts';
import { MemoryRingStore, RING_TEXT, ringText, sealingKeysFor } from '#test/support/shops.ts';

const twoKeys = ringText({ rk_1: 'r'.repeat(64), rk_2: 's'.repeat(64) }, 'rk_2');
let now = 0;
let store: MemoryRingStore;
let ring: RingKeeper;

beforeEach(() => {
  now = 1_000_000;
  store = new MemoryRingStore();
  ring = new RingKeeper({ store, derive: sealingKeysFor('shop-key'), now: () => now, random: () => 0.5 });
});

test('a thousand first calls read the ring once', async () => {
  await Promise.all(Array.from({ length: 1_000 }, () => ring.keys()));
  expect(store.reads).toBe(1);
});

test('the ring is read again after five minutes', async () => {
  await ring.keys();
  store.text = twoKeys;
  now += 299_999;
  expect((await ring.keys()).sealWith).toBe('rk_1');
  now += 1;
  expect((await ring.keys()).sealWith).toBe('rk_2');
});

test.each([
  [0, 270_000],
  [0.999_999, 329_999],
])(
  'containers that drew %d read it again after %d ms: not all at once, and none a tenth later than five minutes',
  async (random, milliseconds) => {
    const own = new RingKeeper({
      store,
      derive: sealingKeysFor('shop-key'),
      now: () => now,
      random: () => random,
    });
    await own.keys();
    now += milliseconds - 1;
    await own.keys();
    expect(store.reads).toBe(1);
    now += 2;
    await own.keys();
    expect(store.reads).toBe(2);
  },
);

test.each([
  ['out of reach', (broken: MemoryRingStore) => Object.assign(broken, { failing: true })],
  ['malformed', (broken: MemoryRingStore) => Object.assign(broken, { text: '{}' })],
  ['truncated', (broken: MemoryRingStore) => Object.assign(broken, { text: RING_TEXT.slice(0, 40) })],
])('the last good ring is kept while the secret is %s, and never replaced by nothing', async (_name, breakStore) => {
  await ring.keys();
  breakStore(store);
  now += 400_000;
  expect((await ring.keys()).sealWith).toBe('rk_1');
  await ring.keys();
  expect(store.reads).toBe(2);
});

test('without any good read the caller gets the failure, and the next call tries again', async () => {
  store.text = '{}';
  await expect(ring.keys()).rejects.toThrow('malformed');
  store.text = RING_TEXT;
  expect((await ring.keys()).sealWith).toBe('rk_1');
});

test('an unknown ring key causes one read for all callers, and at most one in ten seconds', async () => {
  await ring.keys();
  store.text = twoKeys;
  const refreshed = await Promise.all(Array.from({ length: 100 }, () => ring.keysHolding('rk_2')));
  expect(refreshed.every(({ sealWith }) => sealWith === 'rk_2')).toBe(true);
  expect(store.reads).toBe(2);
  await Promise.all([ring.keysHolding('rk_3'), ring.keysHolding('rk_4')]);
  expect(store.reads).toBe(2);
  now += 10_000;
  await Promise.all([ring.keysHolding('rk_3'), ring.keysHolding('rk_4')]);
  expect(store.reads).toBe(3);
});

test('a value sealed with a key that was made while a read was under way gets a read of its own', async () => {
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const read = store.read.bind(store);
  jest.spyOn(store, 'read').mockImplementationOnce(async () => {
    await held;
    return RING_TEXT;
  });
  const early = ring.keys();
  const call = ring.keysHolding('rk_2');
  store.text = twoKeys;
  jest.spyOn(store, 'read').mockImplementation(read);
  release();
  expect((await early).sealWith).toBe('rk_1');
  expect((await call).keys.has('rk_2')).toBe(true);
});

test('what is sealed is sealed with a ring that was read at most ten seconds ago', async () => {
  await ring.newestKeys();
  store.text = twoKeys;
  now += 9_999;
  expect((await ring.newestKeys()).sealWith).toBe('rk_1');
  now += 1;
  expect((await ring.newestKeys()).sealWith).toBe('rk_2');
  expect(store.reads).toBe(2);
});

test('a clock that is set back does not make the ring look fresh for longer, nor put off the read for an unknown key', async () => {
  await ring.keys();
  store.text = twoKeys;
  now -= 3_600_000;
  expect((await ring.keys()).sealWith).toBe('rk_2');
  await ring.keysHolding('rk_3');
  const { reads } = store;
  now -= 3_600_000;
  await ring.keysHolding('rk_3');
  expect(store.reads).toBe(reads + 1);
});

test('a call that joined a read which had begun earlier and failed reads once more for itself', async () => {
  store.failing = true;
  const early = ring.keys().catch((error: unknown) => error);
  const call = ring.keys();
  store.failing = false;
  expect(await early).toBeInstanceOf(Error);
  expect((await call).sealWith).toBe('rk_1');
});
