import type { Deployment, FunctionResource } from '../model.ts';
import type { Authorizer } from './authorize.ts';
import { AwsError, unknownOperation } from './errors.ts';
import { checkMembers, parseJson } from './members.ts';
import type { AwsService, Protocol, ServiceAnswer } from './service.ts';
import type { WireRequest } from './sigv4.ts';

/** Runs a function of the deployment; rejects with what the function threw. */
export type Invoke = (functionArn: string, payload: unknown) => Promise<unknown>;

const INVOKE_PATH = /^\/2015-03-31\/functions\/([^/?]+)\/invocations$/;

const headers = { 'Content-Type': 'application/json' };

const protocol: Protocol = {
  read(request) {
    const path = INVOKE_PATH.exec(request.target);
    if (request.method !== 'POST' || path === null) throw unknownOperation(`${request.method} ${request.target}`);
    const input = { FunctionName: decodeURIComponent(path[1] ?? ''), Payload: request.body, ...invokeHeaders(request) };
    return { operation: 'Invoke', input };
  },
  writeAnswer: (_call, { members, headers: more }) => ({
    status: 200,
    headers: { ...headers, ...more, 'X-Amz-Executed-Version': '$LATEST' },
    body: JSON.stringify(members ?? null),
  }),
  writeError: ({ code, message, status }) => ({
    status: code === 'AccessDeniedException' ? 403 : status,
    headers: { ...headers, 'X-Amzn-ErrorType': code },
    body: JSON.stringify({ Type: status < 500 ? 'User' : 'Service', Message: message }),
  }),
};

/** A synchronous `Invoke` of a deployed function. */
export const createLambda = (
  deployment: Deployment,
  authorizer: Authorizer,
  invoke: Invoke | undefined,
): AwsService => ({
  protocol,
  async handle({ input, principal }) {
    checkMembers(input, ['FunctionName', 'Payload']);
    const name = String(input.FunctionName);
    const { region, accountId, functions } = deployment;
    const target = functions.find(({ functionName, arn }) => name === functionName || name === arn);
    const resource = target?.arn ?? `arn:aws:lambda:${region}:${accountId}:function:${name}`;
    authorizer.demand({ principal, action: 'lambda:InvokeFunction', resource });
    if (target === undefined) throw new AwsError('ResourceNotFoundException', `Function not found: ${resource}`, 404);
    if (invoke === undefined) throw new AwsError('ServiceException', 'This host runs no functions.', 500);
    return run(target, input.Payload as Buffer, invoke);
  },
});

async function run({ arn }: FunctionResource, body: Buffer, invoke: Invoke): Promise<ServiceAnswer> {
  const payload = body.length === 0 ? {} : parseJson(body, 'InvalidRequestContentException');
  try {
    return { members: await invoke(arn, payload) };
  } catch (error) {
    if (error instanceof Error && error.name === 'TooManyRequestsException')
      throw new AwsError('TooManyRequestsException', error.message, 429);
    const { name: errorType, message: errorMessage } = error instanceof Error ? error : new Error(String(error));
    return { members: { errorType, errorMessage }, headers: { 'X-Amz-Function-Error': 'Unhandled' } };
  }
}

/** Invoke's members in headers: the defaults change nothing, any other is not implemented and so shows up as an unknown member. */
function invokeHeaders({ headers: sent }: WireRequest): Record<string, unknown> {
  const defaults = [
    ['x-amz-invocation-type', 'RequestResponse', 'InvocationType'],
    ['x-amz-log-type', 'None', 'LogType'],
    ['x-amz-client-context', '', 'ClientContext'],
  ] as const;
  return Object.fromEntries(
    defaults
      .filter(([header, value]) => sent[header] !== undefined && sent[header].join() !== value)
      .map(([header, , member]) => [member, sent[header]?.join()]),
  );
}
