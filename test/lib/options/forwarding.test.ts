import { environment } from '#contract/environment.ts';
import { functions } from '#contract/functions.ts';
import { type Properties, resourcesOf, synthesizeStage } from '#test/support/stacks.ts';

const FORWARDING = ['widget-endpoint', 'analytics-endpoint', 'data-router-endpoint'] as const;
const summaries = new Map(Object.entries(functions).map(([name, { summary }]) => [summary as string, name]));

/** Every function of the gate, by its name in the contract. */
const functionsOf = (options: object): Map<string, Properties> =>
  new Map(
    resourcesOf(synthesizeStage('prod', { production: true, ...options }).api, 'AWS::Lambda::Function').map(
      ([, properties]) => [summaries.get(properties.Description) ?? '', properties],
    ),
  );

describe('upstreamTimeoutSeconds', () => {
  test.each([1, 10, 25])('of %d s reaches the functions that forward, which themselves have 3 s more', (seconds) => {
    const all = functionsOf({ upstreamTimeoutSeconds: seconds });
    for (const name of FORWARDING) {
      const { Timeout, Environment } = all.get(name) ?? {};
      expect([name, Timeout]).toEqual([name, seconds + 3]);
      expect(Environment.Variables[environment.upstreamTimeoutSeconds]).toBe(String(seconds));
    }
  });

  test('leaves every function within the 29 s of API Gateway, with the longest that a stage may state', () => {
    const all = functionsOf({ upstreamTimeoutSeconds: 25 });
    for (const name of FORWARDING) expect(all.get(name)?.Timeout).toBeLessThan(29);
  });

  test('reaches no other function', () => {
    const [one, other] = [1, 25].map((upstreamTimeoutSeconds) => functionsOf({ upstreamTimeoutSeconds }));
    const changed = [...(one ?? [])].filter(([name, own]) => own.Timeout !== other?.get(name)?.Timeout);
    expect(changed.map(([name]) => name).sort()).toEqual([...FORWARDING].sort());
  });
});

describe('reservedConcurrency', () => {
  const upstreams = {
    upstreamUrl: 'https://a.example.com',
    analyticsUpstreamUrl: 'https://b.example.com',
    dataRouterUpstreamUrl: 'https://c.example.com',
  };
  const reserved = (options: object): [string, number][] =>
    [...functionsOf(options)]
      .map(([name, { ReservedConcurrentExecutions }]): [string, number] => [name, ReservedConcurrentExecutions])
      .filter(([, executions]) => executions !== undefined);

  test('is off by default, so that an account with the starting limit of 10 executions can deploy', () => {
    expect(reserved(upstreams)).toEqual([]);
  });

  test('holds for the function that forwards these calls, and for no other', () => {
    const reservedConcurrency = { widget: 50, analytics: 20, dataRouter: 5 };
    expect(new Map(reserved({ ...upstreams, reservedConcurrency }))).toEqual(
      new Map([
        ['widget-endpoint', 50],
        ['analytics-endpoint', 20],
        ['data-router-endpoint', 5],
      ]),
    );
    expect(reserved({ ...upstreams, reservedConcurrency: { analytics: 20 } })).toEqual([['analytics-endpoint', 20]]);
  });
});
