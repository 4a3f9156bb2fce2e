import { parseFaults } from '#local/faults.ts';
import { type RunningGate, startGate } from '../support/gate.ts';
import type { HttpAnswer } from '../support/http.ts';
import { bearer, PORTAL, Portal, SESSION_PATH, withCookie } from '../support/portal.ts';

// One call after the other, so that every function has one execution environment, whose caches know what the test sent them.
let gate: RunningGate;
beforeAll(async () => {
  gate = await startGate();
});
afterEach(() => gate.host.setFaults(parseFaults('')));
afterAll(() => gate.close());

type Call = () => Promise<HttpAnswer>;

async function statusesOf(calls: readonly Call[]): Promise<number[]> {
  const statuses: number[] = [];
  for (const call of calls) statuses.push((await call()).status);
  return statuses;
}
const all = (status: number, { length }: readonly Call[]): number[] => Array(length).fill(status);

/** Calls with everything that a user of this id can hold. */
async function callsOf(portal: Portal, userid: string): Promise<Call[]> {
  const body = { userid, appid: 'sales' };
  const [token, cookie, sessionToken] = [
    await portal.securityToken(body),
    await portal.sessionCookie(body),
    await portal.sessionToken(body),
  ];
  return [
    () => portal.analytics(bearer(token)),
    () => portal.analytics(withCookie(cookie)),
    () => portal.analytics(bearer(sessionToken)),
    () => gate.call({ path: SESSION_PATH, headers: withCookie(cookie) }),
    () => gate.call({ path: SESSION_PATH, headers: bearer(sessionToken) }),
  ];
}

describe.each([
  ['fails', 'dynamodb:down'],
  ['hangs', 'dynamodb:hang'],
])('while the store %s', (_name, faults) => {
  let portal: Portal;
  beforeAll(async () => {
    portal = await Portal.open(gate);
  });

  test('tokens, sessions and keys that are known are served for five minutes, and then answered 503', async () => {
    const known = [
      ...(await callsOf(portal, `known, ${faults}`)),
      () => portal.analytics(portal.keyHeader()),
      () => portal.logIn(),
    ];
    expect(await statusesOf(known)).toEqual(all(200, known));
    gate.host.setFaults(parseFaults(faults));
    expect(await statusesOf(known)).toEqual(all(200, known));
    // No record is fresh any more, and each may be used for five minutes.
    gate.host.setFaults(parseFaults(`${faults};clock:offset=+4m`));
    expect(await statusesOf(known)).toEqual(all(200, known));
    gate.host.setFaults(parseFaults(`${faults};clock:offset=+6m`));
    expect(await statusesOf(known)).toEqual(all(503, known));
  });

  test('what is not known is answered 503 with Retry-After, never 401 and never let in, and works afterwards', async () => {
    const unknown = await callsOf(portal, `unknown, ${faults}`);
    const tempToken = await portal.tempToken();
    const newKey = await Portal.open(gate);
    const failing: Call[] = [
      ...unknown,
      () => portal.exchange(tempToken),
      () => portal.askForTempToken(),
      () => newKey.logIn(),
      () => newKey.analytics(newKey.keyHeader()),
    ];
    gate.host.setFaults(parseFaults(faults));
    for (const call of failing) {
      const { status, json, headers } = await call();
      expect([status, json.code, headers['retry-after']]).toEqual([503, 'service_unavailable', ['1']]);
      expect(headers['set-cookie']).toBeUndefined();
    }
    gate.host.setFaults(parseFaults(''));
    expect((await portal.exchange(tempToken)).status).toBe(204);
    expect(await statusesOf(unknown)).toEqual(all(200, unknown));
    expect((await newKey.logIn()).status).toBe(200);
  });

  test('junk is refused without asking the store', async () => {
    gate.host.setFaults(parseFaults(faults));
    const junk: Call[] = [
      () => portal.analytics(bearer('junk')),
      () => portal.analytics(withCookie('junk')),
      () => portal.analytics([['X-API-Key', 'junk']]),
      () => portal.logIn({}, [['X-API-Key', 'junk']]),
      () => portal.exchange('junk'),
      () => gate.call({ path: SESSION_PATH, headers: withCookie('junk') }),
    ];
    expect(await statusesOf(junk)).toEqual(all(401, junk));
  });
});

test('while the store is down a preflight of a page that is known to be allowed is still answered with credentials', async () => {
  await Portal.open(gate);
  const preflight = (): Promise<HttpAnswer> =>
    gate.call({
      method: 'OPTIONS',
      path: SESSION_PATH,
      headers: [
        ['Origin', PORTAL],
        ['Access-Control-Request-Method', 'POST'],
      ],
    });
  expect((await preflight()).headers['access-control-allow-credentials']).toEqual(['true']);
  gate.host.setFaults(parseFaults('dynamodb:down'));
  expect((await preflight()).headers['access-control-allow-credentials']).toEqual(['true']);
});

test('a sign-out that the store did not take is not confirmed', async () => {
  const portal = await Portal.open(gate);
  const headers = withCookie(await portal.sessionCookie());
  expect((await portal.analytics(headers)).status).toBe(200);
  gate.host.setFaults(parseFaults('dynamodb:down'));
  const refused = await gate.call({ method: 'DELETE', path: SESSION_PATH, headers });
  expect([refused.status, refused.headers['set-cookie']]).toEqual([503, undefined]);
});

test('a warm authorized call makes no call to AWS, whichever credential decides', async () => {
  const portal = await Portal.open(gate);
  const calls: Call[] = [
    ...(await callsOf(portal, 'warm')),
    () => portal.analytics(portal.keyHeader()),
    () => portal.logIn(),
  ];
  expect(await statusesOf(calls)).toEqual(all(200, calls));
  gate.host.aws.calls.reset();
  expect(await statusesOf(calls)).toEqual(all(200, calls));
  expect(gate.host.aws.calls.list().filter(({ via }) => via === undefined)).toEqual([]);
});
