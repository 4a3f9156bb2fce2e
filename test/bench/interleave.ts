/** Nanoseconds per call of each contestant, median over the rounds. */
export type Medians<Name extends string> = Readonly<Record<Name, number>>;

const ROUNDS = 21;
const ROUND_MILLISECONDS = 30;

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number;

/**
 * Times contestants in turns, a short slice each per round, so that whatever else the machine does falls on all of them alike.
 * A contestant is a function that makes `times` calls; asynchronous ones return a promise.
 */
export async function interleave<Name extends string>(
  contestants: Readonly<Record<Name, (times: number) => unknown>>,
): Promise<Medians<Name>> {
  const names = Object.keys(contestants) as Name[];
  const batch = new Map<Name, number>();
  for (const name of names) batch.set(name, await calibrate(contestants[name]));
  const samples = new Map<Name, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const name of names) samples.get(name)?.push(await time(contestants[name], batch.get(name) as number));
  }
  return Object.fromEntries(names.map((name) => [name, median(samples.get(name) as number[])])) as Medians<Name>;
}

async function time(run: (times: number) => unknown, times: number): Promise<number> {
  const start = process.hrtime.bigint();
  await run(times);
  return Number(process.hrtime.bigint() - start) / times;
}

/** Warms a contestant up and finds how many calls fill a slice. */
async function calibrate(run: (times: number) => unknown): Promise<number> {
  let times = 64;
  for (;;) {
    const nanoseconds = (await time(run, times)) * times;
    if (nanoseconds > ROUND_MILLISECONDS * 1e6) return times;
    times *= 2;
  }
}
