import { setTimeout } from 'node:timers/promises';
import { limits } from '#contract/limits.ts';
import { callHttp, type HttpAnswer } from '#test/support/http.ts';
import { boundChanges, type SetUp } from '../bounds/changes.ts';
import { PARALLEL, type Probe, type Tools, toolsOf } from '../bounds/probes.ts';
import type { GateAccess } from '../gate-access.ts';
import { inHosted } from '../gates.ts';
import type { Random } from '../random.ts';
import type { Row } from '../report.ts';

export interface Latency {
  /** As a fault of the table service: `delay=250ms`; empty: none. */
  readonly spec: string;
  /** In words. */
  readonly name: string;
  /** How long the answers are watched after a change, before the clock of the functions jumps to the end of the bound. */
  readonly watchMilliseconds: number;
}

/** Kinds of change at the same time: more would keep two cores from answering a store call within its 300 ms. */
const LANES = 3;

const BOUND_SECONDS = limits.defaultBoundSeconds;
/** Within the day of a widget token, and past the life of every security token. */
const LATER_MINUTES = 23 * 60;

/** What became of the calls of one kind of change. */
interface Watched {
  readonly wrong: string[];
  requests: number;
  served: number;
  refused: number;
  unavailable: number;
  /** Milliseconds from the acknowledgment to the end of the last call that had the answer from before. */
  lastOldAnswer: number;
  readonly issued: { readonly probe: Probe; readonly token: string }[];
}

/**
 * Makes every kind of change while the table service is slow but healthy, with several environments of each function. A call has the answer from
 * before or after the change until the bound is over, and then the one after; what did not exist before the change works at once; what was
 * issued with 200 meanwhile lives for its day, unless the change ends everything.
 */
export const changesWhileSlow = (random: Random, latency: Latency): Promise<Row[]> =>
  inHosted(random, {}, async ({ world: { access }, host: { aws } }) => {
    const { spec, name, watchMilliseconds } = latency;
    const tools = toolsOf(access);
    const watch = watching(access);
    // Slow at first, so that parallel calls spread over the environments.
    await access.setFaults('dynamodb:delay=100ms');
    for (const setUp of Object.values(boundChanges)) await watch.warm((await setUp(tools)).probes);
    const faultsAt = (clock: string): Promise<void> =>
      access.setFaults([spec === '' ? '' : `dynamodb:${spec}`, clock].filter((part) => part !== '').join(';'));
    await faultsAt('');
    aws.calls.abandoned = 0;
    const watched: Awaited<ReturnType<typeof watch.through>>[] = [];
    const queue = Object.entries(boundChanges).values();
    const work = async (): Promise<void> => {
      for (const [kind, setUp] of queue)
        watched.push(await watch.through(kind, await made(setUp, tools, watch.warm), watchMilliseconds));
    };
    await Promise.all(Array.from({ length: LANES }, work));
    await faultsAt(`clock:offset=+${BOUND_SECONDS}s`);
    for (const each of watched) await each.afterBound();
    const { abandoned } = aws.calls;
    await faultsAt(`clock:offset=+${LATER_MINUTES}m`);
    for (const each of watched) await each.afterHours();
    return [
      rowOf(
        name,
        watched.map(({ result }) => result),
        abandoned,
      ),
    ];
  });

/** A 503 of the admin API or of the call that prepares a change. */
const UNKNOWN_OUTCOME = /nobody knows what became of|was answered 503:/;

/** A change with its probes, as it was acknowledged. */
interface MadeChange {
  readonly probes: readonly Probe[];
  readonly acknowledgedAt: number;
}

/** Prepares a change, lets every environment have a young record from before it, and makes it; once more from the start if nobody knows what became of it. */
async function made(
  setUp: SetUp,
  tools: Tools,
  warm: (probes: readonly Probe[]) => Promise<void>,
  attempts = 5,
): Promise<MadeChange> {
  try {
    const change = await setUp(tools);
    await warm(change.probes);
    const more = await change.make();
    return { probes: [...change.probes, ...more], acknowledgedAt: Date.now() };
  } catch (error) {
    // Anything else, such as a new key that is refused at once, is what the run looks for.
    if (attempts === 1 || !UNKNOWN_OUTCOME.test(String(error))) throw error;
    return made(setUp, tools, warm, attempts - 1);
  }
}

function watching(access: GateAccess) {
  const burst = (probe: Probe): Promise<HttpAnswer[]> =>
    Promise.all(Array.from({ length: PARALLEL }, () => callHttp(access.baseUrl, probe.call)));

  /** What a change was prepared with may take its time, too. */
  const warm = async (probes: readonly Probe[]): Promise<void> => {
    const until = Date.now() + BOUND_SECONDS * 1_000;
    for (const probe of probes) {
      let statuses: number[];
      do statuses = (await burst(probe)).map(({ status }) => status);
      while (statuses.some((status) => status !== probe.before) && Date.now() < until);
      if (statuses.some((status) => status !== probe.before && status !== 503))
        throw new Error(`${probe.name} was answered ${statuses} before its change`);
    }
  };

  const through = async (kind: string, { probes, acknowledgedAt }: MadeChange, milliseconds: number) => {
    const result: Watched = {
      ...{ wrong: [], requests: 0, served: 0, refused: 0, unavailable: 0, lastOldAnswer: 0, issued: [] },
    };
    const note = (probe: Probe, answers: readonly HttpAnswer[], right: readonly number[], when: string): void => {
      for (const { status, json, text } of answers) {
        result.requests += 1;
        if (status === 503) result.unavailable += 1;
        else if (!right.includes(status))
          result.wrong.push(
            `${kind}: ${probe.name} was answered ${status}, not ${right}, ${when}: ${text.slice(0, 200)}`,
          );
        else if (status === 200) result.served += 1;
        else result.refused += 1;
        if (status === 200 && probe.issued !== undefined && typeof json.token === 'string')
          result.issued.push({ probe, token: json.token });
      }
    };
    while (Date.now() < acknowledgedAt + milliseconds) {
      for (const probe of probes) {
        const answers = await burst(probe);
        note(probe, answers, probe.atOnce === true ? [probe.after] : [probe.before, probe.after], 'after the change');
        if (probe.before !== probe.after && answers.some(({ status }) => status === probe.before))
          result.lastOldAnswer = Date.now() - acknowledgedAt;
      }
      await setTimeout(100);
    }
    return {
      result,
      afterBound: async () => {
        for (const probe of probes) note(probe, await burst(probe), [probe.after], 'after the bound');
        await useIssued('after the bound');
      },
      afterHours: async () => {
        if (result.issued.some(({ token }) => !token.startsWith('ey'))) await useIssued('23 hours later');
      },
    };

    async function useIssued(when: string): Promise<void> {
      for (const { probe, token } of result.issued.filter((_, at) => at % PARALLEL === 0)) {
        if (probe.use === undefined) continue;
        const status = probe.issued === 'ends' ? 401 : 200;
        const use = { ...probe, name: `a token of ${probe.name}`, call: probe.use(token) };
        note(use, [await callHttp(access.baseUrl, use.call)], [status], when);
      }
    }
  };
  return { warm, through };
}

function rowOf(name: string, results: readonly Watched[], abandoned: number): Row {
  const sum = (member: 'requests' | 'served' | 'refused' | 'unavailable'): number =>
    results.reduce((total, result) => total + result[member], 0);
  const wrong = results.flatMap((result) => result.wrong);
  const last = Math.max(...results.map(({ lastOldAnswer }) => lastOldAnswer));
  return {
    fault: `store ${name}: ${results.length} kinds of change, last old answer after ${(last / 1_000).toFixed(1)} s`,
    ...{ requests: sum('requests'), served: sum('served'), refused: sum('refused'), unavailable: sum('unavailable') },
    wrong: wrong.length,
    owed: sum('served'),
    owedServed: sum('served'),
    recoveryMilliseconds: undefined,
    missed: [
      ...wrong.slice(0, 10),
      // A function whose store call timed out may use old records, and rightly so: then a wrong answer shows nothing.
      ...(abandoned > 0 && wrong.length > 0
        ? [`the store missed its time-out ${abandoned} times: the machine was busy`]
        : []),
      ...(sum('unavailable') > 0 && abandoned === 0 ? ['a healthy store led to 503'] : []),
    ],
  };
}
