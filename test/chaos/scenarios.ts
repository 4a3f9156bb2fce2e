import type { Random } from './random.ts';
import type { Row } from './report.ts';
import { changesUnderTraffic, randomErrors } from './scenarios/administration.ts';
import { clockJumps } from './scenarios/clock.ts';
import { corruptRecords } from './scenarios/corrupt.ts';
import { firstRequests, recordsExpireTogether, unknownShopFlood } from './scenarios/crowd.ts';
import { killedDuringWrites } from './scenarios/killed-writes.ts';
import { changesWhileSlow } from './scenarios/latency.ts';
import { freezeAndThaw, sigtermUnderLoad, twoHosts } from './scenarios/process.ts';
import { type RingFault, ringBadAtRefresh, ringBadAtStart, ringPromotedEarly } from './scenarios/ring.ts';
import { rotationKilled } from './scenarios/rotation-killed.ts';
import { storeDownWithoutRecords, storeDownWithRecords, storeImpaired } from './scenarios/store.ts';

const same = (text: string): string => text;
const ringFaults: readonly RingFault[] = [
  { fault: 'unreachable', spec: 'secretsmanager:down', change: same, milliseconds: 3_000 },
  { fault: 'malformed', spec: '', change: () => '{"version":1}', milliseconds: 3_000 },
  { fault: 'truncated', spec: '', change: (text) => text.slice(0, -20), milliseconds: 3_000 },
];

/** Runs that need the machine for themselves: beside others a store call would miss its time-out. */
export const runsAlone = (name: string): boolean => name.startsWith('latency-');

const latencies = {
  0: { spec: '', name: 'answers at once' },
  20: { spec: 'delay=20ms', name: 'takes 20 ms' },
  100: { spec: 'delay=100ms', name: 'takes 100 ms' },
  250: { spec: 'delay=250ms', name: 'takes 250 ms' },
  alternating: { spec: 'delay=0ms|280ms', name: 'answers at once and after 280 ms in turn' },
};

/** Every run of `npm run chaos`, by the name for `--only`. */
export const scenarios: Readonly<Record<string, (random: Random) => Promise<Row[]>>> = {
  'store-down': storeDownWithRecords,
  'store-down-cold': storeDownWithoutRecords,
  'store-slow': (random) =>
    storeImpaired(random, { fault: 'store slow, 4 s', spec: 'dynamodb:delay=4s', milliseconds: 8_000 }),
  'store-throttled': (random) =>
    storeImpaired(random, { fault: 'store throttled', spec: 'dynamodb:throttle', milliseconds: 8_000 }),
  'store-hangs': (random) =>
    storeImpaired(random, { fault: 'store hangs', spec: 'dynamodb:hang', milliseconds: 8_000 }),
  'store-minute': (random) =>
    storeImpaired(random, { fault: 'store fails for a minute', spec: 'dynamodb:down', milliseconds: 60_000 }),
  'random-errors': randomErrors,
  'ring-at-start': async (random) => inTurn(ringFaults, (fault) => ringBadAtStart(random, fault)),
  'ring-at-refresh': async (random) => inTurn(ringFaults, (fault) => ringBadAtRefresh(random, fault)),
  'ring-promoted-early': ringPromotedEarly,
  'corrupt-records': corruptRecords,
  'clock-ahead': (random) =>
    clockJumps(random, { fault: 'clock 25 h ahead, and back', offset: '+1500m', milliseconds: 4_000 }),
  'clock-behind': (random) =>
    clockJumps(random, { fault: 'clock 1 h behind, and back', offset: '-60m', milliseconds: 4_000 }),
  'first-requests': firstRequests,
  'records-expire': recordsExpireTogether,
  'unknown-shops': unknownShopFlood,
  'rotation-killed': rotationKilled,
  freeze: freezeAndThaw,
  'kill-writes': killedDuringWrites,
  'two-hosts': twoHosts,
  sigterm: sigtermUnderLoad,
  ...Object.fromEntries(
    Object.entries(latencies).map(([name, latency]) => [
      `latency-${name}`,
      (random: Random) => changesWhileSlow(random, { ...latency, watchMilliseconds: 7_000 }),
    ]),
  ),
  changes: changesUnderTraffic,
};

async function inTurn<Item>(items: readonly Item[], run: (item: Item) => Promise<Row[]>): Promise<Row[]> {
  const rows: Row[] = [];
  for (const item of items) rows.push(...(await run(item)));
  return rows;
}
