import { setTimeout } from 'node:timers/promises';
import { refusedLocal } from '#test/support/local-process.ts';
import { Callers, callAll } from '../callers.ts';
import { type ChildWorld, startChild, temporaryDirectory } from '../gates.ts';
import type { Random } from '../random.ts';
import { everyGoodCall, fillCaches, recovers, recoveryOf } from '../recovery.ts';
import { allServed, mustHold, type Row, rowOf } from '../report.ts';

const ALL_SERVED = { 'all that the model allows is served': allServed };

/** Runs something against a gate in its own process, and ends that process whatever happens. */
async function inChild(random: Random, shops: number, run: (gate: ChildWorld) => Promise<Row[]>): Promise<Row[]> {
  const gate = await startChild(random, temporaryDirectory(), shops);
  try {
    return await run(gate);
  } finally {
    gate.child.signal('SIGCONT');
    await gate.child.end('SIGTERM');
  }
}

/** The whole gate stops as a machine that sleeps, and wakes up. */
export const freezeAndThaw = (
  random: Random,
  { milliseconds = 15_000, watchMilliseconds = 4_000 } = {},
): Promise<Row[]> =>
  inChild(random, 10, async ({ world, child }) => {
    await fillCaches(world);
    const callers = new Callers(world);
    await setTimeout(500);
    child.signal('SIGSTOP');
    await setTimeout(milliseconds);
    child.signal('SIGCONT');
    const thawedAt = Date.now();
    await setTimeout(watchMilliseconds);
    const recovery = recovers(recoveryOf(world, await callers.stop(), thawedAt));
    return [rowOf(`frozen for ${milliseconds / 1_000} s, and thawed`, world, callers.observations, recovery)];
  });

/** A second host on a data directory in use. */
export const twoHosts = (random: Random): Promise<Row[]> =>
  inChild(random, 3, async ({ world, directory }) => {
    const { code, stderr } = await refusedLocal('--data-dir', directory, '--port', '0');
    const row = rowOf('a second host on one data directory', world, await callAll(world, everyGoodCall(world), 2));
    const refused = code === 1 && stderr.includes('in use');
    return [mustHold(row, { ...ALL_SERVED, 'the second host refuses to start': () => refused })];
  });

/** SIGTERM while calls are under way: each that began before it is answered, and the process ends with 0. Who comes after may find nobody. */
export async function sigtermUnderLoad(
  random: Random,
  { callers: count = 16, milliseconds = 2_000 } = {},
): Promise<Row[]> {
  const { world, child } = await startChild(random, temporaryDirectory(), 10);
  const callers = new Callers(world, { callers: count, pauseMilliseconds: 0 });
  await setTimeout(milliseconds);
  const signalledAt = Date.now();
  const code = await child.end('SIGTERM');
  const observations = (await callers.stop()).filter(({ status, begunAt }) => status !== 0 || begunAt < signalledAt);
  const inFlight = observations.filter(({ begunAt, endedAt }) => begunAt < signalledAt && endedAt >= signalledAt);
  return [
    mustHold(rowOf(`SIGTERM under load, ${inFlight.length} calls in flight`, world, observations), {
      ...ALL_SERVED,
      'calls were in flight': () => inFlight.length > 0,
      'the exit code is 0': () => code === 0,
    }),
  ];
}
