import { endSession } from '#lambda/admin-login/session.ts';
import type { Revocation, RevocationSubject } from '#lambda/analytics/security-token.ts';
import { MemoryAuditTrail, MemorySessionStore, recoveryOf } from '#test/support/admin-stores.ts';

const NOW = 1_800_000_000;
const HASH = 'a'.repeat(64);
const ALICE = { arn: 'arn:aws:iam::1:user/alice', userId: 'AIDA' };
const session = { ...ALICE, userName: 'alice', sessionHash: HASH, createdAt: NOW, lastSeenAt: NOW, provenAt: NOW };

let trail: MemoryAuditTrail;
let sessions: MemorySessionStore;
let revocations: Map<string, Revocation>;
let delays: number;
beforeEach(async () => {
  trail = new MemoryAuditTrail();
  sessions = new MemorySessionStore();
  revocations = new Map();
  delays = 0;
  await sessions.create(session);
});

const replace = async ({ kind, id }: RevocationSubject, revocation: Revocation): Promise<boolean> => {
  if (revocations.has(`${kind}/${id}`)) return false;
  revocations.set(`${kind}/${id}`, revocation);
  return true;
};
const logOut = () =>
  endSession(HASH, { sessions, revocations: { replace } }, NOW, {
    trail,
    recovery: recoveryOf(trail),
    actor: ALICE,
    action: 'log-out',
    requestId: 'request-1',
    nowMilliseconds: NOW * 1_000,
    onDelay: () => {
      delays += 1;
    },
  });

test('a log-out ends the session and is in the trail, under a subject that no login can write', async () => {
  await logOut();
  expect([sessions.sessions.size, delays]).toEqual([0, 0]);
  expect(trail.entries).toEqual([
    {
      id: expect.any(String),
      at: NOW * 1_000,
      subject: 'log-outs',
      action: 'log-out',
      actor: ALICE,
      requestId: 'request-1',
      code: 'done',
    },
  ]);
});

test('a trail that fails keeps nobody logged in, and the entry waits in a record', async () => {
  trail.failing = true;
  await logOut();
  expect([sessions.sessions.size, delays]).toEqual([0, 1]);
  expect(revocations.get(`admin-session/${HASH}`)?.auditOutbox).toContain('"action":"log-out"');
});

test('a session that is ended twice at once has one entry', async () => {
  await Promise.all([logOut(), logOut()]);
  expect([sessions.sessions.size, trail.entries.length]).toEqual([0, 1]);
});
