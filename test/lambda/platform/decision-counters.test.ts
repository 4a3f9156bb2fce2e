import type { APIGatewayProxyEvent, Context } from 'aws-lambda';
import { environment } from '#contract/environment.ts';
import { errors } from '#contract/errors.ts';
import { outcomes } from '#contract/metrics.ts';
import { httpHandler } from '#lambda/platform/chain.ts';
import { DecisionCounters } from '#lambda/platform/metrics.ts';
import { refuse } from '#lambda/platform/responses.ts';

let lines: Record<string, unknown>[];
let counters: DecisionCounters;
beforeEach(() => {
  jest.useFakeTimers({ now: 1_800_000_000_000, doNotFake: ['nextTick', 'setImmediate'] });
  lines = [];
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => lines.push(JSON.parse(String(text))) > 0);
  process.env[environment.deployment] = 'widget-gate:000000000000:dev';
  counters = new DecisionCounters('widget-authorizer');
});
afterEach(() => {
  jest.restoreAllMocks();
  jest.useRealTimers();
});

/** Counters of all lines written so far. */
const sums = (): Record<string, number> => {
  const all: Record<string, number> = {};
  for (const line of lines)
    for (const [name, value] of Object.entries(line))
      if (typeof value === 'number') all[name] = (all[name] ?? 0) + value;
  return all;
};

test('the first decision is written at once, further ones together a minute later', () => {
  counters.count('allowed');
  for (let call = 0; call < 1_000; call += 1) counters.count(call % 10 === 0 ? 'unauthorized' : 'allowed');
  expect(lines).toHaveLength(1);
  jest.advanceTimersByTime(60_000);
  counters.count('allowed');
  expect(lines).toHaveLength(2);
  expect(sums()).toEqual({ allowed: 902, unauthorized: 100 });
});

test("a line is CloudWatch's embedded metric format with the dimensions function and deployment, and no shop", () => {
  counters.count('allowed');
  expect(lines).toEqual([
    {
      _aws: {
        Timestamp: 1_800_000_000_000,
        CloudWatchMetrics: [
          {
            Namespace: 'WidgetGate',
            Dimensions: [['service', 'deployment']],
            Metrics: [{ Name: 'allowed', Unit: 'Count' }],
          },
        ],
      },
      service: 'widget-authorizer',
      deployment: 'widget-gate:000000000000:dev',
      allowed: 1,
    },
  ]);
});

test('a clock that is set back does not silence them', () => {
  counters.count('allowed');
  jest.setSystemTime(1_700_000_000_000);
  counters.count('allowed');
  expect(sums()).toEqual({ allowed: 2 });
});

test('every refusal and every outcome can be counted, each under its own name', () => {
  const names = [...Object.keys(errors), ...Object.keys(outcomes)];
  expect(new Set(names).size).toBe(names.length);
  expect(names.every((name) => /^[a-z_]+$/.test(name))).toBe(true);
});

test.each<[string, () => Promise<ReturnType<typeof refuse>>, string]>([
  ['an answer', async () => ({ statusCode: 200, body: '{}' }), 'issued'],
  ["an upstream's own 404", async () => ({ statusCode: 404, body: '{"code":"wrong_shop"}' }), 'issued'],
  ['a refusal', async () => refuse('wrong_shop', 'request-1'), 'wrong_shop'],
  ['a failure', () => Promise.reject(new Error('x')), 'service_unavailable'],
])('the chain counts %s', async (_name, handle, counted) => {
  const handler = httpHandler(handle, { functionName: 'token-issuer', outcome: 'issued' });
  await handler({ body: null, requestContext: { requestId: 'request-1' } } as APIGatewayProxyEvent, {} as Context);
  expect(sums()).toEqual({ [counted]: 1 });
});

test('the chain counts a body that is too large', async () => {
  const handler = httpHandler(async () => ({ statusCode: 200, body: '' }), {
    functionName: 'token-issuer',
    outcome: 'issued',
  });
  const event = { body: 'x'.repeat(8_193), requestContext: { requestId: 'request-1' } } as APIGatewayProxyEvent;
  await handler(event, {} as Context);
  expect(sums()).toEqual({ request_too_large: 1 });
});
