import { RecordCache, type RecordCacheOptions } from '../../../lambda/services/record-cache.ts';

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
  now += 4_999;
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

test('a known record answers for five minutes while the store fails, then no longer', async () => {
  const cache = cacheOf();
  await cache.get('a');
  failing = true;
  now += 299_000;
  expect(await cache.get('a')).toBe('a@1000000');
  now += 1_000;
  await expect(cache.get('a')).rejects.toThrow('down');
});

test('while the store fails it is asked once a second, not once a call, and its repair is seen within a second', async () => {
  const cache = cacheOf();
  await cache.get('a');
  failing = true;
  now += 10_000;
  for (let call = 0; call < 100; call += 1) await cache.get('a');
  expect(loads).toHaveLength(2);
  failing = false;
  now += 1_000;
  expect(await cache.get('a')).toBe('a@1011000');
});

test('a value that must not outlive the store does not', async () => {
  const cache = cacheOf({ staleSeconds: () => 0 });
  await cache.get('a');
  failing = true;
  now += 6_000;
  await expect(cache.get('a')).rejects.toThrow('down');
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

  test('a record that is just no longer fresh answers, and the load goes on and is kept', async () => {
    const cache = slow();
    await cache.get('a');
    now += 6_000;
    expect(await settled(cache.get('a'))).toBe('old');
    now += 1_000;
    expect(await settled(cache.get('a'))).toBe('old');
    expect(loads).toEqual(['a', 'a']);
    release('new');
    await new Promise((resolve) => setImmediate(resolve));
    expect(cache.get('a')).toBe('new');
  });

  test('a record of half the published bound answers for no slow store: its caller waits', async () => {
    const cache = slow();
    await cache.get('a');
    now += 30_000;
    const call = cache.get('a');
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

test('what was forgotten is read anew, whatever a load under way at that moment brings', async () => {
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

test('while the store is seen failing a record answers at once, up to its end', async () => {
  let hangs = false;
  const cache = cacheOf({
    load: async (key) => {
      loads.push(key);
      if (hangs) return new Promise<string>(() => undefined);
      if (failing) throw new Error('down');
      return 'old';
    },
  });
  await cache.get('a');
  failing = true;
  now += 100_000;
  expect(await cache.get('a')).toBe('old');
  hangs = true;
  now += 5_000;
  expect(await cache.get('a')).toBe('old');
});
