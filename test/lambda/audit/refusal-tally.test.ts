import { limits } from '#contract/limits.ts';
import { RefusalTally } from '#lambda/audit/refusal-tally.ts';
import { MemoryAuditTrail } from '#test/support/admin-stores.ts';

const MINUTE = 60_000;
let trail: MemoryAuditTrail;
let failures: unknown[];
let tally: RefusalTally;
beforeEach(() => {
  trail = new MemoryAuditTrail();
  failures = [];
  tally = new RefusalTally(trail, (error) => failures.push(error));
});

const note = (at: number, shopId?: string, code = 'expired', requestId = 'request'): Promise<void> | undefined =>
  tally.note({ shopId, code, requestId }, at);
const written = () => trail.entries.map(({ subject, code, count }) => [subject, code, count]);

test('the first refusal of a shop and code is written at once, the rest of its minute with the first one after it', async () => {
  await note(MINUTE, 'shop_one', 'expired', 'first');
  for (let call = 0; call < 1_000; call += 1) expect(note(MINUTE + call, 'shop_one')).toBeUndefined();
  expect(written()).toEqual([['refused/shop_one', 'expired', 1]]);
  expect(trail.entries[0]).toMatchObject({ action: 'refuse-calls', requestIds: ['first'], at: MINUTE });
  await note(2 * MINUTE, 'shop_one');
  expect(written()).toEqual([
    ['refused/shop_one', 'expired', 1],
    ['refused/shop_one', 'expired', 1_000],
    ['refused/shop_one', 'expired', 1],
  ]);
  expect(trail.entries[1]?.requestIds).toHaveLength(limits.auditRequestIdsPerEntry);
});

test('a flood over many shops runs up no writes: beyond twenty in a minute they are summed up together', async () => {
  for (let call = 0; call < 10_000; call += 1) await note(MINUTE, `shop_${call}`);
  expect(trail.entries.length).toBe(limits.auditSubjectsPerMinute + 1);
  await note(2 * MINUTE);
  const sum = trail.entries.reduce((total, { count = 0 }) => total + count, 0);
  expect(sum).toBe(10_001);
});

test('what names no shop of ours is summed up for the deployment', async () => {
  await note(MINUTE, undefined, 'malformed');
  expect(written()).toEqual([['refused/deployment', 'malformed', 1]]);
});

describe('of refused origins', () => {
  const refuse = (at: number, origins: readonly string[], code = 'origin_not_allowed') =>
    tally.note({ shopId: 'shop_one', code, requestId: `r ${origins.join()}`, origins }, at);

  test('each request id has its own, and of a flood there is only a sample', async () => {
    await refuse(MINUTE, ['https://first.example']);
    for (let call = 0; call < 10_000; call += 1) refuse(MINUTE, [`https://${'x'.repeat(5_000)}${call}.example`]);
    await refuse(2 * MINUTE, ['https://last.example']);
    const [first, sum] = trail.entries;
    expect(first).toMatchObject({ requestIds: ['r https://first.example'], origins: ['https://first.example'] });
    expect([sum?.count, sum?.requestIds?.length]).toEqual([10_000, limits.auditRequestIdsPerEntry]);
    expect(sum?.origins).toHaveLength(limits.auditRequestIdsPerEntry);
    for (const origin of sum?.origins ?? []) expect(origin).toHaveLength(limits.maxOriginChars);
  });

  test('one that is required and was not sent has a code of its own', async () => {
    await refuse(MINUTE, []);
    expect(trail.entries).toMatchObject([{ subject: 'refused/shop_one', code: 'origin_missing', count: 1 }]);
    expect(trail.entries[0]).not.toHaveProperty('origins');
  });

  test('refusals for another reason name none', async () => {
    await note(MINUTE, 'shop_one', 'expired');
    expect(trail.entries[0]).not.toHaveProperty('origins');
  });
});

test('a trail that fails fails no refusal, and is reported', async () => {
  trail.failing = true;
  await note(MINUTE);
  expect(failures).toHaveLength(1);
});
