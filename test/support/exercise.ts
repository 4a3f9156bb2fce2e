import { exerciseAdministration } from './exercise-administration.ts';
import type { RunningGate } from './gate.ts';
import type { HttpAnswer } from './http.ts';

type Headers = readonly (readonly [string, string])[];
const IDS = '{"userid":"u-1","appid":"app-1","clientid":"acme"}';
const PAGE = 'https://page.example.com';

/** Fails with the call's answer when it is another than expected, so that what was to be exercised was. */
function expectStatus(wanted: number, name: string, { status, text }: HttpAnswer): void {
  if (status !== wanted) throw new Error(`${name} answered ${status}, not ${wanted}: ${text}`);
}

/**
 * Calls every route, with what it takes and with what it refuses, does everything that administrators can do, and rotates the ring and the
 * signing keys. The gate's upstreams must refuse every connection.
 */
export async function exerciseAll(gate: RunningGate): Promise<void> {
  await exerciseShops(gate);
  await exerciseAnalytics(gate);
  await exerciseDataRouter(gate);
  await exerciseAdministration(gate);
  expectStatus(200, 'the public keys', await gate.call({ path: '/.well-known/jwks.json' }));
  for (const secret of ['Ring', 'SigningKeys']) await gate.host.aws.rotateSecret(secret);
}

async function exerciseShops(gate: RunningGate): Promise<void> {
  const issue = `/api/shops/${gate.shop.shopId}/widget-token`;
  const own = [['X-Shop-API-Key', gate.shop.apiKey]] as const;
  const token = await gate.issueToken();
  const body = JSON.stringify({ token });
  const call = async (status: number, path: string, headers: Headers): Promise<void> =>
    expectStatus(status, path, await gate.call({ method: 'POST', path, headers, body }));
  await call(200, `${issue}/inspect`, own);
  for (const path of [issue, `${issue}/inspect`]) await call(401, path, []);
  expectStatus(200, 'a widget call', await gate.session(token));
  expectStatus(401, 'a widget call without a right token', await gate.session('x'));
  const toUpstream = { path: '/api/widget/search', headers: [['X-Widget-Token', token]] } as const;
  expectStatus(502, 'a widget call whose upstream fails', await gate.call(toUpstream));
}

async function exerciseAnalytics(gate: RunningGate): Promise<void> {
  const key = await serviceKey(gate, { purpose: 'analytics', allowedOrigins: [PAGE] });
  const own = [['X-API-Key', key]] as const;
  const call = async (
    status: number,
    method: string,
    path: string,
    headers: Headers,
    body = '',
  ): Promise<HttpAnswer> => {
    const answer = await gate.call({ method, path, headers, ...(body !== '' && { body }) });
    expectStatus(status, `${method} ${path}`, answer);
    return answer;
  };
  const bearer = (answer: HttpAnswer): Headers => [['Authorization', `Bearer ${String(answer.json.token)}`]];
  const [login, temp, session, data] = [
    '/devapi/v4/core/login/token',
    '/api/auth/temp-token',
    '/api/auth/session',
    '/api/analytics/session',
  ] as const;
  const security = await call(200, 'POST', login, own, IDS);
  const tempToken = await call(200, 'POST', temp, own, IDS);
  for (const path of [login, temp]) await call(401, 'POST', path, [], IDS);
  const begun = await call(200, 'POST', session, [...bearer(tempToken), ['Origin', PAGE]], '{"mode":"token"}');
  await call(401, 'POST', session, [...bearer(tempToken), ['Origin', PAGE]], '{"mode":"token"}');
  const inSession = [...bearer(begun), ['Origin', PAGE]] as const;
  await call(204, 'OPTIONS', session, [['Origin', PAGE]]);
  await call(200, 'GET', session, inSession);
  for (const headers of [bearer(security), inSession]) await call(200, 'GET', data, headers);
  await call(200, 'GET', data, [...own, ['X-User-Id', 'u-1'], ['X-App-Id', 'app-1'], ['X-Client-Id', 'acme']]);
  await call(502, 'GET', '/api/analytics/charts', bearer(security));
  await call(401, 'GET', data, []);
  await call(204, 'DELETE', session, inSession);
}

async function exerciseDataRouter(gate: RunningGate): Promise<void> {
  const key = await serviceKey(gate, { purpose: 'data-router' });
  for (const [status, text] of [
    [200, key],
    [401, 'x'],
  ] as const) {
    const answer = await gate.call({ path: '/api/data-router/session', headers: [['X-API-Key', text]] });
    expectStatus(status, 'a data router call', answer);
  }
  const failed = await gate.call({ path: '/api/data-router/x', headers: [['X-API-Key', key]] });
  expectStatus(502, 'a data router call whose upstream fails', failed);
}

async function serviceKey(gate: RunningGate, members: object): Promise<string> {
  const made = await gate.administer({ action: 'add-service-key', label: 'exercise', ...members });
  if (!made.ok) throw new Error(JSON.stringify(made));
  return String(made.apiKey);
}
