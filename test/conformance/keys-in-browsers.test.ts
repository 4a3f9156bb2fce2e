import { type RunningGate, startGate } from '../support/gate.ts';
import type { HttpAnswer } from '../support/http.ts';
import { browserClients, serverClients } from '../support/http-clients.ts';
import { addServiceKey, DATA_ROUTER_PATH, type Header, LOGIN, Portal, type TestServiceKey } from '../support/portal.ts';

let gate: RunningGate;
let portal: Portal;
let routerKey: TestServiceKey;
beforeAll(async () => {
  gate = await startGate();
  portal = await Portal.open(gate);
  routerKey = await addServiceKey(gate, { purpose: 'data-router' });
});
afterAll(() => gate.close());

const shopCall = (path: string, marks: readonly Header[], body?: string): Promise<HttpAnswer> =>
  gate.call({
    method: 'POST',
    path: `/api/shops/${gate.shop.shopId}/widget-token${path}`,
    headers: [['X-Shop-API-Key', gate.shop.apiKey], ...marks],
    ...(body !== undefined && { body }),
  });

/** Every route that a server key opens. */
const routes: Readonly<Record<string, (marks: readonly Header[]) => Promise<HttpAnswer>>> = {
  issue: (marks) => shopCall('', marks),
  inspect: (marks) => shopCall('/inspect', marks, '{"token":"x"}'),
  'security token': (marks) => portal.logIn(LOGIN, [...portal.keyHeader(), ...marks]),
  'temp token': (marks) => portal.askForTempToken(LOGIN, [...portal.keyHeader(), ...marks]),
  'analytics API': (marks) => portal.analytics([...portal.keyHeader(), ...marks]),
  'data router': (marks) => gate.call({ path: DATA_ROUTER_PATH, headers: [['X-API-Key', routerKey.apiKey], ...marks] }),
};

const answersTo = async (marks: readonly Header[]): Promise<Record<string, unknown[]>> => {
  const answered = Object.entries(routes).map(async ([name, call]): Promise<[string, unknown[]]> => {
    const { status, json } = await call(marks);
    return [name, status === 200 ? [200] : [status, json.code]];
  });
  return Object.fromEntries(await Promise.all(answered));
};
const everywhere = (...answer: unknown[]): Record<string, unknown[]> =>
  Object.fromEntries(Object.keys(routes).map((name) => [name, answer]));

test.each(Object.entries(serverClients))('takes a live server key of %s at every route', async (_name, marks) => {
  expect(await answersTo(marks)).toEqual(everywhere(200));
});

test.each(Object.entries(browserClients))('refuses a live server key of %s at every route', async (_name, marks) => {
  expect(await answersTo(marks)).toEqual(everywhere(403, 'api_key_in_browser'));
});

test('a page can read that its key has leaked', async () => {
  const { headers } = await shopCall('', browserClients['a page fetch in Chromium'] ?? []);
  expect(headers['access-control-allow-origin']).toEqual(['*']);
});
