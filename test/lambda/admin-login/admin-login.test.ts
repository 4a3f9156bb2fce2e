import { readCallerIdentity } from '#lambda/admin-login/caller-identity.ts';
import type { IdentityAnswer } from '#lambda/admin-login/challenge.ts';
import { type AdminLogin, CHALLENGE_PURPOSE, login, startLogin } from '#lambda/admin-login/login.ts';
import { AdminMembers } from '#lambda/admin-login/members.ts';
import { authenticateSession } from '#lambda/admin-login/session.ts';
import { SessionIds } from '#lambda/admin-login/session-id.ts';
import { digestOf } from '#lambda/crypto/secret-id.ts';
import { DependencyError } from '#lambda/platform/stored.ts';
import { RingKeeper } from '#lambda/ring/ring-keeper.ts';
import {
  MemoryAuditTrail,
  MemoryKeptEntries,
  MemoryLoginLinkStore,
  MemorySessionStore,
} from '#test/support/admin-stores.ts';
import { DEPLOYMENT, MemoryRingStore, sealingKeysFor } from '#test/support/shops.ts';

const NOW = 1_800_000_000;
const USER_ID = 'AIDAABCDEFGHIJKLMNOPQ';
const identityOf = (Arn: unknown, UserId: unknown = USER_ID, Account: unknown = '123456789012') =>
  new Map<string, unknown>([
    ['GetCallerIdentityResponse', { GetCallerIdentityResult: { Arn, UserId, Account }, ResponseMetadata: {} }],
  ]);
const ALICE = identityOf('arn:aws:iam::123456789012:user/alice');

let now: number;
let members: Set<string>;
let iamFails: boolean;
let asked: number;
let answer: IdentityAnswer | Error;
let sessions: MemorySessionStore;
let trail: MemoryAuditTrail;
let kept: MemoryKeptEntries;
let delays: object[];
let admin: AdminLogin;

beforeEach(() => {
  now = NOW;
  members = new Set([USER_ID]);
  iamFails = false;
  asked = 0;
  answer = { kind: 'confirmed', answer: ALICE };
  sessions = new MemorySessionStore();
  trail = new MemoryAuditTrail();
  kept = new MemoryKeptEntries();
  delays = [];
  const clock = { now: () => now * 1_000, random: () => 0.5 };
  admin = {
    ring: new RingKeeper({
      store: new MemoryRingStore(),
      derive: sealingKeysFor(CHALLENGE_PURPOSE),
      ...clock,
    }),
    identity: {
      callerIdentity: async () => {
        asked += 1;
        if (answer instanceof Error) throw answer;
        return answer;
      },
    },
    members: new AdminMembers({
      group: {
        memberIds: async () => {
          if (iamFails) throw new DependencyError('IAM is down');
          return members;
        },
      },
      ...clock,
    }),
    ids: new SessionIds('mark'),
    sessions,
    links: new MemoryLoginLinkStore(),
    trail,
    kept,
    onDelay: (fields) => delays.push(fields),
    endpoint: { region: 'eu-west-1', host: 'sts.eu-west-1.amazonaws.com', deployment: DEPLOYMENT },
    own: { partition: 'aws', accountId: '123456789012' },
    groupName: 'Qrvey-Admin',
  };
});

const proof = (challenge: string, changes: object = {}) => ({
  challenge,
  userName: 'alice',
  accessKeyId: 'AKIAABCDEFGHIJKLMNOP',
  signature: 'a'.repeat(64),
  ...changes,
});
const call = () => ({ requestId: 'request-1', nowMilliseconds: now * 1_000 });
const challenged = async (): Promise<string> => (await startLogin(admin, now)).challenge;
const logIn = async (changes: object = {}) => login(proof(await challenged(), changes), admin, call());

test('the request to sign is dictated whole, and bound to deployment and challenge', async () => {
  const { request } = await startLogin(admin, NOW);
  expect(request).toEqual({
    method: 'POST',
    host: 'sts.eu-west-1.amazonaws.com',
    path: '/',
    headers: {
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
      host: 'sts.eu-west-1.amazonaws.com',
      'x-amz-content-sha256': 'ab821ae955788b0e33ebd34c208442ccfc2d406e2edc5e7a39bd6458fbb4f843',
      'x-amz-date': '20270115T080000Z',
      'x-widget-gate-challenge': expect.stringMatching(/^widget-gate:000000000000:dev\/[\w-]{43}$/),
    },
    body: 'Action=GetCallerIdentity&Version=2011-06-15',
    amzDate: '20270115T080000Z',
    region: 'eu-west-1',
  });
});

test('a member who proves who they are gets a session, which is stored by its digest and is in the trail', async () => {
  const result = await logIn();
  if (!result.ok) throw new Error(result.reason);
  const { sessionId, user } = result.value;
  expect(user).toEqual({ arn: 'arn:aws:iam::123456789012:user/alice', userId: USER_ID, userName: 'alice' });
  expect([...sessions.sessions.keys()]).toEqual([digestOf(sessionId)]);
  expect(JSON.stringify([...sessions.sessions.values(), ...trail.entries])).not.toContain(sessionId);
  expect(trail.entries).toMatchObject([{ subject: 'logins', action: 'log-in', code: 'done', requestId: 'request-1' }]);
  expect(await authenticateSession([sessionId], admin, now)).toMatchObject({ userName: 'alice' });
});

describe('refuses with login_failed, and without a session,', () => {
  afterEach(() => {
    expect(sessions.sessions.size).toBe(0);
    expect(trail.entries).toEqual([]);
  });

  test.each<[string, IdentityAnswer['kind'] | ReadonlyMap<string, unknown>]>([
    ['a signature that STS refuses', 'refused'],
    ['another account', identityOf('arn:aws:iam::210987654321:user/alice', USER_ID, '210987654321')],
    ["another account's user whose answer states ours", identityOf('arn:aws:iam::210987654321:user/alice')],
    ['our account with another stated', identityOf('arn:aws:iam::123456789012:user/alice', USER_ID, '210987654321')],
    ['an account that is a number', identityOf('arn:aws:iam::123456789012:user/alice', USER_ID, 123456789012)],
    ['another partition', identityOf('arn:aws-cn:iam::123456789012:user/alice')],
    ['a role', identityOf('arn:aws:sts::123456789012:assumed-role/admin/alice', 'AROAABCDEFGHIJKLMNOPQ:alice')],
    ['a role that is named like a user', identityOf('arn:aws:iam::123456789012:role/user/alice')],
    ['the root user', identityOf('arn:aws:iam::123456789012:root', '123456789012')],
    ['a federated user', identityOf('arn:aws:sts::123456789012:federated-user/alice', '123456789012:alice')],
    ['an invalid user id', identityOf('arn:aws:iam::123456789012:user/alice', 'AROAABCDEFGHIJKLMNOPQ')],
    ["another user's name", identityOf('arn:aws:iam::123456789012:user/bob')],
    ['a name in another case', identityOf('arn:aws:iam::123456789012:user/Alice')],
    ['a path that ends in the name of another', identityOf('arn:aws:iam::123456789012:user/alice/bob')],
    ['no ARN', identityOf(undefined)],
    ['an ARN that is a list', identityOf(['arn:aws:iam::123456789012:user/alice'])],
    ['an empty answer', new Map()],
    ["another operation's answer", new Map([['AssumeRoleResponse', {}]])],
    [
      'an answer whose result is inherited',
      new Map([['GetCallerIdentityResponse', Object.create({ GetCallerIdentityResult: {} }) as object]]),
    ],
  ])('%s', async (_name, answered) => {
    answer = typeof answered === 'string' ? { kind: 'refused' } : { kind: 'confirmed', answer: answered };
    expect(await logIn()).toEqual({ ok: false, reason: 'login_failed', why: expect.any(String) });
    expect(asked).toBe(1);
  });

  test.each<[string, object]>([
    ['a temporary key', { accessKeyId: 'ASIAABCDEFGHIJKLMNOP' }],
    ['a key id with more in it', { accessKeyId: 'AKIAABCDEFGHIJKLMNOP/20270115/us-east-1/iam' }],
    ['a line break in the key id', { accessKeyId: 'AKIAABCDEFGHIJKLMNOP\r\nX: y' }],
    ['an empty key id', { accessKeyId: '' }],
    ['an empty name', { userName: '' }],
    ['a name with a slash', { userName: 'team/alice' }],
    ['a name of 65 characters', { userName: 'a'.repeat(65) }],
    ['a signature in upper case', { signature: 'A'.repeat(64) }],
    ['a signature cut short', { signature: 'a'.repeat(63) }],
    ['a signature with a header in it', { signature: `${'a'.repeat(60)}\r\nX:` }],
    ['no challenge', { challenge: '' }],
    ['a challenge that is text', { challenge: 'challenge' }],
  ])('%s, before STS is asked', async (_name, changes) => {
    expect(await logIn(changes)).toEqual({ ok: false, reason: 'login_failed', why: expect.any(String) });
    expect(asked).toBe(0);
  });

  test.each<[string, (challenge: string) => string]>([
    ['a character changed', (text) => `${text.slice(0, -1)}${text.endsWith('A') ? 'B' : 'A'}`],
    ['the tag cut short', (text) => text.slice(0, -6)],
    ['one of another deployment', () => ''],
  ])('a forged challenge: %s', async (_name, forge) => {
    expect(await login(proof(forge(await challenged())), admin, call())).toEqual({
      ok: false,
      reason: 'login_failed',
      why: expect.any(String),
    });
    expect(asked).toBe(0);
  });

  test('a challenge of another deployment that has the same ring', async () => {
    const endpoint = { ...admin.endpoint, deployment: 'widget-gate:000000000000:prod' };
    const { challenge } = await startLogin({ ...admin, endpoint }, now);
    expect(await login(proof(challenge), admin, call())).toEqual({
      ok: false,
      reason: 'login_failed',
      why: expect.any(String),
    });
  });

  test.each([60, 61, 3_600, -2])('a challenge %d s old', async (seconds) => {
    const challenge = await challenged();
    now += seconds;
    expect(await login(proof(challenge), admin, call())).toEqual({
      ok: false,
      reason: 'login_failed',
      why: expect.any(String),
    });
    expect(asked).toBe(0);
  });

  test('a challenge that was used, even by a login that failed', async () => {
    const challenge = await challenged();
    answer = { kind: 'refused' };
    await login(proof(challenge), admin, call());
    answer = { kind: 'confirmed', answer: ALICE };
    expect(await login(proof(challenge), admin, call())).toEqual({
      ok: false,
      reason: 'login_failed',
      why: expect.any(String),
    });
    expect(asked).toBe(1);
  });
});

test('the mark of a used challenge is kept for a minute beyond the challenge, whenever that was used', async () => {
  const challenge = await challenged();
  now += 59;
  expect((await login(proof(challenge), admin, call())).ok).toBe(true);
  expect([...sessions.used.values()]).toEqual([NOW + 120]);
});

describe('a failed login has its reason, for the trail alone:', () => {
  test.each<[string, () => Promise<unknown>]>([
    ['proof_malformed', () => logIn({ accessKeyId: 'ASIAABCDEFGHIJKLMNOP' })],
    ['challenge_malformed', () => logIn({ challenge: 'challenge' })],
    [
      'challenge_expired',
      async () => {
        const challenge = await challenged();
        now += 60;
        return login(proof(challenge), admin, call());
      },
    ],
    [
      'challenge_used',
      async () => {
        const challenge = await challenged();
        await login(proof(challenge), admin, call());
        return login(proof(challenge), admin, call());
      },
    ],
    [
      'signature_refused',
      () => {
        answer = { kind: 'refused' };
        return logIn();
      },
    ],
    [
      'not_a_user_of_this_account',
      () => {
        answer = { kind: 'confirmed', answer: identityOf('arn:aws:iam::123456789012:root', '123456789012') };
        return logIn();
      },
    ],
    [
      'user_name_differs',
      () => {
        answer = { kind: 'confirmed', answer: identityOf('arn:aws:iam::123456789012:user/bob') };
        return logIn();
      },
    ],
  ])('%s', async (why, attempt) => {
    expect(await attempt()).toEqual({ ok: false, reason: 'login_failed', why });
  });
});

test('of fifty parallel logins with one challenge one gets in', async () => {
  const challenge = await challenged();
  const results = await Promise.all(Array.from({ length: 50 }, () => login(proof(challenge), admin, call())));
  expect([results.filter(({ ok }) => ok).length, asked, sessions.sessions.size]).toEqual([1, 1, 1]);
});

test('a user who is proven but not in the group gets the reason and no session', async () => {
  members = new Set(['AIDAZZZZZZZZZZZZZZZZZ']);
  expect(await logIn()).toMatchObject({ ok: false, reason: 'not_in_admin_group', user: { userName: 'alice' } });
  expect(sessions.sessions.size).toBe(0);
});

test.each<[string, () => void]>([
  [
    'STS',
    () => {
      answer = new DependencyError('STS is down');
    },
  ],
  [
    'IAM',
    () => {
      iamFails = true;
    },
  ],
  [
    'the session table',
    () => {
      sessions.failing = true;
    },
  ],
  [
    'the trail, with the store that keeps its entries,',
    () => {
      trail.failing = true;
      kept.failing = true;
    },
  ],
])('while %s is down a login is an outage, never a yes or a no', async (_name, breakIt) => {
  breakIt();
  await expect(logIn()).rejects.toThrow(DependencyError);
  expect(sessions.sessions.size).toBe(0);
});

test('while the trail alone is down a member gets in, and the entry is kept before there is a session', async () => {
  trail.failing = true;
  const create = jest.spyOn(sessions, 'create').mockImplementationOnce(async () => {
    expect(kept.entries).toMatchObject([{ subject: 'logins', action: 'log-in', code: 'done', requestId: 'request-1' }]);
  });
  expect((await logIn()).ok).toBe(true);
  expect(create).toHaveBeenCalledTimes(1);
  expect(delays).toEqual([{ requestId: 'request-1', action: 'log-in', actor: 'arn:aws:iam::123456789012:user/alice' }]);
});

test('who was added just before the login is known at once, to it and to the session', async () => {
  await logIn();
  now += 1;
  members = new Set([USER_ID, 'AIDAZZZZZZZZZZZZZZZZZ']);
  answer = { kind: 'confirmed', answer: identityOf('arn:aws:iam::123456789012:user/zoe', 'AIDAZZZZZZZZZZZZZZZZZ') };
  const result = await logIn({ userName: 'zoe' });
  expect(result.ok && (await authenticateSession([result.value.sessionId], admin, now))).toMatchObject({
    userName: 'zoe',
  });
});

test('a list of members that was read in the second of the login, but before it, is not asked about its user', async () => {
  let milliseconds = NOW * 1_000;
  let ids = new Set<string>();
  const list = new AdminMembers({ group: { memberIds: async () => ids }, now: () => milliseconds });
  expect(await list.isMember(USER_ID, 0)).toBe(false);
  milliseconds += 1;
  ids = new Set([USER_ID]);
  expect(await list.isMember(USER_ID, milliseconds)).toBe(true);
});

test('a thousand calls read the members once', async () => {
  let reads = 0;
  const group = {
    memberIds: async () => {
      reads += 1;
      return members;
    },
  };
  const counted = new AdminMembers({ group, now: () => now * 1_000 });
  await Promise.all(Array.from({ length: 1_000 }, () => counted.isMember(USER_ID, 0)));
  now += 29;
  await counted.isMember(USER_ID, 0);
  expect(reads).toBe(1);
});

describe('a session', () => {
  const session = async (): Promise<string> => {
    const result = await logIn();
    if (!result.ok) throw new Error(result.reason);
    return result.value.sessionId;
  };
  const use = (...ids: string[]) => authenticateSession(ids, admin, now);

  test('ends after a quarter of an hour without a use', async () => {
    const id = await session();
    now += 899;
    expect(await use(id)).toBeDefined();
    now += 900;
    expect(await use(id)).toBeUndefined();
  });

  test('ends after eight hours however much it is used', async () => {
    const id = await session();
    for (let minutes = 0; minutes < 479; minutes += 10) {
      now += 600;
      if (now - NOW < 28_800) expect(await use(id)).toBeDefined();
    }
    now = NOW + 28_800;
    expect(await use(id)).toBeUndefined();
  });

  test("ends within a minute of its user's leaving the group, also if the same name is created again", async () => {
    const id = await session();
    members = new Set(['AIDAZZZZZZZZZZZZZZZZZ']);
    now += 30;
    expect(await use(id)).toBeUndefined();
  });

  test('is an outage while IAM is down for longer than a minute, and never a yes', async () => {
    const id = await session();
    iamFails = true;
    now += 59;
    expect(await use(id)).toBeDefined();
    now += 1;
    await expect(use(id)).rejects.toThrow(DependencyError);
  });

  test.each<[string, (id: string) => string[]]>([
    ['none', () => []],
    ['two', (id) => [id, id]],
    ['a made-up one', (id) => [`${id.slice(0, -1)}${id.endsWith('0') ? '1' : '0'}`]],
    ['an unknown one', () => [new SessionIds('mark').make()]],
    ['that of another deployment', () => [new SessionIds('another').make()]],
    ['its digest', (id) => [digestOf(id)]],
    ['an empty one', () => ['']],
    ['one with more behind it', (id) => [`${id} `]],
  ])('is not had with %s', async (_name, ids) => {
    expect(await use(...ids(await session()))).toBeUndefined();
  });

  test('is written at most once a minute', async () => {
    const id = await session();
    for (let second = 0; second < 120; second += 1) {
      now += 1;
      await use(id);
    }
    expect(sessions.writes).toBe(3);
  });
});

test('a user with a path is known by the name at its end', () => {
  const read = readCallerIdentity(identityOf('arn:aws:iam::123456789012:user/division/team/alice'), admin.own);
  expect(read).toMatchObject({ ok: true, value: { userName: 'alice' } });
});
