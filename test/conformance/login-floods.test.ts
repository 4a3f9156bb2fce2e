import { setTimeout } from 'node:timers/promises';
import { environment } from '#contract/environment.ts';
import { limits } from '#contract/limits.ts';
import { newSecretId } from '#lambda/crypto/secret-id.ts';
import { parseFaults } from '#local/faults.ts';
import { type AdminClient, adminClient, cookieOf, logIn } from '../support/admin.ts';
import { type RunningGate, startGate } from '../support/gate.ts';
import type { HttpAnswer, HttpCall } from '../support/http.ts';

let gate: RunningGate;
let early: AdminClient;
let logged = '';
let tests = 0;
let window = 0;
beforeAll(async () => {
  gate = await startGate({
    log: (text) => {
      logged += text;
    },
  });
  early = await session('early');
});
afterAll(() => gate.close());
/** Each test has a window of its own. */
beforeEach(() => {
  tests += 1;
  // Around the present: STS accepts no request that is dated more than five minutes off. The first four tests leave the clock as it is.
  window = Math.floor(Date.now() / 60_000) + Math.max(tests - 4, 0);
});

/** Holds the functions' clock in the test's window, however long the test takes; a call must not fall into the turn of a minute. */
async function holdWindow(more = ''): Promise<void> {
  const leftMilliseconds = 60_000 - (Date.now() % 60_000);
  if (leftMilliseconds < 2_000) await setTimeout(leftMilliseconds + 1);
  const minutes = window - Math.floor(Date.now() / 60_000);
  gate.host.setFaults(parseFaults(`clock:offset=${minutes < 0 ? '' : '+'}${minutes}m${more}`));
}

const HEADERS = [['X-Requested-With', 'test']] as const;
const CHALLENGE: HttpCall = { method: 'POST', path: '/admin/api/login/challenge', headers: HEADERS };
const LINK: HttpCall = {
  method: 'POST',
  path: '/admin/api/login/link',
  headers: HEADERS,
  body: JSON.stringify({ code: 'A'.repeat(43) }),
};
const PROOF: HttpCall = {
  ...LINK,
  path: '/admin/api/login',
  body: JSON.stringify({
    challenge: 'x',
    userName: 'alice',
    accessKeyId: `AKIA${'A'.repeat(16)}`,
    signature: '0'.repeat(64),
  }),
};
const UNKNOWN_SESSION: HttpCall = {
  path: '/admin/api/session',
  headers: [...HEADERS, ['Cookie', `__Host-widget-gate-admin=${'A'.repeat(43)}`]],
};

/** Calls from an address as fast as they are answered, on several connections, until it is stopped. */
function flood(localAddress: string, call: HttpCall): { stop(): Promise<ReadonlyMap<number, number>> } {
  let going = true;
  const statuses = new Map<number, number>();
  const line = async (): Promise<void> => {
    while (going) {
      const { status } = await gate.call({ ...call, localAddress });
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  };
  const lines = Promise.all(Array.from({ length: 4 }, line));
  return {
    async stop() {
      going = false;
      await lines;
      return statuses;
    },
  };
}

/** So many calls of an address, four at a time by default. */
async function callsFrom(localAddress: string, calls: number, call = CHALLENGE, parallel = 4): Promise<HttpAnswer[]> {
  const answers: HttpAnswer[] = [];
  while (answers.length < calls) {
    await holdWindow();
    const batch = Math.min(parallel, calls - answers.length);
    answers.push(...(await Promise.all(Array.from({ length: batch }, () => gate.call({ ...call, localAddress })))));
  }
  return answers;
}
const statusesOf = (answers: readonly HttpAnswer[]): number[] => [...new Set(answers.map(({ status }) => status))];

const session = async (name: string): Promise<AdminClient> =>
  adminClient(gate.host.baseUrl, cookieOf(await logIn(gate.host.baseUrl, gate.createUser(name, true))));

test.each([
  ['challenges', CHALLENGE],
  ['proofs', PROOF],
  ['codes of links', LINK],
  ['sessions that nobody has', UNKNOWN_SESSION],
])('an administrator logs in and works while three addresses flood the gate with %s', async (name, call) => {
  const floods = ['127.0.0.2', '127.0.0.3', '127.0.0.4'].map((address) => flood(address, call));
  const user = gate.createUser(`flooded-${name.length}`, true);
  const statuses: number[] = [];
  for (let login = 0; login < 6; login += 1) {
    const loggedIn = await logIn(gate.host.baseUrl, user);
    const admin = adminClient(gate.host.baseUrl, cookieOf(loggedIn));
    statuses.push(loggedIn.status, (await admin('GET /session')).status, (await admin('GET /shops')).status);
  }
  const flooded = await Promise.all(floods.map((one) => one.stop()));
  expect([...new Set(statuses)]).toEqual([200]);
  for (const statusesOfFlood of flooded) expect(statusesOfFlood.get(503) ?? 0).toBe(0);
});

/** That an address got its calls and none more. On a busy machine a few count twice: their first attempt was written, but answered too late. */
function expectAdmitted(answers: readonly HttpAnswer[], limit: number): void {
  const admitted = answers.filter(({ status }) => status === 200 || status === 401).length;
  expect(answers.length).toBeGreaterThan(limit);
  expect(admitted).toBeLessThanOrEqual(limit);
  expect(admitted).toBeGreaterThan(0.9 * limit);
}

test('an address gets its calls of a window and none more, whatever the login route; then 429, with when to come again', async () => {
  const answers: HttpAnswer[] = [];
  for (const call of [CHALLENGE, PROOF, LINK])
    answers.push(...(await callsFrom('127.0.0.9', limits.loginCallsPerAddress / 3 + 4, call)));
  expectAdmitted(answers, limits.loginCallsPerAddress);
  for (const call of [CHALLENGE, PROOF, LINK]) {
    const [answer] = await callsFrom('127.0.0.9', 1, call);
    const { status, json, headers } = answer as HttpAnswer;
    expect([status, json.code, headers['content-type']]).toEqual([429, 'too_many_requests', ['application/json']]);
    expect(Number(headers['retry-after'])).toBeGreaterThanOrEqual(1);
    expect(Number(headers['retry-after'])).toBeLessThanOrEqual(limits.addressWindowSeconds);
  }
  expect(statusesOf(await callsFrom('127.0.0.10', 1))).toEqual([200]);
});

test('no header of a stranger changes whose call it is', async () => {
  await callsFrom('127.0.0.11', limits.loginCallsPerAddress);
  for (const [name, value] of [
    ['X-Forwarded-For', '198.51.100.7'],
    ['X-Forwarded-For', '198.51.100.7, 127.0.0.11'],
    ['X-Widget-Gate-Edge', 'local2'],
    ['CloudFront-Viewer-Address', '198.51.100.7:443'],
    ['Forwarded', 'for=198.51.100.7'],
  ] as const) {
    const [answer] = await callsFrom('127.0.0.11', 1, { ...CHALLENGE, headers: [...HEADERS, [name, value]] });
    expect([name, answer?.status]).toEqual([name, 429]);
  }
});

test('with the mark of CloudFront a call counts for the viewer that CloudFront names', async () => {
  const mark = gate.deployment.functions.find(({ logicalId }) => logicalId.startsWith('AdminLogin'))?.environment[
    environment.edgeMark
  ];
  const byWayOf = (viewer: string): HttpCall => ({
    ...CHALLENGE,
    headers: [...HEADERS, ['X-Widget-Gate-Edge', String(mark)], ['X-Forwarded-For', `198.51.100.7, ${viewer}`]],
  });
  await callsFrom('127.0.0.14', limits.loginCallsPerAddress, byWayOf('203.0.113.1'));
  const [same] = await callsFrom('127.0.0.15', 1, byWayOf('203.0.113.1'));
  const [other] = await callsFrom('127.0.0.14', 1, byWayOf('203.0.113.2'));
  const [edge] = await callsFrom('127.0.0.14', 1);
  expect([same, other, edge].map((answer) => answer?.status)).toEqual([429, 200, 200]);
});

test('a live session works on from an address that is over its limit', async () => {
  await holdWindow();
  const admin = await session('same-address');
  await callsFrom('127.0.0.1', limits.loginCallsPerAddress);
  expect(statusesOf(await callsFrom('127.0.0.1', 1))).toEqual([429]);
  expect(statusesOf(await callsFrom('127.0.0.1', 50, UNKNOWN_SESSION))).toEqual([401]);
  for (let call = 0; call < 10; call += 1) expect((await admin('GET /session')).status).toBe(200);
});

test('a live session gets its calls of a window from one address and none more; other addresses and logins are unaffected', async () => {
  await holdWindow();
  const cookie = cookieOf(await logIn(gate.host.baseUrl, gate.createUser('busy', true)));
  const call: HttpCall = { path: '/admin/api/session', headers: [...HEADERS, ['Cookie', cookie]] };
  expectAdmitted(await callsFrom('127.0.0.21', limits.adminCallsPerAddress + 8, call, 8), limits.adminCallsPerAddress);
  const [answer] = await callsFrom('127.0.0.21', 1, call);
  const { status, json, headers } = answer as HttpAnswer;
  expect([status, json.code]).toEqual([429, 'too_many_requests']);
  expect(Number(headers['retry-after'])).toBeGreaterThanOrEqual(1);
  expect(Number(headers['retry-after'])).toBeLessThanOrEqual(limits.addressWindowSeconds);
  expect(statusesOf(await callsFrom('127.0.0.22', 1, call))).toEqual([200]);
  expect(statusesOf(await callsFrom('127.0.0.21', 1, CHALLENGE))).toEqual([200]);
});

test('sessions that nobody has cost no call of AWS, however many and from however many addresses', async () => {
  gate.host.setFaults(parseFaults(''));
  // The AWS clients find their time again with a call that fails.
  while ((await early('GET /session')).status !== 200);
  gate.host.aws.calls.reset();
  const madeUp = (check: string): HttpCall => ({
    path: '/admin/api/session',
    headers: [...HEADERS, ['Cookie', `__Host-widget-gate-admin=${newSecretId()}${check}`]],
  });
  for (let call = 0; call < 100; call += 1)
    for (const check of ['', '0'.repeat(12)])
      expect((await gate.call({ ...madeUp(check), localAddress: `127.0.0.${30 + (call % 5)}` })).status).toBe(401);
  expect(gate.host.aws.calls.list()).toEqual([]);
  for (const path of ['GET /session', 'GET /shops']) expect((await early(path)).status).toBe(200);
});

test('the address is in no log line', async () => {
  await callsFrom('127.0.0.77', limits.loginCallsPerAddress + 1);
  expect(logged).toContain('"address_limited"');
  expect(logged).not.toContain('127.0.0.77');
});

test('while the store fails a challenge is still given, and the log says that its call was not counted', async () => {
  await holdWindow(';dynamodb:down');
  logged = '';
  const { status } = await gate.call({ ...CHALLENGE, localAddress: '127.0.0.13' });
  gate.host.setFaults(parseFaults(''));
  expect(status).toBe(200);
  expect(logged).toContain('"call_not_counted"');
});
