import fc from 'fast-check';
import { limits } from '#contract/limits.ts';
import { RecordCache, readingTo } from '#lambda/platform/record-cache.ts';

/** Milliseconds: a record's life with its jitter. */
const LIFE = limits.shopCacheSeconds * 1_000 * (1 + limits.cacheJitterRatio);
/** The longest that a failed load lets expired records be used: two pauses and a load. */
const KNOWN_TO_FAIL = 3_000;
const CONTAINERS = 3;

/** What a record is read for: `unknown` is a refusal of a credential that the record may not know yet. */
type What = 'call' | 'refusal' | 'unknown';
const PURPOSES = { call: 'decide', refusal: 'refuse', unknown: 'refuse-unknown' } as const;

interface Happening {
  readonly at: number;
  readonly what: 'change' | What;
  readonly container: number;
}

interface Answer {
  readonly at: number;
  readonly endedAt: number;
  readonly what: What;
  readonly version: number | 'failed';
  readonly usedStandIn: boolean;
}

/** How long the store takes for a read that begins then, and whether it fails. */
type Store = (at: number) => { readonly milliseconds: number; readonly fails: boolean };

/** Containers with a cache each, one record, a store and a clock that is moved from event to event. */
async function run(happenings: readonly Happening[], store: Store, jitter: number) {
  let now = 0;
  let version = 0;
  const changes: number[] = [];
  const failures: number[] = [];
  const answers: Answer[] = [];
  const queue: { readonly at: number; readonly act: () => void }[] = happenings.map((each) => ({
    at: each.at,
    act: () => begin(each),
  }));
  const later = (milliseconds: number, act: () => void): void => {
    queue.push({ at: now + milliseconds, act });
  };
  const begun: number[] = [];
  // The caches wait by this clock, too.
  jest.spyOn(globalThis, 'setTimeout').mockImplementation(((act: () => void, ms: number) => later(ms, act)) as never);
  const load = (): Promise<number> =>
    new Promise((resolve, reject) => {
      begun.push(now);
      const { milliseconds, fails } = store(now);
      const read = version;
      later(milliseconds, () => {
        if (fails) failures.push(now);
        if (fails) reject(new Error('down'));
        else resolve(read);
      });
    });
  const caches = Array.from(
    { length: CONTAINERS },
    () =>
      new RecordCache<number>({
        load,
        freshSeconds: () => limits.shopCacheSeconds,
        staleSeconds: () => limits.shopStaleSeconds,
        maxEntries: 10,
        now: () => now,
        random: () => jitter,
      }),
  );
  const begin = ({ what, container, at }: Happening): void => {
    if (what === 'change') {
      version += 1;
      changes.push(at);
      return;
    }
    const reading = readingTo(PURPOSES[what]);
    const note = (got: number | 'failed'): void => {
      answers.push({ at, endedAt: now, what, version: got, usedStandIn: reading.usedStandIn });
    };
    Promise.resolve((caches[container] as RecordCache<number>).get('a', reading)).then(note, () => note('failed'));
  };
  while (queue.length > 0) {
    queue.sort((one, other) => one.at - other.at);
    const next = queue.shift() as (typeof queue)[number];
    now = Math.max(now, next.at);
    next.act();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { changes, failures, answers, begun };
}

afterEach(() => jest.restoreAllMocks());

const versionAt = (changes: readonly number[], time: number): number => changes.filter((at) => at <= time).length;

const happenings = fc.array(
  fc.record({
    at: fc.nat(40_000),
    what: fc.constantFrom<Happening['what'][]>('change', 'call', 'call', 'refusal', 'unknown'),
    container: fc.nat(CONTAINERS - 1),
  }),
  { minLength: 5, maxLength: 60 },
);

describe('while the store is healthy, however slow within its time-out', () => {
  test.each([0, 20, 100, 250, 595])(
    'and answering in %d ms, a change is in force after the life of a record',
    async (ms) =>
      fc.assert(
        fc.asyncProperty(happenings, fc.double({ min: 0, max: 1, noNaN: true }), async (events, jitter) => {
          const { changes, answers } = await run(events, () => ({ milliseconds: ms, fails: false }), jitter);
          for (const { at, what, version, usedStandIn } of answers) {
            expect(usedStandIn).toBe(false);
            const age = { call: LIFE, refusal: limits.refusalRecordMilliseconds + ms, unknown: 1 }[what];
            expect(version).toBeGreaterThanOrEqual(versionAt(changes, at - age));
          }
        }),
        { numRuns: 60 },
      ),
  );

  test('and answering now at once, now in 280 ms', async () =>
    fc.assert(
      fc.asyncProperty(happenings, async (events) => {
        let reads = 0;
        const store: Store = () => {
          reads += 1;
          return { milliseconds: reads % 2 === 0 ? 280 : 0, fails: false };
        };
        const { changes, answers } = await run(events, store, 1);
        for (const { at, version, usedStandIn } of answers) {
          expect(usedStandIn).toBe(false);
          expect(version).toBeGreaterThanOrEqual(versionAt(changes, at - LIFE));
        }
      }),
      { numRuns: 60 },
    ));
});

test.each([0, 20, 250])(
  'a flood of unknown credentials, the store taking %d ms, reads a record at most fifty times a second, and refuses none by an older read',
  async (milliseconds) => {
    const flood = Array.from({ length: 3_000 }, (_, at) => ({ at, what: 'unknown', container: 0 }) as const);
    const changes = [150, 777, 2_050].map((at) => ({ at, what: 'change', container: 0 }) as const);
    const { answers, begun, ...known } = await run([...flood, ...changes], () => ({ milliseconds, fails: false }), 0.5);
    expect(answers).toHaveLength(3_000);
    for (const { at, version } of answers) expect(version).toBeGreaterThanOrEqual(versionAt(known.changes, at - 1));
    const cold = begun.filter((at) => at <= milliseconds).length;
    expect(begun.length - cold).toBeGreaterThan(100);
    expect(begun.length - cold).toBeLessThanOrEqual(3_000 / limits.unknownCredentialReadMilliseconds + 1);
  },
);

test('an old record answers only soon after a load that failed, never for a refusal, and no longer than its bound', async () =>
  fc.assert(
    fc.asyncProperty(happenings, fc.nat(40_000), fc.nat(20_000), async (events, from, lasting) => {
      const store: Store = (at) => ({ milliseconds: 50, fails: at >= from && at < from + lasting });
      const { changes, failures, answers } = await run(events, store, 0.5);
      for (const { at, endedAt, what, version, usedStandIn } of answers) {
        if (version === 'failed') continue;
        if (what !== 'call') expect(usedStandIn).toBe(false);
        const seenFailing = failures.some((failedAt) => failedAt <= endedAt && failedAt > at - KNOWN_TO_FAIL);
        if (usedStandIn) expect(seenFailing).toBe(true);
        else expect(version).toBeGreaterThanOrEqual(versionAt(changes, at - LIFE));
        expect(version).toBeGreaterThanOrEqual(versionAt(changes, at - limits.shopStaleSeconds * 1_000));
      }
    }),
    { numRuns: 150 },
  ));
