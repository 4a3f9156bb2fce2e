import { errors } from '#contract/errors.ts';
import { digestOf } from '#lambda/crypto/secret-id.ts';
import { parseFaults } from '#local/faults.ts';
import {
  type AwsUser,
  adminClient,
  cookieOf,
  getChallenge,
  logIn,
  sendProof,
  signChallenge,
} from '../support/admin.ts';
import { type RunningGate, startGate } from '../support/gate.ts';
import type { HttpAnswer } from '../support/http.ts';

let gate: RunningGate;
let alice: AwsUser;
let outsider: AwsUser;
beforeAll(async () => {
  gate = await startGate();
  alice = gate.createUser('alice', true);
  outsider = gate.createUser('outsider', false);
});
afterAll(() => gate.close());
afterEach(() => gate.host.setFaults(parseFaults('')));

const baseUrl = (): string => gate.host.baseUrl;
const groupName = (): string => gate.deployment.groups[0]?.groupName ?? '';
const expectRefused = ({ status, json, headers }: HttpAnswer, expected: [number, string]): void => {
  expect([status, json.code]).toEqual(expected);
  expect(Object.keys(json)).toEqual(['code', 'message', 'requestId']);
  expect(headers['set-cookie']).toBeUndefined();
};

test("a member of the group gets a session by a signature of the AWS SDK's own signer", async () => {
  const answer = await logIn(baseUrl(), alice);
  expect([answer.status, answer.json]).toEqual([
    200,
    { arn: 'arn:aws:iam::000000000000:user/alice', userId: expect.stringMatching(/^AIDA/), userName: 'alice' },
  ]);
  expect(answer.headers['set-cookie']).toEqual([
    expect.stringMatching(
      /^__Host-widget-gate-admin=[\w-]{55}; Max-Age=28800; Path=\/; Secure; HttpOnly; SameSite=Strict$/,
    ),
  ]);
  expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  expect((await adminClient(baseUrl(), cookieOf(answer))('GET /session')).status).toBe(200);
});

test('a login works the same with an STS that answers XML', async () => {
  gate.host.setFaults(parseFaults('sts:xml'));
  const answer = await logIn(baseUrl(), alice);
  expect([answer.status, answer.json.userName]).toEqual([200, 'alice']);
  expectRefused(await logIn(baseUrl(), outsider), [403, 'not_in_admin_group']);
  expectRefused(await logIn(baseUrl(), { ...alice, secretAccessKey: 'x'.repeat(40) }), [401, 'login_failed']);
});

test('the challenge is one request to sign, valid for a minute', async () => {
  expect(await getChallenge(baseUrl())).toEqual({
    challenge: expect.stringMatching(/^[\w-]+\.\.[\w-]+\.[\w-]+\.[\w-]+$/),
    region: 'us-east-1',
    host: 'sts.us-east-1.amazonaws.com',
    amzDate: expect.stringMatching(/^\d{8}T\d{6}Z$/),
    headers: expect.objectContaining({ host: 'sts.us-east-1.amazonaws.com' }),
    body: 'Action=GetCallerIdentity&Version=2011-06-15',
    expiresIn: 60,
  });
});

test('a proven user who is not in the group gets the command that adds them', async () => {
  const answer = await logIn(baseUrl(), outsider);
  expectRefused(answer, [403, 'not_in_admin_group']);
  expect(answer.json.message).toContain(`aws iam add-user-to-group --group-name ${groupName()} --user-name outsider`);
});

test('a login costs one call of STS, one of IAM and five of the tables, two of which count the address', async () => {
  await logIn(baseUrl(), gate.createUser('counted', true));
  gate.host.setFaults(parseFaults('clock:offset=+1m'));
  gate.host.aws.calls.reset();
  expect((await logIn(baseUrl(), alice)).status).toBe(200);
  const calls = gate.host.aws.calls.list().filter(({ via }) => via === undefined);
  expect(calls.map(({ action, times }) => `${action} ${times}`).sort()).toEqual([
    'dynamodb:PutItem 1',
    'dynamodb:PutItem 2',
    'dynamodb:UpdateItem 2',
    'iam:GetGroup 1',
    'sts:GetCallerIdentity 1',
  ]);
});

describe('refuses with one and the same 401', () => {
  const signed = async (user: AwsUser, changes: object = {}): Promise<object> => {
    const challenge = await getChallenge(baseUrl());
    const signature = await signChallenge(challenge, user);
    const { userName, accessKeyId } = user;
    return { challenge: challenge.challenge, userName, accessKeyId, signature, ...changes };
  };

  test.each<[string, () => Promise<object>]>([
    ['a wrong secret', () => signed({ ...alice, secretAccessKey: 'x'.repeat(40) })],
    ['an unknown key id', () => signed({ ...alice, accessKeyId: 'AKIAZZZZZZZZZZZZZZZZ' })],
    ["another member's name", () => signed(alice, { userName: 'counted' })],
    ["an outsider under a member's name", () => signed({ ...outsider, userName: 'alice' })],
    ["a key id that is not the signer's", () => signed(alice, { accessKeyId: outsider.accessKeyId })],
    [
      "a function role's temporary credentials",
      async () => {
        const role = gate.deployment.roles[0]?.arn ?? '';
        return signed({ userName: 'alice', ...gate.host.aws.credentialsFor(role) });
      },
    ],
    [
      'a signature for another region',
      async () => {
        const challenge = await getChallenge(baseUrl());
        const signature = await signChallenge({ ...challenge, region: 'eu-west-1' }, alice);
        return { ...(await signed(alice)), challenge: challenge.challenge, signature };
      },
    ],
    [
      'a signature over another host',
      async () => {
        const challenge = await getChallenge(baseUrl());
        const headers = { ...challenge.headers, host: 'sts.amazonaws.com' };
        const signature = await signChallenge({ ...challenge, host: 'sts.amazonaws.com', headers }, alice);
        return { ...(await signed(alice)), challenge: challenge.challenge, signature };
      },
    ],
    [
      'a signature over another operation',
      async () => {
        const challenge = await getChallenge(baseUrl());
        const body = 'Action=GetSessionToken&Version=2011-06-15';
        const headers = { ...challenge.headers, 'x-amz-content-sha256': digestOf(body) };
        const signature = await signChallenge({ ...challenge, headers, body }, alice);
        return { ...(await signed(alice)), challenge: challenge.challenge, signature };
      },
    ],
    [
      'a signature for another challenge',
      async () => ({ ...(await signed(alice)), challenge: (await getChallenge(baseUrl())).challenge }),
    ],
    [
      'a challenge of our own making',
      () => signed(alice, { challenge: 'e30..AAAAAAAAAAAAAAAA.AA.AAAAAAAAAAAAAAAAAAAAAA' }),
    ],
  ])('%s', async (_name, makeProof) => {
    const answer = await sendProof(baseUrl(), await makeProof());
    expectRefused(answer, [401, 'login_failed']);
    expect(answer.json.message).toBe(errors.login_failed.message);
  });

  test('a proof that was used before', async () => {
    const proof = await signed(alice);
    expect((await sendProof(baseUrl(), proof)).status).toBe(200);
    expectRefused(await sendProof(baseUrl(), proof), [401, 'login_failed']);
  });

  test('a proof whose minute is over', async () => {
    const proof = await signed(alice);
    gate.host.setFaults(parseFaults('clock:offset=+1m'));
    expectRefused(await sendProof(baseUrl(), proof), [401, 'login_failed']);
  });

  test('a key that was taken from its user', async () => {
    const user = gate.createUser('keyless', true);
    gate.host.aws.users.removeAccessKey(user.accessKeyId);
    expectRefused(await logIn(baseUrl(), user), [401, 'login_failed']);
  });
});

test.each<[string, string | object, number, string]>([
  ['no JSON', '{', 400, 'invalid_json'],
  ['a list', '[]', 400, 'invalid_json'],
  ['a repeated member', '{"userName":"a","userName":"b"}', 400, 'invalid_json'],
  ['a missing member', { challenge: 'x', userName: 'alice', accessKeyId: 'x' }, 400, 'invalid_request'],
  [
    'an unknown member',
    { challenge: 'x', userName: 'a', accessKeyId: 'x', signature: 'x', url: 'https://evil.example' },
    400,
    'invalid_request',
  ],
  [
    'a secret access key, which must never be sent',
    { challenge: 'x', userName: 'a', accessKeyId: 'x', signature: 'x', secretAccessKey: 'x' },
    400,
    'invalid_request',
  ],
  ['too much', 'x'.repeat(8_193), 413, 'request_too_large'],
])('refuses a login with %s', async (_name, body, status, code) => {
  const answer = await gate.call({
    method: 'POST',
    path: '/admin/api/login',
    headers: [['X-Requested-With', 'x']],
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  expectRefused(answer, [status, code]);
});

test.each<[string, readonly (readonly [string, string])[]]>([
  ['without X-Requested-With', []],
  [
    'from a foreign page',
    [
      ['X-Requested-With', 'x'],
      ['Origin', 'https://evil.example'],
    ],
  ],
])('refuses to begin a login %s', async (_name, headers) => {
  const answer = await gate.call({ method: 'POST', path: '/admin/api/login/challenge', headers });
  expectRefused(answer, [403, 'cross_site_request']);
});

test.each([
  'sts:down',
  'sts:throttle',
  'sts:throttle,xml',
  'sts:delay=4s',
  'iam:down',
  'iam:throttle',
  'iam:hang',
  'dynamodb:down',
])('while AWS fails (%s) a login is answered 503, never 401 and never let in', async (faults) => {
  gate.host.setFaults(parseFaults(faults));
  expectRefused(await logIn(baseUrl(), alice), [503, 'service_unavailable']);
});

test('a member on the third page of the group gets in', async () => {
  const { users } = gate.host.aws;
  for (let index = 0; index < 2_100; index += 1) {
    users.create(`member-${index}`);
    users.addToGroup(`member-${index}`, groupName());
  }
  const ids = users.membersOf(groupName()).map(({ userId, userName }) => ({ userId, userName }));
  const last = ids.sort((a, b) => (a.userId < b.userId ? -1 : 1)).at(-1)?.userName ?? '';
  gate.host.setFaults(parseFaults('clock:offset=+2m'));
  gate.host.aws.calls.reset();
  expect((await logIn(baseUrl(), { userName: last, ...users.createAccessKey(last) })).status).toBe(200);
  expect(gate.host.aws.calls.list().find(({ action }) => action === 'iam:GetGroup')?.times).toBe(3);
});

describe('a session', () => {
  const sessionOf = async (user: AwsUser) => adminClient(baseUrl(), cookieOf(await logIn(baseUrl(), user)));

  test.each<[string, (user: AwsUser) => void]>([
    ['is removed from the group', ({ userName }) => gate.host.aws.users.removeFromGroup(userName, groupName())],
    ['is deleted', ({ userName }) => gate.host.aws.users.remove(userName)],
    [
      'is deleted and another made under the name',
      ({ userName }) => {
        gate.host.aws.users.remove(userName);
        gate.createUser(userName, true);
      },
    ],
  ])('ends when its user %s', async (name, end) => {
    const user = gate.createUser(`leaver-${name.length}`, true);
    const call = await sessionOf(user);
    expect((await call('GET /session')).status).toBe(200);
    end(user);
    gate.host.setFaults(parseFaults('clock:offset=+1m'));
    const answer = await call('GET /session');
    expect([answer.status, answer.json.code]).toEqual([401, 'unauthorized']);
  });

  test('goes on when its user is renamed', async () => {
    const user = gate.createUser('renamed', true);
    const call = await sessionOf(user);
    gate.host.aws.users.rename('renamed', 'renamed-again');
    gate.host.setFaults(parseFaults('clock:offset=+4m'));
    expect((await call('GET /session')).status).toBe(200);
  });

  test.each<[string, (cookie: string) => string]>([
    ['twice in one header', (cookie) => `${cookie}; ${cookie}`],
    ['cut short', (cookie) => cookie.slice(0, -1)],
    ['under another name', (cookie) => cookie.replace('admin', 'user')],
    ['behind a no-break space, which makes another name', (cookie) => `\u00a0${cookie}`],
    ['with a no-break space in front of its =', (cookie) => cookie.replace('=', '\u00a0=')],
    ['twice, once with a blank in front of its =', (cookie) => `${cookie}; ${cookie.replace('=', ' =')}`],
    ['with a foreign value beside it', (cookie) => `${cookie}; ${cookie.split('=')[0]}=${'A'.repeat(43)}`],
  ])('is not had with its cookie %s', async (_name, change) => {
    const cookie = cookieOf(await logIn(baseUrl(), alice));
    expect((await adminClient(baseUrl(), change(cookie))('GET /session')).status).toBe(401);
    expect((await adminClient(baseUrl(), `other=1; ${cookie}`)('GET /session')).status).toBe(200);
  });

  test.each(['dynamodb:down', 'iam:down'])('is an outage while AWS fails (%s), never a false 401', async (faults) => {
    const call = await sessionOf(alice);
    gate.host.setFaults(parseFaults(`${faults};clock:offset=+3m`));
    expect((await call('GET /session')).status).toBe(503);
  });

  // Last, because after such a jump the AWS clients take a call to find their time again.
  test('ends after a quarter of an hour without a use', async () => {
    const call = await sessionOf(gate.createUser('idle', true));
    gate.host.setFaults(parseFaults('clock:offset=+16m'));
    expect((await call('GET /session')).status).toBe(401);
  });
});
