import { createLoginLink } from '#lambda/admin-login/links.ts';
import { loginByLink } from '#lambda/admin-login/login.ts';
import { AdminMembers } from '#lambda/admin-login/members.ts';
import { type AdminSession, authenticateSession } from '#lambda/admin-login/session.ts';
import { SessionIds } from '#lambda/admin-login/session-id.ts';
import { digestOf, newSecretId } from '#lambda/crypto/secret-id.ts';
import { DependencyError } from '#lambda/platform/stored.ts';
import {
  MemoryAuditTrail,
  MemoryKeptEntries,
  MemoryLoginLinkStore,
  MemorySessionStore,
  recoveryOf,
} from '#test/support/admin-stores.ts';

const NOW = 1_800_000_000;
const ALICE = { arn: 'arn:aws:iam::123456789012:user/alice', userId: 'AIDAABCDEFGHIJKLMNOPQ', userName: 'alice' };

const ids = new SessionIds('mark');
let now: number;
let members: Set<string>;
let iamFails: boolean;
let sessions: MemorySessionStore;
let links: MemoryLoginLinkStore;
let trail: MemoryAuditTrail;
let kept: MemoryKeptEntries;
let delays: number;
let admin: Parameters<typeof loginByLink>[1];
let asking: AdminSession;

beforeEach(async () => {
  now = NOW;
  members = new Set([ALICE.userId]);
  iamFails = false;
  sessions = new MemorySessionStore();
  links = new MemoryLoginLinkStore();
  trail = new MemoryAuditTrail();
  kept = new MemoryKeptEntries();
  delays = 0;
  const memberIds = async () => {
    if (iamFails) throw new DependencyError('IAM is down');
    return members;
  };
  const membership = new AdminMembers({ group: { memberIds }, now: () => now * 1_000 });
  admin = { ids, sessions, links, trail, kept, onDelay, members: membership };
  asking = await begun(ids.make());
});

const onDelay = (): void => {
  delays += 1;
};

async function begun(sessionId: string): Promise<AdminSession> {
  const times = { createdAt: now, lastSeenAt: now, provenAt: now * 1_000 };
  const session = { ...ALICE, sessionHash: digestOf(sessionId), ...times };
  await sessions.create(session);
  return session;
}

async function ask(session = asking): Promise<string> {
  const recording = {
    trail,
    recovery: recoveryOf(trail),
    actor: { arn: session.arn, userId: session.userId },
    action: 'create-login-link',
    requestId: 'request-1',
    nowMilliseconds: now * 1_000,
    onDelay,
  };
  const { code, expiresIn } = await createLoginLink(session.sessionHash, { links, kept }, recording);
  expect(expiresIn).toBe(60);
  return code;
}

const open = (code: string) => loginByLink(code, admin, { requestId: 'request-2', nowMilliseconds: now * 1_000 });
const opened = async (code: string): Promise<string> => {
  const result = await open(code);
  if (!result.ok) throw new Error(result.reason);
  return result.value.sessionId;
};
const use = (sessionId: string) => authenticateSession([sessionId], admin, now);
const failed = { ok: false, reason: 'login_failed', why: expect.stringMatching(/^link_/) };

test('a link has 256 random bits, which are stored by their digest and are nowhere in the trail', async () => {
  const code = await ask();
  expect(Buffer.from(code, 'base64url')).toHaveLength(32);
  expect([...links.links]).toEqual([[digestOf(code), { askedBy: asking.sessionHash, expiresAt: NOW + 60 }]]);
  const sessionId = await opened(code);
  const kept = JSON.stringify([...trail.entries, ...links.links.values(), ...sessions.sessions.values()]);
  for (const secret of [code, digestOf(code), sessionId]) expect(kept).not.toContain(secret);
});

test('a link that could not be stored is not handed out', async () => {
  links.failing = true;
  await expect(ask()).rejects.toThrow(DependencyError);
});

test('the user who opens it gets a separate session as the user who created it, and both are in the trail', async () => {
  const result = await open(await ask());
  expect(result).toEqual({ ok: true, value: { sessionId: expect.stringMatching(/^[\w-]{55}$/), user: ALICE } });
  expect(sessions.sessions.size).toBe(2);
  const actor = { arn: ALICE.arn, userId: ALICE.userId };
  expect(trail.entries).toMatchObject([
    { subject: 'deployment', action: 'create-login-link', actor, code: 'done', requestId: 'request-1' },
    { subject: 'logins', action: 'log-in', actor, code: 'done', requestId: 'request-2', after: { kind: 'link' } },
  ]);
});

test('the mark of a used link is kept for a minute beyond the link', async () => {
  await open(await ask());
  expect([...sessions.used.values()]).toEqual([NOW + 120]);
});

test('of fifty that open a link at the same time one gets in', async () => {
  const code = await ask();
  const results = await Promise.all(Array.from({ length: 50 }, () => open(code)));
  expect([results.filter(({ ok }) => ok).length, sessions.sessions.size]).toEqual([1, 2]);
  expect(trail.entries.filter(({ action }) => action === 'log-in')).toHaveLength(1);
});

describe('refuses with login_failed, and without a session,', () => {
  afterEach(() => {
    expect([...sessions.sessions.values()].filter(({ lastSeenAt }) => lastSeenAt > NOW)).toEqual([]);
    expect(trail.entries.filter(({ action }) => action === 'log-in')).toEqual([]);
  });

  test.each<[string, (code: string) => string]>([
    ['an unknown one', () => newSecretId()],
    ['its digest', (code) => digestOf(code)],
    ['one cut short', (code) => code.slice(0, -1)],
    ['one with more behind it', (code) => `${code} `],
    ['an empty one', () => ''],
    ['the digest of the session that asked', () => asking.sessionHash],
  ])('%s', async (_name, change) => {
    now += 1;
    expect(await open(change(await ask()))).toEqual(failed);
  });

  test.each([60, 61, 3_600])('one %d s old', async (seconds) => {
    const code = await ask();
    now += seconds;
    expect(await open(code)).toEqual({ ...failed, why: 'link_expired' });
  });

  test('one whose session logged out meanwhile', async () => {
    const code = await ask();
    await sessions.delete(asking.sessionHash);
    now += 1;
    expect(await open(code)).toEqual({ ...failed, why: 'link_session_over' });
  });

  test('one whose session came to its end meanwhile', async () => {
    await sessions.replace({ ...asking, createdAt: NOW - 28_790 });
    const code = await ask();
    now += 10;
    expect(await open(code)).toEqual(failed);
  });
});

test('a link that is 59 s old gets in', async () => {
  const code = await ask();
  now += 59;
  expect((await open(code)).ok).toBe(true);
});

test('a user who left the group meanwhile gets the reason and no session, and has used the link up', async () => {
  const code = await ask();
  members = new Set();
  now += 1;
  expect(await open(code)).toEqual({ ok: false, reason: 'not_in_admin_group', user: ALICE, kind: 'link' });
  expect(sessions.sessions.size).toBe(1);
  expect(await open(code)).toEqual({ ...failed, why: 'link_used' });
});

test.each<[string, (isDown: boolean) => void]>([
  [
    'IAM',
    (isDown) => {
      iamFails = isDown;
    },
  ],
  [
    'the session table',
    (isDown) => {
      sessions.failing = isDown;
    },
  ],
  [
    'the store of links',
    (isDown) => {
      links.failing = isDown;
    },
  ],
])('while %s is down it is an outage, never a yes or a no, and the link is not lost', async (_name, setDown) => {
  const code = await ask();
  setDown(true);
  await expect(open(code)).rejects.toThrow(DependencyError);
  expect(sessions.sessions.size).toBe(1);
  setDown(false);
  expect((await open(code)).ok).toBe(true);
});

test('while the trail is down links are made and let in, and each entry is kept', async () => {
  trail.failing = true;
  expect((await open(await ask())).ok).toBe(true);
  expect(kept.entries.map(({ subject, action }) => [subject, action])).toEqual([
    ['deployment', 'create-login-link'],
    ['logins', 'log-in'],
  ]);
  expect([trail.entries, delays]).toEqual([[], 2]);
});

test('while neither the trail nor its stand-in takes an entry no link is made, and none lets in', async () => {
  const code = await ask();
  trail.failing = true;
  kept.failing = true;
  await expect(ask()).rejects.toThrow(DependencyError);
  await expect(open(code)).rejects.toThrow(DependencyError);
  expect([links.links.size, sessions.sessions.size]).toEqual([1, 1]);
});

test.each(['the link', 'the session that asked'])('a record that is corrupt is an outage: %s', async (which) => {
  const code = await ask();
  const corrupt = { read: async () => ({ kind: 'corrupt' }) as const };
  Object.assign(which === 'the link' ? links : sessions, corrupt);
  await expect(open(code)).rejects.toThrow(DependencyError);
});

describe('a session by link', () => {
  test('ends eight hours after the proof by the access key, however many links are between', async () => {
    let session = asking;
    let sessionId = '';
    for (let hour = 0; hour < 8; hour += 1) {
      now += 3_540;
      session = { ...session, lastSeenAt: now };
      await sessions.replace(session);
      sessionId = await opened(await ask(session));
      session = sessions.sessions.get(digestOf(sessionId)) as AdminSession;
      expect(session.createdAt).toBe(NOW);
    }
    now = NOW + 28_799;
    expect(await use(sessionId)).toMatchObject({ userName: 'alice' });
    now = NOW + 28_800;
    expect(await use(sessionId)).toBeUndefined();
  });

  test('ends after a quarter of an hour without a use', async () => {
    const sessionId = await opened(await ask());
    now += 900;
    expect(await use(sessionId)).toBeUndefined();
  });

  test("ends within a minute of its user's leaving the group", async () => {
    const sessionId = await opened(await ask());
    members = new Set();
    now += 30;
    expect(await use(sessionId)).toBeUndefined();
  });

  test('outlives the logging out of the session that asked, once it has begun', async () => {
    const sessionId = await opened(await ask());
    await sessions.delete(asking.sessionHash);
    expect(await use(sessionId)).toMatchObject({ userName: 'alice' });
  });
});
