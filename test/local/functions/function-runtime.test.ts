import type { FunctionRuntime } from '#local/functions/function-runtime.ts';
import type { FunctionResource } from '#local/model.ts';
import {
  fixtureApi,
  fixtureDeployment,
  fixtureFunction,
  fixtureRuntime,
  functionArn,
} from '#test/support/fixture-deployment.ts';

let runtime: FunctionRuntime;
let lines: string[];

function start(...functions: FunctionResource[]): FunctionRuntime {
  lines = [];
  runtime = fixtureRuntime(fixtureDeployment(functions, fixtureApi({})), (text) => lines.push(text));
  return runtime;
}
afterEach(() => runtime.close());

const invoke = (name: string, event: unknown = {}) => runtime.invoke(functionArn(name), JSON.stringify(event));
const payload = async (name: string, event?: unknown): Promise<unknown> => {
  const result = await invoke(name, event);
  if (!result.ok) throw new Error(result.errorMessage);
  return JSON.parse(result.payloadJson);
};

test("a function sees its own variables, its role's credentials and nothing of the host", async () => {
  process.env.HOST_SECRET = 'host';
  start(fixtureFunction('env', 'exports.handler = async () => process.env'));
  const environment = (await payload('env')) as Record<string, string>;
  expect(environment).toMatchObject({
    OWN: 'variable',
    AWS_ACCESS_KEY_ID: 'id-of-arn:aws:iam::000000000000:role/env',
    AWS_LAMBDA_FUNCTION_NAME: 'env',
    AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
  });
  expect(environment).not.toHaveProperty('HOST_SECRET');
  expect(environment).not.toHaveProperty('PATH');
  expect(environment).not.toHaveProperty('HOME');
  expect(environment).not.toHaveProperty('NODE_COMPILE_CACHE');
});

test('what a function keeps in its module lives from call to call, as in a warm container', async () => {
  start(fixtureFunction('count', 'let calls = 0; exports.handler = async () => ++calls'));
  expect([await payload('count'), await payload('count'), await payload('count')]).toEqual([1, 2, 3]);
});

test('one container runs one call at a time', async () => {
  const source = `let busy = 0; exports.handler = async () => { busy += 1; const seen = busy; await new Promise((r) => setTimeout(r, 5)); busy -= 1; return seen; }`;
  start(fixtureFunction('busy', source));
  const seen = await Promise.all(Array.from({ length: 50 }, () => payload('busy')));
  expect(new Set(seen)).toEqual(new Set([1]));
});

test('calls that would have to wait get further containers', async () => {
  const source = `const id = Math.random(); exports.handler = async () => { await new Promise((r) => setTimeout(r, 300)); return id; }`;
  start(fixtureFunction('slow', source));
  const ids = await Promise.all(Array.from({ length: 8 }, () => payload('slow')));
  expect(new Set(ids).size).toBeGreaterThan(1);
  expect(new Set(ids).size).toBeLessThanOrEqual(4);
});

describe('refuses as Lambda does', () => {
  test.each<[string, string, Partial<FunctionResource>, { errorType: string; errorMessage: RegExp }]>([
    [
      'a handler that throws',
      'exports.handler = async () => { throw new TypeError("no") }',
      {},
      { errorType: 'TypeError', errorMessage: /^no$/ },
    ],
    [
      'a handler that takes too long',
      'exports.handler = () => new Promise(() => setInterval(() => {}, 1000))',
      { timeoutSeconds: 0.2 },
      { errorType: 'Sandbox.Timedout', errorMessage: /timed out after 0.2/ },
    ],
    [
      'a handler that never yields',
      'exports.handler = () => { for (;;); }',
      { timeoutSeconds: 0.2 },
      { errorType: 'Sandbox.Timedout', errorMessage: /timed out/ },
    ],
    [
      'a process that exits',
      'exports.handler = () => process.exit(1)',
      {},
      { errorType: 'Runtime.ExitError', errorMessage: /exited/ },
    ],
    [
      'an INIT that throws',
      'throw new Error("broken")',
      {},
      { errorType: 'Runtime.InitError', errorMessage: /broken/ },
    ],
    [
      'no handler',
      'exports.other = 1',
      {},
      { errorType: 'Runtime.InitError', errorMessage: /index\.handler is undefined/ },
    ],
    [
      'a memory hog',
      'exports.handler = () => { const all = []; for (;;) all.push(new Array(1e6).fill({})); }',
      { memoryMegabytes: 32, timeoutSeconds: 30 },
      { errorType: 'Runtime.ExitError', errorMessage: /exited/ },
    ],
  ])('%s', async (_name, source, changes, { errorType, errorMessage }) => {
    start(fixtureFunction('broken', source, changes));
    expect(await invoke('broken')).toEqual({ ok: false, errorType, errorMessage: expect.stringMatching(errorMessage) });
  });

  test('and serves the next call in a new container', async () => {
    start(
      fixtureFunction(
        'sometimes',
        'exports.handler = async ({ die }) => { if (die) process.exit(1); return "alive"; }',
      ),
    );
    expect((await invoke('sometimes', { die: true })).ok).toBe(false);
    expect(await payload('sometimes')).toBe('alive');
  });

  test.each<[string, string, string]>([
    ["what JSON can't hold", 'exports.handler = async () => 1n', 'Runtime.MarshalError'],
    [
      'what refers to itself',
      'exports.handler = async () => { const a = {}; a.a = a; return a; }',
      'Runtime.MarshalError',
    ],
    ['over six megabytes', 'exports.handler = async () => "a".repeat(6_291_556)', 'Function.ResponseSizeTooLarge'],
  ])('an answer that is %s', async (_name, source, errorType) => {
    start(fixtureFunction('answer', source));
    expect(await invoke('answer')).toMatchObject({ ok: false, errorType });
  });

  test('no call for having waited behind those that timed out', async () => {
    const source =
      'exports.handler = ({ hang }) => hang ? new Promise(() => setInterval(() => {}, 1000)) : Promise.resolve("fine")';
    start(fixtureFunction('hanging', source, { timeoutSeconds: 0.3 }));
    const hanging = Array.from({ length: 12 }, () => invoke('hanging', { hang: true }));
    expect(await payload('hanging')).toBe('fine');
    const timedOut = { ok: false, errorType: 'Sandbox.Timedout', errorMessage: expect.any(String) };
    expect(await Promise.all(hanging)).toEqual(Array(12).fill(timedOut));
  });

  test('what comes or still waits when the functions are shut down', async () => {
    start(fixtureFunction('slow', 'exports.handler = () => new Promise((r) => setTimeout(r, 5000))'));
    await runtime.warm([functionArn('slow')]);
    const calls = Array.from({ length: 6 }, () => invoke('slow'));
    await runtime.close();
    const results = await Promise.all([...calls, invoke('slow')]);
    expect(results.map(({ ok }) => ok)).toEqual(Array(7).fill(false));
    expect(results.at(-1)).toMatchObject({ errorType: 'Runtime.ShutDown' });
  });

  test('a crash outside of the handler, and logs why', async () => {
    start(
      fixtureFunction(
        'late',
        'exports.handler = () => { setTimeout(() => { throw new Error("late crash"); }); return new Promise(() => {}); }',
      ),
    );
    expect(await invoke('late')).toMatchObject({ ok: false, errorType: 'Runtime.ExitError' });
    expect(lines.join('')).toContain('late crash');
  });

  test('a function that was never deployed', () => {
    start();
    expect(() => invoke('nobody')).toThrow('there is no function');
  });
});

test('what a function prints reaches the log', async () => {
  start(fixtureFunction('print', 'exports.handler = async () => { console.log("said"); return 1; }'));
  await payload('print');
  for (let tries = 0; tries < 50 && lines.length === 0; tries += 1)
    await new Promise((resolve) => setTimeout(resolve, 10));
  expect(lines.join('')).toContain('said');
});

test('the context has the function, the call and the time left', async () => {
  start(fixtureFunction('context', 'exports.handler = async (e, c) => ({ ...c, left: c.getRemainingTimeInMillis() })'));
  expect(await payload('context')).toMatchObject({
    functionName: 'context',
    invokedFunctionArn: functionArn('context'),
    memoryLimitInMB: '128',
  });
});
