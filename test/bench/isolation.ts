import { type IsolatedGate, type IsolatedGateOptions, startIsolatedGate, until } from '../rigs/isolation.ts';
import { information, type Row } from './report.ts';

/** What a caller of an issuer, an authorizer or the login waits for at most: the time-out of the slowest of their functions is 15 s. */
const IN_TIME_MILLISECONDS = 5_000;
const ROUNDS = 10;
/** Far more than circuits need to open. */
const MAX_FLOODS = 30;
/** It goes through the function that forwards, and so is part of what hangs. */
const OF_THE_UPSTREAM = 'the session of a widget token is shown';

/** The share of calls beside the upstream that are answered in time, each of them once a round. */
async function answeredShare({ others }: IsolatedGate): Promise<number> {
  let [answered, made] = [0, 0];
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, call] of Object.entries(others)) {
      if (name === OF_THE_UPSTREAM) continue;
      const startedAt = performance.now();
      const isAnswered = await call();
      made += 1;
      if (isAnswered && performance.now() - startedAt <= IN_TIME_MILLISECONDS) answered += 1;
    }
  }
  return answered / made;
}

/** With so many widget calls at once, all of which hang longer than the measurement. */
async function shareWhileHanging(options: IsolatedGateOptions, calls: number, held: number): Promise<number> {
  const isolated = await startIsolatedGate(options);
  try {
    const flood = isolated.flood(calls);
    await until(() => flood.waiting() <= held && isolated.upstream.calls() > 0);
    return await answeredShare(isolated);
  } finally {
    await isolated.close();
  }
}

/** With a hundred widget calls at once, again and again, once the circuits have opened. Probes go on meanwhile, each for a time-out. */
async function shareWithCircuits(options: IsolatedGateOptions): Promise<number> {
  const isolated = await startIsolatedGate(options);
  try {
    for (let round = 0; round < MAX_FLOODS; round += 1) {
      const before = isolated.upstream.calls();
      await isolated.flood(100).answers;
      if (isolated.upstream.calls() === before) break;
    }
    return await answeredShare(isolated);
  } finally {
    await isolated.close();
  }
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const goal = (measured: string, share: number): Row => ({
  row: '12',
  measured,
  result: percent(share),
  reach: '100 %',
  reached: share === 1,
});

/** Row 12: what an upstream that hangs for every call leaves of the rest, on the local host with Lambda's limit. Ten rounds of six calls each. */
export async function isolationRows(): Promise<Row[]> {
  const hanging = { upstreamTimeoutSeconds: 25, concurrency: 150 };
  const reserved = { ...hanging, reservedConcurrency: { WidgetEndpoint: 20 } };
  const unprotected = await shareWhileHanging(hanging, 300, 150);
  return [
    information('12', 'answered while 300 calls hang, limit 150, nothing reserved', percent(unprotected)),
    goal('the same with 20 executions reserved for the endpoint', await shareWhileHanging(reserved, 300, 20)),
    goal(
      'limit 10, nothing reserved, 100 calls hang, circuits open',
      await shareWithCircuits({ upstreamTimeoutSeconds: 1, concurrency: 10 }),
    ),
  ];
}
