import { type IsolatedGate, type IsolatedGateOptions, startIsolatedGate, until } from '../rigs/isolation.ts';

/** Longer than the test: the calls hang from its beginning to its end. */
const upstreamTimeoutSeconds = 25;
const ANSWERED = {
  'a widget token is issued': true,
  'the session of a widget token is shown': true,
  'the widget authorizer refuses a changed token': true,
  'a security token is issued': true,
  'an analytics call is authorized': true,
  'a call reaches another upstream': true,
  'an administrator logs in': true,
  'an administrator lists the shops': true,
};
const UNANSWERED = Object.fromEntries(Object.keys(ANSWERED).map((name) => [name, false]));

let isolated: IsolatedGate;
const start = async (options: Omit<IsolatedGateOptions, 'upstreamTimeoutSeconds'>): Promise<void> => {
  isolated = await startIsolatedGate({ ...options, upstreamTimeoutSeconds });
};
afterEach(() => isolated.close());

/** Makes so many calls at once and waits until no more of them than the share of the upstream wait for it. */
async function hang(calls: number, share: number) {
  const flood = isolated.flood(calls);
  await until(() => flood.waiting() <= share && isolated.upstream.calls() > 0);
  return flood;
}

test.each([
  [10, 100],
  [50, 100],
  [150, 300],
])(
  'control: in an account with %d executions and no reserved concurrency, %d calls that hang leave nothing else answered',
  async (concurrency, calls) => {
    await start({ concurrency });
    expect(await isolated.tryOthers()).toEqual(ANSWERED);
    await hang(calls, concurrency);
    expect(await isolated.tryOthers()).toEqual(UNANSWERED);
  },
);

test('with reserved concurrency, 300 widget calls to an upstream that hangs leave authorizers, issuers, administrators and other upstreams answered', async () => {
  await start({ concurrency: 150, reservedConcurrency: { WidgetEndpoint: 20 } });
  const flood = await hang(300, 20);
  expect(flood.waiting()).toBe(20);
  // The session is shown by the function whose executions are all held; its authorizer is answered, as the call with a changed token shows.
  const others = { ...ANSWERED, 'the session of a widget token is shown': false };
  for (let round = 0; round < 3; round += 1) expect(await isolated.tryOthers()).toEqual(others);
  isolated.upstream.recover();
  const statuses = (await flood.answers).map(({ status }) => status);
  expect(statuses.filter((status) => status === 200)).toHaveLength(20);
  expect(statuses.filter((status) => status === 503)).toHaveLength(280);
});

test('a call for which no execution is left gets 503 with Retry-After and the code of a failed dependency, readable in the page', async () => {
  await start({ concurrency: 150, reservedConcurrency: { WidgetEndpoint: 1 } });
  await hang(5, 1);
  const { gate } = isolated;
  const refused = await gate.call({
    path: '/api/widget/search',
    headers: [
      ['X-Widget-Token', gate.signToken()],
      ['Origin', gate.shop.url],
    ],
  });
  expect([refused.status, refused.json.code]).toEqual([503, 'service_unavailable']);
  expect(refused.headers).toMatchObject({
    'retry-after': ['1'],
    'access-control-allow-origin': [gate.shop.url],
  });
});
