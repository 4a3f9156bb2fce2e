import { limits } from '#contract/limits.ts';
import { type FailedLogin, LoginTrail } from '#lambda/admin-login/trail.ts';
import { MemoryAuditTrail } from '#test/support/admin-stores.ts';

const MINUTE = 1_800_000_000_000;
const BOB = { arn: 'arn:aws:iam::1:user/bob', userId: 'AIDABOB' };
let trail: MemoryAuditTrail;
let failures: unknown[];
let logins: LoginTrail;
beforeEach(() => {
  trail = new MemoryAuditTrail();
  failures = [];
  logins = new LoginTrail(trail, (error) => failures.push(error));
});

let requests = 0;
const fail = async (at: number, failed: Partial<FailedLogin> = {}, times = 1): Promise<void> => {
  for (let time = 0; time < times; time += 1) {
    requests += 1;
    await logins.note(
      { code: 'login_failed', reason: 'signature_refused', requestId: `r${requests}`, ...failed },
      MINUTE + at,
    );
  }
};
const sum = () => trail.entries.reduce((total, { count = 1 }) => total + count, 0);

test('a failed login is in the trail at once, with its reason, and with the user where AWS vouched for one', async () => {
  await fail(0, { requestId: 'one' });
  await fail(1, { code: 'not_in_admin_group', actor: BOB, requestId: 'two' });
  const common = { id: expect.any(String), subject: 'logins', action: 'log-in' };
  expect(trail.entries[0]).toEqual({
    ...common,
    at: MINUTE,
    code: 'login_failed',
    requestId: 'one',
    after: { reason: 'signature_refused' },
  });
  expect(trail.entries[1]).toMatchObject({ ...common, code: 'not_in_admin_group', actor: BOB, requestId: 'two' });
});

test.each(['too_many_requests', 'invalid_json', 'invalid_request', 'cross_site_request'] as const)(
  'a flood of %s uses up no entry of logins that tried a proof; its first has one, and each is counted',
  async (code) => {
    const refused = { code, requestId: 'unread' };
    for (let call = 0; call < 1_000; call += 1) await logins.note(refused, MINUTE);
    await fail(2, { requestId: 'own' });
    expect(trail.entries.map((entry) => [entry.code, entry.requestId])).toEqual([
      [code, 'unread'],
      ['login_failed', 'own'],
    ]);
    await logins.flush(MINUTE + 60_000);
    expect(trail.entries.at(-1)).toMatchObject({ subject: 'logins', action: 'log-in', code, count: 999 });
    await logins.note(refused, MINUTE + 60_001);
    expect(trail.entries.at(-1)).toMatchObject({ code, requestId: 'unread' });
  },
);

test('a flood takes few writes, and each of its logins is counted', async () => {
  await fail(0, {}, 5_000);
  expect(trail.entries).toHaveLength(limits.loginFailuresPerMinute);
  await logins.flush(MINUTE + 60_000);
  expect(trail.entries).toHaveLength(limits.loginFailuresPerMinute + 1);
  expect(trail.entries.at(-1)).toMatchObject({
    at: MINUTE,
    until: MINUTE,
    count: 5_000 - limits.loginFailuresPerMinute,
  });
  expect(trail.entries.at(-1)?.requestIds).toHaveLength(limits.auditRequestIdsPerEntry);
  expect(sum()).toBe(5_000);
});

test('sums are kept by reason and user, and beyond their number without the user', async () => {
  await fail(0, {}, limits.loginFailuresPerMinute);
  for (let user = 0; user < 40; user += 1)
    await fail(1, {
      code: 'not_in_admin_group',
      actor: { arn: `arn:aws:iam::1:user/u${user}`, userId: `AIDA${user}` },
    });
  await logins.flush(MINUTE + 60_000);
  expect(trail.entries.length).toBeLessThanOrEqual(limits.loginFailuresPerMinute + 21);
  expect(sum()).toBe(limits.loginFailuresPerMinute + 40);
});

test('a trail that fails fails no refusal; what it did not take gets there when it answers again', async () => {
  trail.failing = true;
  await fail(0, { requestId: 'lost?' });
  expect(failures).toHaveLength(1);
  await fail(1_000, {}, 3);
  // It is left alone for a while, so that nobody waits for it again and again.
  expect(failures).toHaveLength(1);
  trail.failing = false;
  await logins.flush(MINUTE + 10_000);
  expect(trail.entries.map(({ requestId }) => requestId)).toContain('lost?');
  expect(sum()).toBe(4);
});

test('of a trail that fails for long, memory keeps the latest alone', async () => {
  trail.failing = true;
  for (let minute = 0; minute < 50; minute += 1) await fail(minute * 60_000, {}, limits.loginFailuresPerMinute);
  trail.failing = false;
  await logins.flush(MINUTE + 50 * 60_000);
  expect(trail.entries).toHaveLength(100);
  expect(trail.entries.at(-1)?.at).toBe(MINUTE + 49 * 60_000);
});
