import { limits } from '#contract/limits.ts';
import { parseFaults } from '#local/faults.ts';
import { type IsolatedGate, startIsolatedGate, until } from '../rigs/isolation.ts';
import type { HttpAnswer } from '../support/http.ts';

let isolated: IsolatedGate;
let logged = '';
const start = async (concurrency: number, upstreamTimeoutSeconds: number): Promise<void> => {
  logged = '';
  isolated = await startIsolatedGate({
    concurrency,
    upstreamTimeoutSeconds,
    log: (text) => {
      logged += text;
    },
  });
};
afterEach(() => isolated.close());

const codesOf = (answers: readonly HttpAnswer[]): Set<unknown> => new Set(answers.map(({ json }) => json.code));
const logs = (event: string): number => logged.split(`"event":"${event}"`).length - 1;

/** Makes so many calls at once, again and again, until the upstream gets none of them. Returns their answers. */
async function floodUntilOpen(calls: number): Promise<HttpAnswer[]> {
  for (let round = 0; round < 30; round += 1) {
    const before = isolated.upstream.calls();
    const answers = await isolated.flood(calls).answers;
    if (isolated.upstream.calls() === before) return answers;
  }
  throw new Error('the circuit did not open');
}

test.each([10, 50])(
  'in an account with %d executions and none reserved, an upstream that hangs for every call leaves the rest answered once the circuit is open',
  async (concurrency) => {
    await start(concurrency, 0.3);
    // A probe holds an execution and can leave the others too few: what counts is a round without one.
    for (let round = 0; round < 20; round += 1) {
      await floodUntilOpen(100);
      const before = isolated.upstream.calls();
      const [answers, others] = [await isolated.flood(100).answers, await isolated.tryOthers()];
      if (isolated.upstream.calls() !== before) continue;
      expect(Object.entries(others).filter(([, answered]) => !answered)).toEqual([]);
      expect(answers.map(({ status }) => status)).toEqual(Array(100).fill(503));
      expect(codesOf(answers)).toContain('upstream_unavailable');
      expect(logs('upstream_circuit_opened')).toBeGreaterThan(0);
      return;
    }
    throw new Error('there was no round without a probe');
  },
);

test('control: calls that hang without a time-out open no circuit, and leave nothing else answered', async () => {
  await start(10, 25);
  const flood = isolated.flood(100);
  await until(() => flood.waiting() <= 10 && isolated.upstream.calls() > 0);
  const others = await isolated.tryOthers();
  expect(Object.values(others)).toEqual(Object.keys(others).map(() => false));
  expect(logs('upstream_circuit_opened')).toBe(0);
});

test('a call that an open circuit refuses says when to try again, and never reaches the upstream', async () => {
  await start(100, 0.3);
  const [refused] = await floodUntilOpen(1);
  expect([refused?.status, refused?.json.code]).toEqual([503, 'upstream_unavailable']);
  const retryAfter = Number(refused?.headers['retry-after']?.[0]);
  expect(retryAfter).toBeGreaterThanOrEqual(1);
  expect(retryAfter).toBeLessThanOrEqual(limits.circuitPauseMilliseconds / 1_000);
  expect(isolated.upstream.calls()).toBe(limits.circuitTimeouts);
});

test('a call that an open circuit refuses is counted under its own code', async () => {
  await start(100, 0.3);
  await floodUntilOpen(1);
  // A container writes what it counted a minute after it wrote last, and the first call wrote.
  isolated.gate.host.setFaults(parseFaults('clock:offset=+2m'));
  await isolated.flood(1).answers;
  await until(() => /"upstream_unavailable":[1-9]/.test(logged));
});

test('closes by itself with the first call after the pause, once the upstream responds', async () => {
  await start(100, 0.3);
  const [refused] = await floodUntilOpen(1);
  expect(refused?.json.code).toBe('upstream_unavailable');
  isolated.upstream.recover();
  let status: number | undefined = 503;
  while (status !== 200) [{ status }] = (await isolated.flood(1).answers) as [HttpAnswer];
  expect(logs('upstream_circuit_closed')).toBeGreaterThan(0);
  expect((await isolated.flood(1).answers)[0]?.status).toBe(200);
});
