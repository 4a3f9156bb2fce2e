import { setTimeout } from 'node:timers/promises';
import { generateApiKey } from '#lambda/crypto/api-key.ts';
import { parseFaults } from '#local/faults.ts';
import { type AdminClient, adminClient, cookieOf, logIn } from '../support/admin.ts';
import { type RunningGate, startGate } from '../support/gate.ts';
import type { HttpAnswer } from '../support/http.ts';
import { browserClients, serverClients } from '../support/http-clients.ts';
import {
  addServiceKey,
  DATA_ROUTER_PATH,
  type Header,
  LOGIN,
  Portal,
  SESSION_PATH,
  type TestServiceKey,
} from '../support/portal.ts';

let gate: RunningGate;
let logged = '';
let admin: AdminClient;
let portal: Portal;
let routerKey: TestServiceKey;
beforeAll(async () => {
  gate = await startGate({
    log: (text) => {
      logged += text;
    },
  });
  admin = adminClient(gate.host.baseUrl, cookieOf(await logIn(gate.host.baseUrl, gate.createUser('watcher', true))));
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

/** The lines that functions wrote and that fit, once there is one. */
async function linesWith(text: string): Promise<Record<string, unknown>[]> {
  for (;;) {
    const lines = logged.split('\n').filter((line) => line.includes(text));
    if (lines.length > 0) return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    await setTimeout(20);
  }
}

/** The trail writes the first refusal of a minute at once, and the counters are due. */
let minutes = 0;
const nextMinutes = (): void => {
  minutes += 2;
  gate.host.setFaults(parseFaults(`clock:offset=+${minutes}m`));
};

describe('a server key in place of a token', () => {
  beforeEach(nextMinutes);
  afterAll(() => gate.host.setFaults(parseFaults('')));

  const asToken = (text: string) => gate.call({ path: '/api/widget/session', headers: [['X-Widget-Token', text]] });
  const asTempToken = (text: string) =>
    gate.call({ method: 'POST', path: SESSION_PATH, headers: [['Authorization', text]] });
  const asSecurityToken = (text: string) =>
    portal.analytics([['Authorization', `Bearer ${text}`], ...(browserClients['a page fetch in Firefox'] ?? [])]);

  test.each([
    ['X-Widget-Token', asToken],
    ['a temp token', asTempToken],
    ['a security token', asSecurityToken],
  ])(
    'as %s is refused, logged by its short id, and in the trail without a shop; the key is nowhere',
    async (_name, send) => {
      const key = gate.shop.apiKey;
      const { status, json, text } = await send(key);
      expect([status, json.code]).toEqual([403, 'api_key_in_browser']);
      const { entries } = (await admin(`GET /audit?requestId=${String(json.requestId)}`)).json;
      expect(entries).toMatchObject([{ subject: 'refused/deployment', code: 'api_key_in_browser' }]);
      const [line] = await linesWith(String(json.requestId));
      expect(line).toMatchObject({ level: 'WARN', event: 'api_key_in_browser', keyId: key.split('_')[2] });
      expect(line).not.toHaveProperty('shopId');
      expect(text + JSON.stringify(entries) + logged).not.toContain(key.slice(-38));
    },
  );

  test('is readable for the page that sent it', async () => {
    const { headers } = await gate.call({
      path: '/api/widget/session',
      headers: [
        ['X-Widget-Token', gate.shop.apiKey],
        ['Origin', 'https://shop.example.com'],
      ],
    });
    expect(headers['access-control-allow-origin']).toEqual(['https://shop.example.com']);
  });

  test('costs no store read', async () => {
    gate.host.setFaults(parseFaults('dynamodb:down'));
    expect((await asToken(generateApiKey('sk', 'test').text)).status).toBe(403);
  });

  test('is counted, so that the alarm for leaked keys is raised', async () => {
    logged = '';
    await asToken(gate.shop.apiKey);
    const [counted] = await linesWith('"_aws"');
    expect(counted).toMatchObject({ service: 'widget-authorizer', api_key_in_browser: expect.any(Number) });
  });
});
