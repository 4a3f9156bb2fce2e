import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unknownShopFlood } from './flood.ts';
import { type LoadGate, startLoadGate } from './gate-process.ts';
import type { LoadResult } from './result.ts';
import {
  CACHE_RUNS_OUT_SECONDS,
  keyRotation,
  manyShops,
  ringRotation,
  tokenIssue,
  warmAuthorize,
} from './scenarios.ts';
import { slowStore } from './slow-store.ts';
import { writeLoadTable } from './write-table.ts';

/** `npm run load` in small: the checks, and nothing about times. */
const PLAN = { connections: 2, seconds: 1 };
/** One call at a time: the environment that answered the last one answers the next, and knows the shop. */
const ALONE = { ...PLAN, connections: 1 };
const SKIPPING = { skipsAhead: true, crowdBefore: false };
const RESULT: LoadResult = {
  scenario: 'authorize',
  ...{ perSecond: 1, p50: 1, p99: 2, max: 3, '2xx': 4, '4xx': 0, '5xx': 0, errors: 0, not401: 4 },
  rssMegabytes: 5,
  failures: [],
};

let gate: LoadGate;
beforeAll(async () => {
  gate = await startLoadGate();
});
afterAll(() => gate.close());

const failuresOf = (results: readonly LoadResult[]): unknown[] =>
  results.flatMap(({ scenario, failures }) => failures.map((failure) => [scenario, failure]));

test('no good call fails under load, beside a flood, nor while keys are rotated', async () => {
  // A ring rotation waits for its readers for eleven seconds, in which there is time for all the others.
  const underRingRotation = ringRotation(gate, PLAN, 10);
  const others = [
    await tokenIssue(gate, PLAN),
    await warmAuthorize(gate, PLAN),
    await manyShops(gate, PLAN, 50),
    ...(await unknownShopFlood(gate, PLAN)),
    await keyRotation(gate, { ...PLAN, seconds: CACHE_RUNS_OUT_SECONDS }),
  ];
  expect(failuresOf([...others, await underRingRotation])).toEqual([]);
});

test.each(['250ms', '4s'])("a known shop's calls are all allowed while the store takes %s", async (delay) => {
  expect(failuresOf([await slowStore(gate, ALONE, { delay, ...SKIPPING })])).toEqual([]);
});

test('refuses to call a scenario good in which a call failed', async () => {
  const stranger = { ...gate, shop: { ...gate.shop, apiKey: 'not its key' } };
  const results = await Promise.all([warmAuthorize(stranger, PLAN), tokenIssue(stranger, PLAN)]);
  expect(failuresOf(results)).toHaveLength(2);
});

test('the table replaces what is between its markers and nothing else', () => {
  const directory = mkdtempSync(join(tmpdir(), 'widget-gate-load-'));
  const file = join(directory, 'docs/reliability.md');
  writeLoadTable(file, [RESULT]);
  const made = readFileSync(file, 'utf8');
  expect(made).toMatch(/^# Reliability\n\n## Under load\n\n<!-- load:begin -->\n[\s\S]*\n<!-- load:end -->\n$/);
  writeFileSync(file, made.replace(/begin -->[\s\S]*<!-- load:end/, 'begin -->old<!-- load:end').concat('kept\n'));
  writeLoadTable(file, [RESULT]);
  expect(readFileSync(file, 'utf8')).toBe(`${made}kept\n`);
  rmSync(directory, { recursive: true });
});
