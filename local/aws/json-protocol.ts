import { AwsError } from './errors.ts';
import { parseMembers } from './members.ts';
import type { Protocol } from './service.ts';

/** AWS JSON 1.0 and 1.1: `POST /`, the operation in X-Amz-Target, the error's name in `__type`. */
export function jsonProtocol(version: '1.0' | '1.1', targetPrefix: string, errorPrefix = ''): Protocol {
  const headers = { 'Content-Type': `application/x-amz-json-${version}` };
  return {
    read({ method, target, headers: { 'x-amz-target': targets = [] }, body }) {
      const [prefix, operation = '', ...rest] = (targets.length === 1 ? targets[0] : undefined)?.split('.') ?? [];
      if (method !== 'POST' || target !== '/' || prefix !== targetPrefix || rest.length > 0)
        throw new AwsError('UnknownOperationException', `Not a call of ${targetPrefix}.`);
      return { operation, input: parseMembers(body) };
    },
    writeAnswer: (_call, { members }) => ({ status: 200, headers, body: JSON.stringify(members) }),
    writeError: ({ code, message, status, details }) => ({
      status,
      headers,
      body: JSON.stringify({ ...details, __type: `${errorPrefix}${code}`, message }),
    }),
  };
}
