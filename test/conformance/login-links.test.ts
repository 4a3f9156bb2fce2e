import { errors } from '#contract/errors.ts';
import { digestOf, newSecretId } from '#lambda/crypto/secret-id.ts';
import { parseFaults } from '#local/faults.ts';
import {
  type AdminClient,
  type AwsUser,
  adminClient,
  cookieOf,
  getChallenge,
  logIn,
  openLink,
} from '../support/admin.ts';
import { type RunningGate, startGate } from '../support/gate.ts';
import type { HttpAnswer } from '../support/http.ts';

let gate: RunningGate;
let alice: AwsUser;
let cookie: string;
let call: AdminClient;
beforeAll(async () => {
  gate = await startGate();
  alice = gate.createUser('alice', true);
  cookie = cookieOf(await logIn(gate.host.baseUrl, alice));
  call = adminClient(gate.host.baseUrl, cookie);
});
afterAll(() => gate.close());
afterEach(() => gate.host.setFaults(parseFaults('')));

const setFaults = (faults: string): void => gate.host.setFaults(parseFaults(faults));
const ask = async (client = call): Promise<string> => String((await client('POST /login-links')).json.code);
const open = (code: string): Promise<HttpAnswer> => openLink(gate.host.baseUrl, code);
const clientOf = (answer: HttpAnswer): AdminClient => adminClient(gate.host.baseUrl, cookieOf(answer));
const groupName = (): string => gate.deployment.groups[0]?.groupName ?? '';
const expectRefused = ({ status, json, headers }: HttpAnswer, expected: [number, string]): void => {
  expect([status, json.code]).toEqual(expected);
  expect(Object.keys(json)).toEqual(['code', 'message', 'requestId']);
  expect(headers['set-cookie']).toBeUndefined();
};

test('an administrator gets the code of a link, which is valid for a minute', async () => {
  const { status, json, headers } = await call('POST /login-links');
  expect([status, json]).toEqual([200, { code: expect.stringMatching(/^[\w-]{43}$/), expiresIn: 60 }]);
  expect(headers['cache-control']).toEqual(['no-store']);
});

test('who opens it gets the answer and the cookie of a login, with a session of its own', async () => {
  const answer = await open(await ask());
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
  expect(cookieOf(answer)).not.toBe(cookie);
  expect((await clientOf(answer)('GET /session')).json).toEqual((await call('GET /session')).json);
});

test('a browser that has a session gets another one, under an id that nobody chose', async () => {
  const before = cookieOf(await logIn(gate.host.baseUrl, gate.createUser('before', true)));
  const answer = await gate.call({
    method: 'POST',
    path: '/admin/api/login/link',
    headers: [
      ['Cookie', before],
      ['X-Requested-With', 'x'],
    ],
    body: JSON.stringify({ code: await ask() }),
  });
  expect(answer.json.userName).toBe('alice');
  expect([before, cookie]).not.toContain(cookieOf(answer));
});

test('of fifty that open a link at the same time one gets in, and the others are refused alike', async () => {
  const code = await ask();
  const answers = await Promise.all(Array.from({ length: 50 }, () => open(code)));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  for (const answer of answers.filter(({ status }) => status !== 200)) expectRefused(answer, [401, 'login_failed']);
  expect(new Set(answers.map(({ json }) => json.message)).size).toBe(2);
});

test('both are in the trail, with who, and without a secret', async () => {
  const code = await ask();
  const answer = await open(code);
  const [login, link] = [
    await call('GET /audit?subject=logins&actor=alice&limit=1'),
    await call('GET /audit?subject=deployment&actor=alice&limit=1'),
  ];
  const actor = { arn: 'arn:aws:iam::000000000000:user/alice', userId: answer.json.userId };
  expect([login.json.entries, link.json.entries].flat()).toEqual([
    expect.objectContaining({
      action: 'log-in',
      actor,
      code: 'done',
      requestId: answer.headers['x-request-id']?.[0],
      after: { kind: 'link' },
    }),
    expect.objectContaining({ action: 'create-login-link', actor, code: 'done' }),
  ]);
  for (const secret of [code, digestOf(code), cookieOf(answer).split('=')[1]])
    expect(login.text + link.text).not.toContain(secret);
});

test('opening one costs one call of IAM, none of STS, and six of the tables, one of which counts the address', async () => {
  const code = await ask();
  gate.host.aws.calls.reset();
  expect((await open(code)).status).toBe(200);
  const calls = gate.host.aws.calls.list().filter(({ via }) => via === undefined);
  expect(calls.map(({ action, times }) => `${action} ${times}`).sort()).toEqual([
    'dynamodb:GetItem 2',
    'dynamodb:PutItem 1',
    'dynamodb:PutItem 2',
    'dynamodb:UpdateItem 1',
    'iam:GetGroup 1',
  ]);
});

describe('refuses with one and the same 401', () => {
  test.each<[string, () => string | Promise<string>]>([
    ['nothing', () => ''],
    ['a code that nobody got', newSecretId],
    ['a code cut short', async () => (await ask()).slice(0, -1)],
    ['a code with a space behind it', async () => `${await ask()} `],
    ['a code in Base64 padding', async () => `${await ask()}=`],
    ['a code in another case', async () => swapCase(await ask())],
    ['the digest of a code', async () => digestOf(await ask())],
    ['the key of its record', async () => `login-link/${digestOf(await ask())}`],
    ['a path to another kind of record', () => '../temp/x'],
    ['the session id of who asked', () => cookie.split('=')[1] as string],
    ['a login challenge', async () => (await getChallenge(gate.host.baseUrl)).challenge],
    ['a text of 8,000 characters', () => 'A'.repeat(8_000)],
    [
      'a code that was used',
      async () => {
        const code = await ask();
        expect((await open(code)).status).toBe(200);
        return code;
      },
    ],
    [
      'a code whose minute is over',
      async () => {
        const code = await ask();
        setFaults('clock:offset=+1m');
        return code;
      },
    ],
    [
      'a code whose session logged out',
      async () => {
        const own = clientOf(await logIn(gate.host.baseUrl, alice));
        const code = await ask(own);
        expect((await own('DELETE /session')).status).toBe(204);
        return code;
      },
    ],
  ])('%s', async (_name, codeOf) => {
    const answer = await open(await codeOf());
    expectRefused(answer, [401, 'login_failed']);
    expect(answer.json.message).toBe(errors.login_failed.message);
  });
});

const swapCase = (text: string): string =>
  text.replace(/[a-z]/gi, (letter) => (letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase()));

test.each<[string, string, number, string]>([
  ['no JSON', '{', 400, 'invalid_json'],
  ['nothing', '', 400, 'invalid_json'],
  ['a list', '[]', 400, 'invalid_json'],
  ['a repeated member', '{"code":"a","code":"b"}', 400, 'invalid_json'],
  ['no code', '{}', 400, 'invalid_request'],
  ['a code that is a list', '{"code":["a"]}', 400, 'invalid_request'],
  ['an unknown member', '{"code":"a","userName":"alice"}', 400, 'invalid_request'],
  [
    'the proof of an access key',
    '{"challenge":"x","userName":"x","accessKeyId":"x","signature":"x"}',
    400,
    'invalid_request',
  ],
  ['too much', 'x'.repeat(8_193), 413, 'request_too_large'],
])('refuses to open a link with %s', async (_name, body, status, code) => {
  const headers = [['X-Requested-With', 'x']] as const;
  expectRefused(await gate.call({ method: 'POST', path: '/admin/api/login/link', headers, body }), [status, code]);
});

test('refuses the code of a link in place of a proof', async () => {
  const headers = [['X-Requested-With', 'x']] as const;
  const body = JSON.stringify({ code: await ask() });
  expectRefused(await gate.call({ method: 'POST', path: '/admin/api/login', headers, body }), [400, 'invalid_request']);
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
])('refuses a link %s, and leaves it as it was', async (_name, headers) => {
  const code = await ask();
  const opened = await gate.call({
    method: 'POST',
    path: '/admin/api/login/link',
    headers,
    body: JSON.stringify({ code }),
  });
  expectRefused(opened, [403, 'cross_site_request']);
  const asked = await gate.call({
    method: 'POST',
    path: '/admin/api/login-links',
    headers: [['Cookie', cookie], ...headers],
  });
  expectRefused(asked, [403, 'cross_site_request']);
  expect((await open(code)).status).toBe(200);
});

test('refuses to make a link for another user or a longer time: it accepts no members', async () => {
  for (const body of [{ userName: 'alice' }, { expiresIn: 3_600 }, { createdAt: 0 }])
    expectRefused(await call('POST /login-links', { body }), [400, 'invalid_request']);
});

test('a user who left the group between asking and opening gets the command that adds them', async () => {
  const leaver = gate.createUser('leaver', true);
  const code = await ask(clientOf(await logIn(gate.host.baseUrl, leaver)));
  gate.host.aws.users.removeFromGroup('leaver', groupName());
  const answer = await open(code);
  expectRefused(answer, [403, 'not_in_admin_group']);
  expect(answer.json.message).toContain(`aws iam add-user-to-group --group-name ${groupName()} --user-name leaver`);
  expect((await call('GET /audit?subject=logins&actor=leaver&code=not_in_admin_group')).json.entries).toEqual([
    expect.objectContaining({ action: 'log-in', code: 'not_in_admin_group', after: { kind: 'link' } }),
  ]);
});

test.each(['iam:down', 'iam:throttle', 'iam:hang', 'dynamodb:down'])(
  'while AWS fails (%s) a link is answered 503, never 401 and never let in, and is good afterwards',
  async (faults) => {
    const code = await ask();
    setFaults(faults);
    expectRefused(await open(code), [503, 'service_unavailable']);
    setFaults('');
    expect((await open(code)).status).toBe(200);
  },
);

test('while the trail fails links are made and let in, and both entries are there when it answers again', async () => {
  setFaults('dynamodb/PutItem@Audit:down');
  const asked = await call('POST /login-links');
  const opened = await open(String(asked.json.code));
  expect([asked.status, opened.status]).toEqual([200, 200]);
  setFaults('');
  const trailOf = async (query: string) => (await call(`GET /audit?${query}`)).json.entries;
  const requestId = (answer: HttpAnswer) => answer.headers['x-request-id']?.[0];
  const [link, login] = [{ requestId: requestId(asked) }, { requestId: requestId(opened), after: { kind: 'link' } }];
  expect(await trailOf('performed=create-login-link')).toContainEqual(expect.objectContaining(link));
  expect(await trailOf('subject=logins')).toContainEqual(expect.objectContaining(login));
});

describe('a session by link', () => {
  test('may do what any may, ask for a link too, and log out without ending the one that asked', async () => {
    const own = clientOf(await open(await ask()));
    const made = await own('POST /shops', { body: { url: 'https://by-link.example.com' } });
    expect(made.status).toBe(201);
    const second = clientOf(await open(await ask(own)));
    expect((await own('DELETE /session')).status).toBe(204);
    expect([(await own('GET /session')).status, (await second('GET /session')).status]).toEqual([401, 200]);
    expect((await call('GET /session')).status).toBe(200);
  });

  test('ends when its user is removed from the group', async () => {
    const user = gate.createUser('removed', true);
    const own = clientOf(await open(await ask(clientOf(await logIn(gate.host.baseUrl, user)))));
    expect((await own('GET /session')).status).toBe(200);
    gate.host.aws.users.removeFromGroup('removed', groupName());
    setFaults('clock:offset=+1m');
    const answer = await own('GET /session');
    expect([answer.status, answer.json.code]).toEqual([401, 'unauthorized']);
  });

  // Last, because after such a jump the AWS clients take a call to find their time again.
  test('counts its eight hours from the proof by the access key', async () => {
    const user = gate.createUser('patient', true);
    let own = clientOf(await logIn(gate.host.baseUrl, user));
    const { createdAt } = (await own('GET /session')).json;
    setFaults('clock:offset=+14m');
    own = clientOf(await retried(async () => open(await ask(own))));
    expect((await own('GET /session')).json.createdAt).toBe(createdAt);
  });
});

/** Once more where the first call only found the time. */
async function retried(attempt: () => Promise<HttpAnswer>): Promise<HttpAnswer> {
  const first = await attempt();
  return first.status === 200 ? first : attempt();
}
