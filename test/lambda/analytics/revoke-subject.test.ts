import { revokeSubject } from '#lambda/analytics/revocations.ts';
import type { Revocation, RevocationSubject } from '#lambda/analytics/security-token.ts';
import type { AuditEntry } from '#lambda/audit/entry.ts';
import type { AuditRecovery } from '#lambda/audit/recovery.ts';
import { DependencyError, type Stored } from '#lambda/platform/stored.ts';
import { MemoryAuditTrail, recoveryOf } from '#test/support/admin-stores.ts';

const NOW = 1_800_000_000;
const ALICE = { kind: 'user', id: 'alice' } as const;

class MemoryRevocations {
  record: Revocation | undefined;
  reading: 'works' | 'corrupt' = 'works';
  writing: 'works' | 'conflicts' | 'fails' = 'works';

  read = async (): Promise<Stored<Revocation>> => {
    if (this.reading === 'corrupt') return { kind: 'corrupt' };
    return this.record === undefined ? { kind: 'absent' } : { kind: 'found', value: this.record };
  };

  replace = async (_subject: RevocationSubject, revocation: Revocation, before?: Revocation): Promise<boolean> => {
    if (this.writing === 'fails') throw new DependencyError('the store is down');
    if (this.writing === 'conflicts' || before?.lastAudit !== this.record?.lastAudit) return false;
    this.record = revocation;
    return true;
  };
}

let revocations: MemoryRevocations;
let trail: MemoryAuditTrail;
let recovery: AuditRecovery;
let delays: number;
beforeEach(() => {
  revocations = new MemoryRevocations();
  trail = new MemoryAuditTrail();
  recovery = recoveryOf(trail);
  delays = 0;
});

const revoke = (now = NOW) =>
  revokeSubject(ALICE, revocations, now, {
    trail,
    recovery,
    actor: { arn: 'arn:aws:iam::1:user/admin', userId: 'AIDA' },
    action: 'revoke-subject',
    requestId: `request-${now}`,
    nowMilliseconds: now * 1_000,
    onDelay: () => {
      delays += 1;
    },
  });
const entryIn = (record: Revocation | undefined) => JSON.parse(record?.lastAudit ?? 'null') as AuditEntry;

test('a revocation is returned, and its entry is in the record itself and in the trail', async () => {
  expect(await revoke()).toEqual({ ok: true, value: { ...ALICE, notBefore: NOW } });
  expect(revocations.record).toEqual({
    notBefore: NOW,
    lastAudit: expect.any(String),
    auditOutbox: expect.any(String),
  });
  expect(trail.entries).toEqual([
    expect.objectContaining({
      subject: 'deployment',
      action: 'revoke-subject',
      code: 'done',
      actor: { arn: 'arn:aws:iam::1:user/admin', userId: 'AIDA' },
      after: { ...ALICE, notBefore: NOW },
    }),
  ]);
  expect(entryIn(revocations.record)).toEqual(trail.entries[0]);
});

test('a second one goes on from the first, and never back, whatever the clocks say', async () => {
  for (const [now, notBefore] of [
    [NOW, NOW],
    [NOW + 10, NOW + 10],
    [NOW - 10, NOW + 10],
  ])
    expect(await revoke(now)).toEqual({ ok: true, value: { ...ALICE, notBefore } });
});

test('revocations whose trail fails remain, one after the other, and the next that reaches it brings all entries along', async () => {
  trail.failing = true;
  for (const now of [NOW, NOW + 1]) expect((await revoke(now)).ok).toBe(true);
  expect([delays, trail.entries, revocations.record?.notBefore]).toEqual([2, [], NOW + 1]);
  trail.failing = false;
  await revoke(NOW + 2);
  expect(trail.entries.map(({ requestId }) => requestId)).toEqual([NOW, NOW + 1, NOW + 2].map((at) => `request-${at}`));
});

test('the entry of a record that the release before wrote is copied, too', async () => {
  await revoke();
  const { lastAudit = '', notBefore = 0 } = revocations.record ?? {};
  revocations.record = { notBefore, lastAudit };
  trail.entries = [];
  await revoke(NOW + 1);
  expect(trail.entries.map(({ requestId }) => requestId)).toEqual([`request-${NOW}`, `request-${NOW + 1}`]);
});

test('the loser of a race gets a refusal, and leaves no entry', async () => {
  revocations.writing = 'conflicts';
  expect(await revoke()).toEqual({ ok: false, reason: 'version_conflict' });
  expect(trail.entries).toEqual([]);
});

test.each<[string, () => void]>([
  ['a record that can not be read', () => Object.assign(revocations, { reading: 'corrupt' })],
  ['a write that fails', () => Object.assign(revocations, { writing: 'fails' })],
])('%s is a fault, never a revocation that is returned and not there', async (_name, arrange) => {
  arrange();
  await expect(revoke()).rejects.toThrow(DependencyError);
  expect([revocations.record, trail.entries]).toEqual([undefined, []]);
});
