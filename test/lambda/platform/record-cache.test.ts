import { limits } from '#contract/limits.ts';
import { RecordCache, type RecordCacheOptions, readingTo } from '#lambda/platform/record-cache.ts';

let now = 0;
let loads: string[] = [];
let failing = false;

const cacheOf = (options: Partial<RecordCacheOptions<string>> = {}): RecordCache<string> =>
  new RecordCache({
    load: async (key) => {
      loads.push(key);
      if (failing) throw new Error('down');
      return `${key}@${now}`;
    },
    freshSeconds: () => 5,
    staleSeconds: () => 300,
    maxEntries: 3,
    now: () => now,
    random: () => 0.5,
    ...options,
  });

beforeEach(() => {
  now = 1_000_000;
  loads = [];
  failing = false;
});

test('a fresh record answers at once and without a load', async () => {
  const cache = cacheOf();
  await cache.get('a');
  now += 3_999;
  expect(cache.get('a')).toBe('a@1000000');
  expect(loads).toEqual(['a']);
});

test('a record is loaded again when its time is up', async () => {
  const cache = cacheOf();
  await cache.get('a');
  now += 5_000;
  expect(await cache.get('a')).toBe('a@1005000');
});

test.each([
  [0, 4_500],
  [0.999_999, 5_499],
])('with the jitter %d a record is fresh for %d ms', async (random, milliseconds) => {
  const cache = cacheOf({ random: () => random });
  await cache.get('a');
  now += milliseconds - 1;
  expect(cache.get('a')).toBe('a@1000000');
  now += 2;
  expect(cache.get('a')).toBeInstanceOf(Promise);
});

test('a clock that is set back makes no record look fresh for longer, nor served stale for longer', async () => {
  const cache = cacheOf();
  await cache.get('a');
  now -= 3_600_000;
  expect(await cache.get('a')).toBe(`a@${now}`);
  failing = true;
  now -= 3_600_000;
  await expect(cache.get('a')).rejects.toThrow('down');
});

test('a thousand first calls make one load', async () => {
  const cache = cacheOf();
  const values = await Promise.all(Array.from({ length: 1_000 }, () => cache.get('a')));
  expect(new Set(values).size).toBe(1);
  expect(loads).toEqual(['a']);
});

test('a failed load is not remembered: the next call tries again', async () => {
  const cache = cacheOf();
  failing = true;
  await expect(cache.get('a')).rejects.toThrow('down');
  failing = false;
  expect(await cache.get('a')).toBe('a@1000000');
});

describe('while the store fails', () => {
  test('a known record is used for five minutes, then no longer', async () => {
    const cache = cacheOf();
    await cache.get('a');
    failing = true;
    now += 299_000;
    const reading = readingTo('decide');
    expect(await cache.get('a', reading)).toBe('a@1000000');
    expect(reading.usedStandIn).toBe(true);
    now += 1_000;
    await expect(cache.get('a', readingTo('decide'))).rejects.toThrow('down');
  });

  test.each([
    ['for a refusal', readingTo('refuse')],
    ['for a caller that did not ask for one', undefined],
  ])('no record past its life is used %s', async (_name, reading) => {
    const cache = cacheOf();
    await cache.get('a');
    failing = true;
    now += 10_000;
    await cache.get('a', readingTo('decide'));
    await expect(cache.get('a', reading)).rejects.toThrow('down');
  });

  test('a value that must not outlive the store does not', async () => {
    const cache = cacheOf({ staleSeconds: () => 0 });
    await cache.get('a');
    failing = true;
    now += 6_000;
    await expect(cache.get('a', readingTo('decide'))).rejects.toThrow('down');
  });

  test('it is asked once a second, not once a call, and its repair is seen within a second', async () => {
    const cache = cacheOf();
    await cache.get('a');
    failing = true;
    now += 10_000;
    for (let call = 0; call < 100; call += 1) await cache.get('a', readingTo('decide'));
    expect(loads).toHaveLength(2);
    failing = false;
    now += 1_000;
    expect(cache.get('a', readingTo('decide'))).toBe('a@1000000');
    await new Promise((resolve) => setImmediate(resolve));
    expect(cache.get('a', readingTo('decide'))).toBe('a@1011000');
  });

  test('a record is used at once where the store has just been seen failing, and not where that was a while ago', async () => {
    let hangs = false;
    const cache = cacheOf({
      load: async () => {
        if (hangs) return new Promise<string>(() => undefined);
        if (failing) throw new Error('down');
        return 'old';
      },
    });
    await cache.get('a');
    failing = true;
    now += 100_000;
    expect(await cache.get('a', readingTo('decide'))).toBe('old');
    hangs = true;
    now += 2_999;
    expect(cache.get('a', readingTo('decide'))).toBe('old');
    now += 1;
    expect(cache.get('a', readingTo('decide'))).toBeInstanceOf(Promise);
  });
});

test('a record in memory is loaded again before it refuses, and then refuses for a second', async () => {
  const cache = cacheOf();
  await cache.get('a');
  now += 1;
  expect(await cache.get('a', readingTo('refuse'))).toBe('a@1000001');
  now += limits.refusalRecordMilliseconds - 1;
  expect(cache.get('a', readingTo('refuse'))).toBe('a@1000001');
  now += 1;
  expect(await cache.get('a', readingTo('refuse'))).toBe('a@1001001');
});

test("refusals join no load that began for a decision, and one another's", async () => {
  const releases: ((value: string) => void)[] = [];
  const cache = cacheOf({ load: () => new Promise((resolve) => releases.push(resolve)) });
  const decision = cache.get('a', readingTo('decide'));
  const refusals = [cache.get('a', readingTo('refuse')), cache.get('a', readingTo('refuse'))];
  expect(releases).toHaveLength(2);
  releases[1]?.('after the change');
  releases[0]?.('before the change');
  expect(await Promise.all([decision, ...refusals])).toEqual([
    'before the change',
    ...Array(2).fill('after the change'),
  ]);
  expect(cache.get('a')).toBe('after the change');
});

test('a refusal of an unknown credential joins no load that has begun, whatever for, and others of that time share it', async () => {
  const releases: ((value: string) => void)[] = [];
  const cache = cacheOf({ load: () => new Promise((resolve) => releases.push(resolve)) });
  const first = cache.get('a', readingTo('refuse'));
  const unknown = cache.get('a', readingTo('refuse-unknown'));
  expect(releases).toHaveLength(2);
  expect([cache.get('a', readingTo('refuse')), cache.get('a')].every((each) => each instanceof Promise)).toBe(true);
  expect(releases).toHaveLength(2);
  releases[0]?.('before the change');
  releases[1]?.('after the change');
  expect(await Promise.all([first, unknown])).toEqual(['before the change', 'after the change']);
  expect(cache.get('a')).toBe('after the change');
});

test('a record that was loaded to refuse a moment ago refuses no unknown credential', async () => {
  const cache = cacheOf();
  await cache.get('a', readingTo('refuse'));
  now += 1;
  expect(await cache.get('a', readingTo('refuse-unknown'))).toBe('a@1000001');
});

test('a load that is joined counts as in memory already: it may have begun before what a call presents was made', async () => {
  const cache = cacheOf({ load: () => new Promise((resolve) => setImmediate(resolve, 'a')) });
  const [first, second] = [readingTo('decide'), readingTo('decide')];
  const loads = [cache.get('a', first)];
  now += 100;
  loads.push(cache.get('a', second));
  await Promise.all(loads);
  expect([first.ageMilliseconds, second.ageMilliseconds]).toEqual([-1, 100]);
});

test('a reading knows the age of the oldest record that was in memory', async () => {
  const cache = cacheOf();
  await cache.get('a');
  now += 2_000;
  const first = readingTo('decide');
  await cache.get('b', first);
  expect(first.ageMilliseconds).toBe(-1);
  now += 1_000;
  const reading = readingTo('decide');
  for (const key of ['b', 'a', 'b']) cache.get(key, reading);
  expect(reading).toMatchObject({ ageMilliseconds: 3_000, usedStandIn: false });
});

test.each([
  ['250 ms', 250, 500],
  ['2 s', 2_000, 1_000],
])('a record whose load took %s is loaded again before its end, while it still answers', async (_name, took, ahead) => {
  const cache = cacheOf({
    load: async (key) => {
      loads.push(key);
      const value = `${key}@${now}`;
      now += took;
      return value;
    },
  });
  await cache.get('a');
  now = 1_000_000 + 5_000 - ahead - 1;
  expect(cache.get('a')).toBe('a@1000000');
  expect(loads).toHaveLength(1);
  now += 1;
  expect(cache.get('a')).toBe('a@1000000');
  expect(loads).toHaveLength(2);
  await new Promise((resolve) => setImmediate(resolve));
  expect(cache.get('a')).toBe(`a@${1_000_000 + 5_000 - ahead}`);
});

test('a record whose load took no time is read no more often than its life says', async () => {
  const cache = cacheOf();
  for (now = 1_000_000; now < 1_100_000; now += 10) await cache.get('a');
  expect(loads).toHaveLength(20);
});

test('age counts from before the read, however slow the store is', async () => {
  const cache = cacheOf({
    load: async () => {
      now += 4_000;
      return 'slow';
    },
  });
  await cache.get('a');
  now += 1_000;
  expect(cache.get('a')).toBeInstanceOf(Promise);
});

test('the size is bounded and a flood of unknown keys does not push out a record in use', async () => {
  const cache = cacheOf();
  await cache.get('used');
  for (let stranger = 0; stranger < 1_000; stranger += 1) {
    expect(cache.get('used')).toBe('used@1000000');
    await cache.get(`stranger-${stranger}`);
    expect(cache.size).toBeLessThanOrEqual(3);
  }
});

describe('while the store is slow', () => {
  let release: (value: string) => void;
  const slow = (): RecordCache<string> => {
    let first = true;
    return cacheOf({
      load: (key) => {
        loads.push(key);
        if (first) {
          first = false;
          return Promise.resolve('old');
        }
        return new Promise((resolve) => {
          release = resolve;
        });
      },
    });
  };
  const settled = async (promise: string | Promise<string>): Promise<string> =>
    Promise.race([promise, new Promise<string>((resolve) => setTimeout(resolve, 200, 'waiting'))]);

  test.each([
    ['a decision', readingTo('decide')],
    ['a refusal', readingTo('refuse')],
    ['any other caller', undefined],
  ])('%s waits for the load of a record past its life', async (_name, reading) => {
    const cache = slow();
    await cache.get('a');
    now += 5_500;
    const call = cache.get('a', reading);
    expect(await settled(call)).toBe('waiting');
    release('new');
    expect(await call).toBe('new');
  });

  test('a load that froze with its container is not waited for, and does not overwrite what was loaded after it', async () => {
    const cache = slow();
    await cache.get('a');
    now += 6_000;
    await settled(cache.get('a'));
    const thawed = release;
    now += 200_000;
    const call = cache.get('a');
    expect(loads).toHaveLength(3);
    release('new');
    expect(await call).toBe('new');
    thawed('from long ago');
    await new Promise((resolve) => setImmediate(resolve));
    expect(cache.get('a')).toBe('new');
  });
});

test('a load ahead that times out because it was frozen with its container does not let an old record be used', async () => {
  let fail = (): void => undefined;
  let loaded = 0;
  const cache = cacheOf({
    load: async () => {
      loaded += 1;
      if (loaded === 1) now += 500;
      if (loaded !== 2) return `load ${loaded}`;
      return new Promise((_resolve, reject) => {
        fail = () => reject(new Error('time-out'));
      });
    },
  });
  await cache.get('a');
  now += 4_000;
  expect(cache.get('a', readingTo('decide'))).toBe('load 1');
  now += 60_000;
  fail();
  await new Promise((resolve) => setImmediate(resolve));
  const reading = readingTo('decide');
  expect(await cache.get('a', reading)).toBe('load 3');
  expect(reading.usedStandIn).toBe(false);
});

test('what was forgotten is read again, whatever a load under way at that moment brings', async () => {
  const releases: ((value: string) => void)[] = [];
  const cache = cacheOf({ load: () => new Promise((resolve) => releases.push(resolve)) });
  const early = cache.get('a');
  cache.forget('a');
  releases[0]?.('before the change');
  expect(await early).toBe('before the change');
  const late = cache.get('a');
  releases[1]?.('after the change');
  expect(await late).toBe('after the change');
  expect(cache.get('a')).toBe('after the change');
});
