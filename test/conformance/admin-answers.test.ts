import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { adminRoutes } from '#contract/admin-api.ts';
import { routes } from '#contract/routes.ts';
import { type AwsUser, adminClient, cookieOf, getChallenge, logIn, openLink, sendProof } from '../support/admin.ts';
import { administratorOf } from '../support/administer.ts';
import { exerciseAdministration } from '../support/exercise-administration.ts';
import { type RunningGate, startGate } from '../support/gate.ts';
import { callHttp, type HttpAnswer } from '../support/http.ts';

interface Seen {
  readonly call: string;
  readonly status: number;
  readonly headers: NodeJS.Dict<string[]>;
}

let gate: RunningGate;
let watched: Server;
let baseUrl: string;
let alice: AwsUser;
let outsider: AwsUser;
let seen: Seen[] = [];
let logged = '';

/** Hands every call on to the gate as it is, and notes what was answered. */
const watch = (target: string): Server =>
  createServer((call, response) => {
    const { hostname, port } = new URL(target);
    const { method = '', url = '', rawHeaders } = call;
    const forwarded = request({ hostname, port, method, path: url, headers: rawHeaders, agent: false }, (answer) => {
      const { statusCode: status = 0, headersDistinct: headers } = answer;
      seen.push({ call: `${method} ${url.replace(/\?.*/, '')}`, status, headers });
      answer.pipe(response.writeHead(status, answer.rawHeaders));
    });
    call.pipe(forwarded);
  });

beforeAll(async () => {
  gate = await startGate({
    log: (text) => {
      logged += text;
    },
  });
  watched = watch(gate.host.baseUrl);
  await new Promise<void>((resolve) => watched.listen(0, '127.0.0.1', resolve));
  baseUrl = `http://127.0.0.1:${(watched.address() as AddressInfo).port}`;
  [alice, outsider] = [gate.createUser('alice', true), gate.createUser('stranger', false)];
});
afterAll(async () => {
  watched.closeAllConnections();
  watched.close();
  await gate.close();
});
beforeEach(() => {
  seen = [];
});

/** Answers that a browser may take for something else than they are, or may keep. */
const unguarded = (): string[] =>
  seen
    .filter(
      ({ headers }) =>
        headers['x-content-type-options']?.join() !== 'nosniff' || headers['cache-control']?.join() !== 'no-store',
    )
    .map(({ call, status }) => `${call}: ${status}`);

test('every answer of every admin route says nosniff and no-store, when it is done', async () => {
  const host = { ...gate.host, baseUrl };
  const call: RunningGate['call'] = (asked) => callHttp(baseUrl, asked);
  await exerciseAdministration({ ...gate, host, call, administer: administratorOf(host) });
  const paths = new Set(seen.filter(({ status }) => status < 300).map((each) => each.call));
  const unseen = adminRoutes.filter(({ method, path }) => {
    const pattern = new RegExp(`^${method} /admin/api${path.replace(/\{\w+\}/g, '[^/]+')}$`);
    return ![...paths].some((each) => pattern.test(each));
  });
  expect(unseen.map(({ action }) => action)).toEqual([]);
  for (const { path } of routes.filter((route) => route.path.startsWith('/admin/api/login')))
    expect([...paths]).toContain(`POST ${path}`);
  expect(unguarded()).toEqual([]);
}, 60_000);

const client = async () => adminClient(baseUrl, cookieOf(await logIn(baseUrl, alice)));

test.each<[string, number, () => Promise<HttpAnswer>]>([
  ['a call without a session', 401, () => adminClient(baseUrl, '')('GET /session')],
  ['a call with a foreign session', 401, () => adminClient(baseUrl, '__Host-widget-gate-admin=x')('GET /session')],
  [
    'a call from a foreign page',
    403,
    async () => (await client())('POST /shops', { body: {}, headers: [['Origin', 'https://evil.example']] }),
  ],
  ['an unknown route', 404, async () => (await client())('GET /nothing')],
  ['an unknown shop', 404, async () => (await client())('GET /shops/shop_none')],
  ['a malformed body', 400, async () => (await client())('POST /shops', { body: '{' })],
  ['a body that is too large', 413, async () => (await client())('POST /shops', { body: 'x'.repeat(9_000) })],
  ['a login that is not proven', 401, () => logIn(baseUrl, { ...alice, secretAccessKey: 'x'.repeat(40) })],
  ['a login of somebody outside of the group', 403, () => logIn(baseUrl, outsider)],
  ['a login that is malformed', 400, () => sendProof(baseUrl, {})],
  ['a link that was never made', 401, () => openLink(baseUrl, 'x'.repeat(43))],
  [
    'a challenge for a foreign page',
    403,
    () => callHttp(baseUrl, { method: 'POST', path: '/admin/api/login/challenge' }),
  ],
])('the refusal of %s (%i) says nosniff and no-store', async (_name, status, call) => {
  expect((await call()).status).toBe(status);
  expect(unguarded()).toEqual([]);
});

describe('a login that is refused is a log line', () => {
  const linesOf = async (requestId: unknown): Promise<Record<string, unknown>[]> => {
    const own = () => logged.split('\n').filter((line) => line.includes(String(requestId)));
    for (let waited = 0; own().length === 0 && waited < 4_000; waited += 10)
      await new Promise((resolve) => setTimeout(resolve, 10));
    return own().map((line) => JSON.parse(line) as Record<string, unknown>);
  };
  const refused = { level: 'WARN', event: 'login_refused' };

  test('with the reason, where nothing was proven', async () => {
    const challenge = await getChallenge(baseUrl);
    const proof = { challenge: challenge.challenge, userName: 'alice', accessKeyId: alice.accessKeyId, signature: 'x' };
    for (const answer of [await sendProof(baseUrl, proof), await openLink(baseUrl, 'x'.repeat(43))]) {
      const lines = await linesOf(answer.json.requestId);
      expect(lines).toEqual([expect.objectContaining({ ...refused, action: 'login_failed' })]);
      // Who it was is not known: what was stated is not proven.
      expect(lines[0]).not.toHaveProperty('actor');
    }
  });

  test('with the user, who was proven, outside of the group', async () => {
    const answer = await logIn(baseUrl, outsider);
    const actor = 'arn:aws:iam::000000000000:user/stranger';
    expect(await linesOf(answer.json.requestId)).toEqual([
      expect.objectContaining({ ...refused, action: 'not_in_admin_group', actor }),
    ]);
  });
});
