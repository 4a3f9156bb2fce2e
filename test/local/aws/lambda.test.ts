import type { AwsStandIn } from '#local/aws/server.ts';
import { functionArn, roleArn } from './support/deployment.ts';
import { closeAll, startTestAws } from './support/host.ts';
import { type Signing, sendSigned } from './support/sign.ts';

afterEach(closeAll);

const invoke = (aws: AwsStandIn, name: string, signing: Partial<Signing> = {}) =>
  sendSigned(aws, {
    service: 'lambda',
    path: `/2015-03-31/functions/${encodeURIComponent(name)}/invocations`,
    body: '{"who":"me"}',
    ...signing,
  });

test.each(['greeter', functionArn('greeter')])('a function is invoked as %s and its answer returned', async (name) => {
  const received: unknown[] = [];
  const aws = await startTestAws({
    invoke: async (...call) => {
      received.push(call);
      return { hello: 'me' };
    },
  });
  const { status, json, headers } = await invoke(aws, name);
  expect([status, json, headers['x-amz-function-error']]).toEqual([200, { hello: 'me' }, undefined]);
  expect(received).toEqual([[functionArn('greeter'), { who: 'me' }]]);
});

test('what a function throws is returned as an unhandled function error', async () => {
  const aws = await startTestAws({ invoke: () => Promise.reject(new TypeError('broken')) });
  const { status, json, headers } = await invoke(aws, 'greeter');
  expect([status, headers['x-amz-function-error']]).toEqual([200, ['Unhandled']]);
  expect(json).toEqual({ errorType: 'TypeError', errorMessage: 'broken' });
});

test.each([
  ['a role without permission', 'greeter', { role: 'Nobody' }, 403, 'AccessDeniedException'],
  ['a function without permission on it', 'other', {}, 403, 'AccessDeniedException'],
  ['an asynchronous call', 'greeter', { headers: { 'x-amz-invocation-type': 'Event' } }, 400, 'ValidationException'],
  ['a request for the log', 'greeter', { headers: { 'x-amz-log-type': 'Tail' } }, 400, 'ValidationException'],
  ['a body that is not JSON', 'greeter', { body: '{' }, 400, 'InvalidRequestContentException'],
  ['another operation', 'greeter', { path: '/2015-03-31/functions/greeter' }, 400, 'UnknownOperationException'],
])('refuses %s', async (_what, name, { role, ...signing }: Partial<Signing> & { role?: string }, status, code) => {
  const aws = await startTestAws({ invoke: () => Promise.resolve('reached') });
  const credentials = aws.credentialsFor(roleArn(role ?? 'Owner'));
  const answer = await invoke(aws, name, { ...signing, credentials });
  expect([answer.status, answer.headers['x-amzn-errortype']]).toEqual([status, [code]]);
});

test('a fault is answered in the place of the call', async () => {
  const asked: string[] = [];
  const aws = await startTestAws({
    fault: async (service, operation) => {
      asked.push(`${service}:${operation}`);
      return { error: 'InternalServerError', status: 500 };
    },
  });
  const answer = await sendSigned(aws, { body: '{"TableName":"open","Key":{"id":{"S":"one"}}}' });
  expect([answer.status, asked]).toEqual([500, ['dynamodb:GetItem']]);
  expect(aws.calls.count()).toBe(0);
});
