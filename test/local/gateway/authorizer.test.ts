import type { FunctionResource, RestAuthorizer } from '#local/model.ts';
import { API_ID, fixtureFunction, fixtureMethod } from '#test/support/fixture-deployment.ts';
import { fixtureAuthorizer, type RunningGateway, runGateway } from './running-gateway.ts';

const ECHO = fixtureFunction(
  'echo',
  'exports.handler = async (event) => ({ statusCode: 200, body: JSON.stringify(event) })',
);
/** Answers with what the token holds, and counts its calls. */
const ANSWERING = `let calls = 0; exports.handler = async ({ headers }) => {
  calls += 1;
  const answer = JSON.parse(Buffer.from(headers.Token, 'base64').toString());
  return answer && answer.context === 'count' ? { ...answer, context: { calls } } : answer;
}`;
const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64');
const ALLOW = { Effect: 'Allow', Action: 'execute-api:Invoke', Resource: '*' };
const answering = (statement: unknown, more: object = {}) => ({
  principalId: 'p',
  policyDocument: { Version: '2012-10-17', Statement: statement },
  ...more,
});

let now: number;
let running: RunningGateway;
const start = async (resource: Partial<RestAuthorizer> = {}, changes: Partial<FunctionResource> = {}) => {
  running = await runGateway(
    [ECHO, fixtureFunction('asked', ANSWERING, changes)],
    {
      methods: [fixtureMethod('GET', '/closed/{proxy+}', 'echo', 'asked')],
      authorizers: new Map([['asked', fixtureAuthorizer('asked', resource)]]),
    },
    () => now,
  );
};
beforeEach(() => {
  now = 1_700_000_000_000;
});
afterEach(() => running?.close());
const closed = (token: string, more: [string, string][] = []) =>
  running.call({ path: '/closed/x', headers: [['Token', token], ...more] });

test.each<[string, unknown, number]>([
  ['a statement alone', answering(ALLOW), 200],
  [
    'lists of actions and resources',
    answering([{ ...ALLOW, Action: ['s3:*', 'execute-api:*'], Resource: ['x', '*'] }]),
    200,
  ],
  ['an action in another case', answering([{ ...ALLOW, Action: 'execute-api:invoke' }]), 200],
  ['a statement id', answering([{ ...ALLOW, Sid: 'one' }]), 200],
  ['an Allow beside a Deny', answering([ALLOW, { ...ALLOW, Effect: 'Deny' }]), 403],
  ['another action', answering([{ ...ALLOW, Action: 'execute-api:ManageConnections' }]), 403],
  [
    'the resource of another API',
    answering([{ ...ALLOW, Resource: 'arn:aws:execute-api:us-east-1:000000000000:other00000/*' }]),
    403,
  ],
  [
    'another stage',
    answering([{ ...ALLOW, Resource: `arn:aws:execute-api:us-east-1:000000000000:${API_ID}/prod/*` }]),
    403,
  ],
  ['no statement', answering([]), 403],
])('a policy with %s answers %#', async (_name, answer, status) => {
  await start();
  expect((await closed(base64(answer))).status).toBe(status);
});

test.each<[string, unknown]>([
  ['a Condition', answering([{ ...ALLOW, Condition: { IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } } }])],
  ['a NotResource', answering([{ Effect: 'Allow', Action: '*', NotResource: 'x' }])],
  ['a NotAction', answering([{ Effect: 'Allow', NotAction: 'x', Resource: '*' }])],
  ['no Resource', answering([{ Effect: 'Allow', Action: '*' }])],
  ['an unknown Effect', answering([{ ...ALLOW, Effect: 'allow' }])],
  ['an invalid statement', answering([null])],
  ['no statements', answering(undefined)],
  ['no principal', { policyDocument: { Statement: [ALLOW] } }],
  ['a context that is a text', answering([ALLOW], { context: 'text' })],
  ['a context that is a list', answering([ALLOW], { context: ['x'] })],
  ['null', null],
  ['a list', []],
  ['a text', 'Allow'],
])('refuses an answer with %s as a mistake of the authorizer', async (_name, answer) => {
  await start();
  expect((await closed(base64(answer))).status).toBe(500);
  expect(running.logged).toEqual([]);
});

test('refuses to ask an authorizer whose function does not admit it', async () => {
  await start({}, { permissions: [] });
  expect((await closed(base64(answering(ALLOW)))).status).toBe(500);
  await running.close();
  const sourceArn = `arn:aws:execute-api:us-east-1:000000000000:${API_ID}/authorizers/other`;
  await start({}, { permissions: [{ principal: 'apigateway.amazonaws.com', sourceArn }] });
  expect((await closed(base64(answering(ALLOW)))).status).toBe(500);
});

test('asks an authorizer whose function admits exactly it', async () => {
  const sourceArn = `arn:aws:execute-api:us-east-1:000000000000:${API_ID}/authorizers/asked`;
  await start({}, { permissions: [{ principal: 'apigateway.amazonaws.com', sourceArn }] });
  expect((await closed(base64(answering(ALLOW)))).status).toBe(200);
});

test('a kept answer ends with its time', async () => {
  await start({ resultTtlSeconds: 60 });
  const token = base64(answering(ALLOW, { context: 'count' }));
  const calls = async () => {
    const { requestContext } = (await closed(token)).json as { requestContext: { authorizer: { calls: string } } };
    return requestContext.authorizer.calls;
  };
  expect([await calls(), await calls()]).toEqual(['1', '1']);
  now += 59_999;
  expect(await calls()).toBe('1');
  now += 1;
  expect(await calls()).toBe('2');
});

test('a kept answer belongs to the values of all identity sources', async () => {
  await start({
    resultTtlSeconds: 60,
    identitySources: ['method.request.header.Token', 'method.request.header.Origin'],
  });
  const token = base64(answering(ALLOW, { context: 'count' }));
  const calls = async (origin: string) => {
    const { requestContext } = (await closed(token, [['Origin', origin]])).json as {
      requestContext: { authorizer: { calls: string } };
    };
    return requestContext.authorizer.calls;
  };
  expect([
    await calls('https://a.example'),
    await calls('https://b.example'),
    await calls('https://a.example'),
  ]).toEqual(['1', '2', '1']);
  expect((await closed(token)).status).toBe(401);
});

test('refuses to start with an identity source that it does not know', async () => {
  await start();
  await running.close();
  await expect(start({ identitySources: ['method.request.querystring.token'] })).rejects.toThrow(/can't map from/);
});
