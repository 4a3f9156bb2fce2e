import { type ControlAnswer, refuse } from './control-answer.ts';
import { routeIam } from './control-iam.ts';
import { FaultSpecError, formatFaults, parseFaults } from './faults.ts';
import type { Host } from './host.ts';

/** Answers a request that proved to be the operator's; `route` is its method and path. */
export async function routeControl(host: Host, route: string, bodyText: string): Promise<ControlAnswer> {
  switch (route) {
    case 'GET /faults':
      return tellFaults(host);
    case 'PUT /faults':
      return setFaults(host, parseObject(bodyText));
    case 'POST /iam':
      return routeIam(host, parseObject(bodyText));
    case 'POST /ring/rotate':
      return answerOf(() => host.aws.rotateSecret('Ring').then(() => ({})));
    case 'POST /ring/drop-old':
      return answerOf(() => host.aws.invokeRotation('Ring', { Step: 'dropOldKeys' }).then(() => ({})));
    case 'POST /signing-keys/rotate':
      return answerOf(() => host.aws.rotateSecret('SigningKeys').then(() => ({})));
    case 'POST /signing-keys/drop-old':
      return answerOf(() => host.aws.invokeRotation('SigningKeys', { Step: 'dropOldKeys' }).then(() => ({})));
    default:
      return refuse(404, 'not_found', 'There is no such route.');
  }
}

const tellFaults = (host: Host): ControlAnswer => ({ status: 200, body: { faults: formatFaults(host.faults()) } });

function setFaults(host: Host, body: object | undefined): ControlAnswer {
  if (body === undefined || !('faults' in body) || typeof body.faults !== 'string' || Object.keys(body).length > 1)
    return refuse(400, 'invalid_request', 'The body must be {"faults":"<spec>"}.');
  try {
    host.setFaults(parseFaults(body.faults));
  } catch (error) {
    if (error instanceof FaultSpecError) return refuse(400, 'invalid_faults', error.message);
    throw error;
  }
  return tellFaults(host);
}

async function answerOf(invoke: () => Promise<unknown>): Promise<ControlAnswer> {
  try {
    return { status: 200, body: await invoke() };
  } catch (error) {
    return refuse(502, 'invocation_failed', error instanceof Error ? error.message : 'the function failed');
  }
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
