import { environment } from '#contract/environment.ts';
import { explanations } from '#contract/explanations.ts';
import { type AdminClient, adminClient, cookieOf, logIn } from '../support/admin.ts';
import { type RunningGate, startGate } from '../support/gate.ts';
import type { HttpAnswer, HttpCall } from '../support/http.ts';
import { addServiceKey, bearer, Portal } from '../support/portal.ts';
import { startUpstream, type Upstream, type UpstreamAnswer } from '../support/upstream.ts';

let gate: RunningGate;
let upstream: Upstream;
let admin: AdminClient;
let logged = '';
const calls: Record<string, () => HttpCall> = {};
beforeAll(async () => {
  upstream = await startUpstream();
  gate = await startGate({
    environment: {
      [environment.upstreamUrl]: upstream.url,
      [environment.analyticsUpstreamUrl]: 'http://nobody.invalid',
      [environment.dataRouterUpstreamUrl]: 'http://127.0.0.1:9',
    },
    log: (text) => {
      logged += text;
    },
  });
  admin = adminClient(gate.host.baseUrl, cookieOf(await logIn(gate.host.baseUrl, gate.createUser('alice', true))));
  const portal = await Portal.open(gate);
  const securityToken = await portal.securityToken();
  const { apiKey } = await addServiceKey(gate, { purpose: 'data-router' });
  calls.widget = () => ({ path: '/api/widget/search', headers: [['X-Widget-Token', gate.signToken()]] });
  calls.analytics = () => ({ path: '/api/analytics/charts', headers: bearer(securityToken) });
  calls['data router'] = () => ({ path: '/api/data-router/x', headers: [['X-API-Key', apiKey]] });
});
afterAll(async () => {
  await gate.close();
  await upstream.close();
});

/** That a call is answered by the catalog alone, while log, trail and `explain` have the reason. */
async function expectReason(
  answer: HttpAnswer,
  reason: 'aborted' | 'dns' | 'malformed' | 'refused' | 'reset',
  subject: string,
) {
  const { code, message, requestId, ...more } = answer.json;
  expect([answer.status, code, more]).toEqual([502, 'upstream_failed', {}]);
  expect(`${String(message)} ${JSON.stringify(answer.headers)}`).not.toMatch(
    /reset|refused|dns|aborted|127\.0\.0\.1:|nobody/i,
  );
  const line = logged.split('\n').find((each) => each.includes(String(requestId)) && each.includes('upstream_failed'));
  expect(JSON.parse(line ?? '{}')).toMatchObject({ level: 'ERROR', event: 'upstream_failed', reason });
  const explained = await admin(`GET /explain/${String(requestId)}`);
  expect(explained.json).toMatchObject({
    entry: { subject: `refused/${subject}`, code: `upstream_${reason}` },
    ...explanations[`upstream_${reason}`],
  });
}

test.each([
  ['analytics', 'dns'],
  ['data router', 'refused'],
] as const)('why a %s call failed is in log, trail and explain, and not in the answer: %s', async (name, reason) => {
  await expectReason(await gate.call((calls[name] as () => HttpCall)()), reason, 'deployment');
});

test.each<['aborted' | 'malformed' | 'reset', UpstreamAnswer]>([
  ['reset', { breaksOff: true }],
  ['malformed', { status: 302, headers: { Location: 'http://10.0.0.7/admin' } }],
])('why a widget call failed is filed under its shop, and not in the answer: %s', async (reason, answer) => {
  upstream.answerWith(answer);
  await expectReason(await gate.call((calls.widget as () => HttpCall)()), reason, gate.shop.shopId);
});
