import fc from 'fast-check';
import { Concurrency, ConcurrencyError } from '#local/functions/concurrency.ts';
import type { FunctionResource } from '#local/model.ts';
import { fixtureFunction, fixtureMethod } from '#test/support/fixture-deployment.ts';
import { fixtureAuthorizer, runGateway } from '../gateway/running-gateway.ts';

const fn = (arn: string, reservedConcurrency?: number) => ({ arn, reservedConcurrency }) as FunctionResource;
const beginAll = (concurrency: Concurrency, arn: string, times: number): number =>
  Array.from({ length: times }, () => concurrency.begin(arn)).filter((begun) => begun).length;

test('functions without reserved concurrency share the limit of the account', () => {
  const concurrency = new Concurrency([fn('a'), fn('b')], 10);
  expect([beginAll(concurrency, 'a', 7), beginAll(concurrency, 'b', 7)]).toEqual([7, 3]);
  concurrency.end('a');
  expect([concurrency.begin('b'), concurrency.begin('a')]).toEqual([true, false]);
});

test('a function with reserved concurrency runs that many, and takes none from the others', () => {
  const concurrency = new Concurrency([fn('a', 20), fn('b')], 120);
  expect([beginAll(concurrency, 'a', 300), beginAll(concurrency, 'b', 300)]).toEqual([20, 100]);
  concurrency.end('b');
  expect(concurrency.begin('a')).toBe(false);
});

test('without a limit of the account only reserved concurrency bounds', () => {
  const concurrency = new Concurrency([fn('a', 2), fn('b')]);
  expect([beginAll(concurrency, 'a', 5_000), beginAll(concurrency, 'b', 5_000)]).toEqual([2, 5_000]);
});

test.each([
  [10, 1, /reserve 1 of 10 executions, but Lambda keeps 100 unreserved: raise the limit to 101 or more/],
  [119, 20, /reserve 20 of 119 executions/],
])('refuses a limit of %d of which %d are reserved, as Lambda does', (limit, reserved, message) => {
  const create = () => new Concurrency([fn('a', reserved), fn('b')], limit);
  expect(create).toThrow(ConcurrencyError);
  expect(create).toThrow(message);
});

test('whatever begins and ends, no pool exceeds its share, and a call is refused only when its pool is full', () => {
  const step = fc.record({ arn: fc.constantFrom('a', 'b', 'c'), begins: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
      const concurrency = new Concurrency([fn('a', 3), fn('b'), fn('c')], 105);
      const share = new Map([
        ['a', 3],
        ['b', 102],
        ['c', 102],
      ]);
      const running = new Map<string, number>();
      const inPool = (arn: string): number =>
        (arn === 'a' ? ['a'] : ['b', 'c']).reduce((sum, each) => sum + (running.get(each) ?? 0), 0);
      for (const { arn, begins } of steps) {
        const own = running.get(arn) ?? 0;
        if (begins) {
          const free = inPool(arn) < (share.get(arn) ?? 0);
          expect(concurrency.begin(arn)).toBe(free);
          if (free) running.set(arn, own + 1);
        } else if (own > 0) {
          concurrency.end(arn);
          running.set(arn, own - 1);
        }
      }
    }),
  );
});

describe('a gateway in an account whose executions are used up', () => {
  const HANGING =
    'exports.handler = () => new Promise((end) => setTimeout(() => end({ statusCode: 200, body: "" }), 1500))';
  const QUICK = 'exports.handler = async () => ({ statusCode: 200, body: "quick" })';
  const ALLOWING =
    'exports.handler = async ({ methodArn }) => ({ principalId: "p", policyDocument: { Statement: [{ Effect: "Allow", Action: "execute-api:Invoke", Resource: methodArn }] } })';

  test('answers 500 for a throttled function and for a throttled authorizer, and as before once an execution ends', async () => {
    const running = await runGateway(
      [fixtureFunction('hanging', HANGING), fixtureFunction('quick', QUICK), fixtureFunction('allowing', ALLOWING)],
      {
        methods: [
          fixtureMethod('GET', '/hanging', 'hanging'),
          fixtureMethod('GET', '/quick', 'quick'),
          fixtureMethod('GET', '/guarded', 'quick', 'allowing'),
        ],
        authorizers: new Map([['allowing', fixtureAuthorizer('allowing')]]),
      },
      undefined,
      2,
    );
    try {
      const hanging = [running.call({ path: '/hanging' }), running.call({ path: '/hanging' })];
      const statusOf = async (path: string) => (await running.call({ path, headers: [['Token', 'x']] })).status;
      // The hanging calls are on their way to the gateway, too.
      let quick = 200;
      while (quick === 200) quick = await statusOf('/quick');
      expect([quick, await statusOf('/guarded')]).toEqual([500, 500]);
      expect((await Promise.all(hanging)).map(({ status }) => status)).toEqual([200, 200]);
      expect([await statusOf('/quick'), await statusOf('/guarded')]).toEqual([200, 200]);
    } finally {
      await running.close();
    }
  });
});
