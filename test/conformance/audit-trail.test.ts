import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { limits } from '#contract/limits.ts';
import { parseFaults } from '#local/faults.ts';
import { type AdminClient, type AwsUser, adminClient, cookieOf, getChallenge, logIn } from '../support/admin.ts';
import { type RunningGate, startGate } from '../support/gate.ts';
import { callHttp } from '../support/http.ts';
import { type LocalProcess, startLocal } from '../support/local-process.ts';

type Entry = Readonly<Record<string, unknown>>;

let gate: RunningGate;
let alice: AwsUser;
let call: AdminClient;
beforeAll(async () => {
  gate = await startGate();
  alice = gate.createUser('alice', true);
  call = adminClient(gate.host.baseUrl, cookieOf(await logIn(gate.host.baseUrl, alice)));
});
afterAll(() => gate.close());
afterEach(() => gate.host.setFaults(parseFaults('')));

const setFaults = (spec: string): void => gate.host.setFaults(parseFaults(spec));
const auditOf = async (query: string, client = call): Promise<Entry[]> => {
  const { status, json } = await client(`GET /audit?limit=100&${query}`);
  expect([status, json.incomplete]).toEqual([200, undefined]);
  return json.entries as Entry[];
};
/** The request ids of changes that must have been made. */
async function change(route: string, body?: object): Promise<string> {
  const { status, text, headers } = await call(route, body === undefined ? {} : { body });
  expect([route, status < 300, text]).toEqual([route, true, text]);
  return headers['x-request-id']?.[0] as string;
}

describe.each([
  ['is down', 'dynamodb/PutItem@Audit:down'],
  ['throttles', 'dynamodb/PutItem@Audit:throttle'],
  ['is out of reach, for readers too', 'dynamodb@Audit:down'],
])('while the trail alone %s', (_name, faults) => {
  test('every change of a shop is made, one after the other, and recovered afterwards, in its order', async () => {
    const { shopId } = (await call('POST /shops', { body: { url: 'https://trail.example.com' } })).json;
    const shop = `/shops/${String(shopId)}`;
    const origins = ['https://more.example.com'];
    setFaults(faults);
    const ids = [
      await change(`PATCH ${shop}`, { disabled: true }),
      await change(`PATCH ${shop}`, { disabled: false }),
      await change(`POST ${shop}/keys/rotate`),
      await change(`POST ${shop}/keys/undo`),
      await change(`POST ${shop}/keys/rotate`, { force: true }),
      await change(`POST ${shop}/keys/retire`),
      await change(`POST ${shop}/keys/reset`),
      await change(`POST ${shop}/keys/reset`),
      await change(`POST ${shop}/tokens/revoke`),
      await change(`POST ${shop}/tokens/revoke`),
      await change(`POST ${shop}/tokens/undo`),
      await change(`POST ${shop}/origins`, { origins }),
      await change(`POST ${shop}/origins/remove`, { origins }),
    ];
    setFaults('');
    const entries = await auditOf(`subject=${String(shopId)}`);
    expect(entries.map(({ requestId }) => requestId).slice(0, -1)).toEqual(ids.toReversed());
    expect(entries.every(({ after, actor, code }) => after && actor && code === 'done')).toBe(true);
  });

  test('a shop and a service key are created, and every change of the key is made', async () => {
    setFaults(faults);
    const shop = await call('POST /shops', { body: { url: 'https://new.example.com' } });
    const key = await call('POST /service-keys', { body: { purpose: 'analytics', label: 'trail' } });
    expect([shop.status, key.status]).toEqual([201, 201]);
    const path = `/service-keys/${String(key.json.keyId)}`;
    const ids = [
      await change(`POST ${path}/tokens/revoke`),
      await change(`POST ${path}/tokens/revoke`),
      await change(`POST ${path}/rotate`),
      await change(`POST ${path}/revoke`),
    ];
    setFaults('');
    const found = (await auditOf('subject=deployment')).map(({ requestId }) => requestId);
    expect(found).toEqual(expect.arrayContaining([key.headers['x-request-id']?.[0], ...ids]));
    expect(await auditOf(`subject=${String(shop.json.shopId)}`)).toHaveLength(1);
  });

  test('users, clients and apps are revoked, twice in a row, and the entries are there without a further change', async () => {
    setFaults(faults);
    const ids: string[] = [];
    for (const kind of ['user', 'user', 'client', 'app'])
      ids.push(await change('POST /revocations', { kind, id: `${kind}-${faults.length}` }));
    setFaults('');
    const found = (await auditOf('subject=deployment&performed=revoke-subject')).map(({ requestId }) => requestId);
    expect(found).toEqual(expect.arrayContaining(ids));
  });

  test('an administrator is logged out, and that is recovered, too', async () => {
    const own = adminClient(gate.host.baseUrl, cookieOf(await logIn(gate.host.baseUrl, alice)));
    setFaults(faults);
    const ended = await own('DELETE /session');
    expect([ended.status, (await own('GET /session')).status]).toEqual([204, 401]);
    setFaults('');
    const requestId = ended.headers['x-request-id']?.[0];
    expect(await auditOf('subject=logins&performed=log-out')).toContainEqual(expect.objectContaining({ requestId }));
  });
});

test('a trail that hangs holds no change up beyond the time of its function', async () => {
  setFaults('dynamodb/PutItem@Audit:hang');
  const made = await call('POST /service-keys', { body: { purpose: 'analytics', label: 'hanging' } });
  const ids = [
    await change(`POST /service-keys/${String(made.json.keyId)}/rotate`),
    await change('POST /revocations', { kind: 'user', id: 'hanging' }),
    await change('POST /revocations', { kind: 'user', id: 'hanging' }),
  ];
  setFaults('');
  const found = (await auditOf('subject=deployment')).map(({ requestId }) => requestId);
  expect(found).toEqual(expect.arrayContaining(ids));
});

test('a look at a trail that accepts no entries shows what is there, and says that it may not be all', async () => {
  const { shopId } = (await call('POST /shops', { body: { url: 'https://look.example.com' } })).json;
  setFaults('dynamodb/PutItem@Audit:down');
  await change(`PATCH /shops/${String(shopId)}`, { disabled: true });
  const { status, json } = await call(`GET /audit?subject=${String(shopId)}`);
  expect([status, json.incomplete, (json.entries as Entry[]).length]).toEqual([200, true, 1]);
});

test('entries that wait are found from any look at the trail, whatever it is about, and by request id', async () => {
  const { shopId } = (await call('POST /shops', { body: { url: 'https://any.example.com' } })).json;
  setFaults('dynamodb/PutItem@Audit:down');
  const requestId = await change(`PATCH /shops/${String(shopId)}`, { disabled: true });
  const other = await change('POST /revocations', { kind: 'user', id: 'any' });
  setFaults('');
  expect((await call(`GET /explain/${requestId}`)).json.entry).toMatchObject({ subject: shopId, requestId });
  expect((await call(`GET /explain/${other}`)).json.entry).toMatchObject({ requestId: other });
});

test('a change that a killed gate had made but not copied is in the trail of the next', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'widget-gate-trail-'));
  const first = await startLocal('--data-dir', directory);
  const { admin, shop } = first.announcement;
  const clientOf = async ({ announcement: { baseUrl } }: LocalProcess): Promise<AdminClient> =>
    adminClient(baseUrl, cookieOf(await logIn(baseUrl, admin as AwsUser)));
  const inFirst = await clientOf(first);
  await setFaultsOf(directory, 'dynamodb/PutItem@Audit:hang');
  const cutOff = inFirst(`PATCH /shops/${shop.shopId}`, { body: { disabled: true } }).catch(() => 'cut off');
  while ((await inFirst(`GET /shops/${shop.shopId}`)).json.disabled !== true) await setTimeout(1);
  await first.end('SIGKILL');
  await cutOff;
  const second = await startLocal('--data-dir', directory);
  const entries = await auditOf(`subject=${shop.shopId}`, await clientOf(second));
  expect(entries[0]).toMatchObject({ action: 'set-switches', after: { disabled: true } });
  await second.end('SIGTERM');
  rmSync(directory, { recursive: true, force: true });
});

/** As an operator does it, who can read the gate's control file. */
async function setFaultsOf(directory: string, faults: string): Promise<void> {
  const { address, secret } = JSON.parse(readFileSync(join(directory, 'control.json'), 'utf8')) as Record<
    string,
    string
  >;
  const headers = [['Authorization', `Bearer ${secret}`]] as const;
  const answer = await callHttp(String(address), {
    method: 'PUT',
    path: '/faults',
    headers,
    body: JSON.stringify({ faults }),
  });
  expect(answer.status).toBe(200);
}

describe('logins are in the trail under a subject of their own:', () => {
  const login = (user: AwsUser) => logIn(gate.host.baseUrl, user);

  test('success, failure with its reason, a user who is not in the group, and log-out', async () => {
    const outsider = gate.createUser('outsider', false);
    const begun = await login(alice);
    const failed = await login({ ...alice, secretAccessKey: outsider.secretAccessKey });
    const foreign = await login(outsider);
    const ended = await adminClient(gate.host.baseUrl, cookieOf(begun))('DELETE /session');
    expect([begun.status, failed.status, foreign.status, ended.status]).toEqual([200, 401, 403, 204]);
    const arn = (name: string) => `arn:aws:iam::000000000000:user/${name}`;
    const idOf = ({ headers }: typeof begun) => headers['x-request-id']?.[0];
    const expected = [
      { action: 'log-out', code: 'done', actor: { arn: arn('alice') }, requestId: idOf(ended) },
      { action: 'log-in', code: 'not_in_admin_group', actor: { arn: arn('outsider') }, requestId: idOf(foreign) },
      { action: 'log-in', code: 'login_failed', after: { reason: 'signature_refused' }, requestId: idOf(failed) },
      { action: 'log-in', code: 'done', actor: { arn: arn('alice') }, requestId: idOf(begun) },
    ];
    expect((await auditOf('subject=logins')).slice(0, 4)).toMatchObject(expected);
    expect((await auditOf('')).slice(0, 4)).toMatchObject(expected);
    expect(await auditOf('subject=deployment&performed=log-in')).toEqual([]);
    expect(JSON.stringify(await auditOf('subject=logins'))).not.toContain(alice.accessKeyId);
  });

  test('a failed login is answered as ever while the trail fails, and is there when it answers again', async () => {
    setFaults('dynamodb/PutItem@Audit:down');
    const failed = await login({ ...alice, secretAccessKey: 'x'.repeat(40) });
    expect([failed.status, failed.json.code]).toEqual([401, 'login_failed']);
    setFaults('clock:offset=+1m');
    const fresh = adminClient(gate.host.baseUrl, cookieOf(await login(alice)));
    const found = await auditOf('subject=logins&code=login_failed', fresh);
    expect(found.map(({ requestId }) => requestId)).toContain(failed.headers['x-request-id']?.[0]);
  });

  test.each([
    ['is down', 'dynamodb/PutItem@Audit:down'],
    ['throttles', 'dynamodb/PutItem@Audit:throttle'],
    ['hangs', 'dynamodb/PutItem@Audit:hang'],
  ])('while the trail %s an administrator without a session logs in and resets a leaked key', async (_name, faults) => {
    const { shopId } = (await call('POST /shops', { body: { url: 'https://leaked.example.com' } })).json;
    setFaults(faults);
    const begun = await login(alice);
    expect(begun.status).toBe(200);
    const own = adminClient(gate.host.baseUrl, cookieOf(begun));
    expect((await own(`POST /shops/${String(shopId)}/keys/reset`)).status).toBe(200);
    setFaults('');
    const requestId = begun.headers['x-request-id']?.[0];
    expect(await auditOf('subject=logins')).toContainEqual(
      expect.objectContaining({ action: 'log-in', code: 'done', requestId }),
    );
  });

  test('who logs in while the trail fails cannot lose the entry: not by logging out, nor by using the session', async () => {
    setFaults('clock:offset=+2m;dynamodb/PutItem@Audit:down');
    const begun = await login(alice);
    const own = adminClient(gate.host.baseUrl, cookieOf(begun));
    setFaults('clock:offset=+4m;dynamodb/PutItem@Audit:down');
    expect([(await own('GET /session')).status, (await own('DELETE /session')).status]).toEqual([200, 204]);
    setFaults('clock:offset=+4m');
    const requestId = begun.headers['x-request-id']?.[0];
    expect(await auditOf('subject=logins')).toContainEqual(
      expect.objectContaining({ action: 'log-in', code: 'done', requestId }),
    );
  });

  test.each<[string, string, string, number]>([
    ['no JSON', '/login', '{', 1],
    ['a member too many', '/login', '{"code":"x"}', 2],
    ['no code', '/login/link', '{}', 3],
  ])('a login with %s is there, without what was sent', async (_name, path, body, minute) => {
    // The first of a minute has an entry of its own.
    setFaults(`clock:offset=+${minute}m`);
    const headers = [['X-Requested-With', 'x']] as const;
    const refused = await gate.call({ method: 'POST', path: `/admin/api${path}`, headers, body });
    expect(refused.status).toBe(400);
    const { code, requestId } = refused.json;
    const [entry] = await auditOf('subject=logins');
    expect(entry).toEqual({
      ...{ id: expect.any(String), at: expect.any(Number), subject: 'logins' },
      ...{ action: 'log-in', code, requestId },
    });
  });

  test('a login that another site asks for is there', async () => {
    const refused = await gate.call({ method: 'POST', path: '/admin/api/login', body: '{}' });
    expect(refused.json.code).toBe('cross_site_request');
    const entry = { action: 'log-in', code: 'cross_site_request', requestId: refused.json.requestId };
    expect((await auditOf('subject=logins'))[0]).toMatchObject(entry);
  });

  test('of logins above the limit of their address the first is there at once, the others summed up', async () => {
    setFaults('clock:offset=+3m');
    const call = { method: 'POST', path: '/admin/api/login/link', localAddress: '127.0.0.81' } as const;
    const headers = [['X-Requested-With', 'x']] as const;
    const knock = () => gate.call({ ...call, headers, body: '{"code":"guess"}' });
    let answer = await knock();
    for (let knocks = 0; answer.status === 401 && knocks < 2 * limits.loginCallsPerAddress; knocks += 1)
      answer = await knock();
    const further = await knock();
    expect([answer.status, further.status]).toEqual([429, 429]);
    setFaults('clock:offset=+4m');
    await getChallenge(gate.host.baseUrl);
    const found = await auditOf('subject=logins&code=too_many_requests');
    expect(found.flatMap(({ requestId, requestIds }) => requestId ?? requestIds)).toEqual(
      expect.arrayContaining([answer.json.requestId, further.json.requestId]),
    );
    expect(found.length).toBeLessThanOrEqual(3);
  });

  test('log-ins and log-outs are read as one, page by page, newest first and each once', async () => {
    for (let time = 0; time < 3; time += 1)
      await adminClient(gate.host.baseUrl, cookieOf(await login(alice)))('DELETE /session');
    const all = await auditOf('subject=logins');
    const byPages: Entry[] = [];
    let cursor: unknown;
    do {
      const more = cursor === undefined ? '' : `&cursor=${String(cursor)}`;
      const { json } = await call(`GET /audit?subject=logins&limit=2${more}`);
      expect((json.entries as Entry[]).length).toBeLessThanOrEqual(2);
      byPages.push(...(json.entries as Entry[]));
      cursor = json.cursor;
    } while (cursor !== undefined);
    // The administrator who queries is logged in already, so nothing is added in between.
    expect(byPages).toEqual(all);
    expect(all.map(({ at }) => at)).toEqual(all.map(({ at }) => Number(at)).toSorted((one, other) => other - one));
    expect(new Set(all.map(({ subject }) => subject))).toEqual(new Set(['logins', 'log-outs']));
    const outs = await auditOf('subject=logins&performed=log-out&actor=alice');
    expect(outs).toEqual(all.filter(({ action }) => action === 'log-out'));
  });

  test('a flood of failed logins takes few writes', async () => {
    setFaults('clock:offset=+5m');
    gate.host.aws.calls.reset();
    const path = '/admin/api/login/link';
    const headers = [['X-Requested-With', 'x']] as const;
    for (let time = 0; time < 60; time += 1)
      expect((await gate.call({ method: 'POST', path, headers, body: '{"code":"guess"}' })).status).toBe(401);
    const writes = gate.host.aws.calls.count({ action: 'dynamodb:PutItem', allowed: true });
    expect(writes).toBeLessThanOrEqual(25);
  });
});
