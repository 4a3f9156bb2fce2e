import type { AuditEntry } from '#lambda/audit/entry.ts';
import type { WaitingRecord } from '#lambda/audit/outbox.ts';
import { copyToTrail } from '#lambda/audit/recording.ts';
import { AuditRecovery } from '#lambda/audit/recovery.ts';
import { DependencyError } from '#lambda/platform/stored.ts';
import { MemoryAuditTrail, MemoryOutboxes } from '#test/support/admin-stores.ts';

let trail: MemoryAuditTrail;
let outboxes: MemoryOutboxes;
let now: number;
let recovery: AuditRecovery;
beforeEach(() => {
  trail = new MemoryAuditTrail();
  outboxes = new MemoryOutboxes();
  now = 1_800_000_000_000;
  recovery = new AuditRecovery({ trail, outboxes, now: () => now });
});

const entryOf = (id: string): AuditEntry => ({ id, at: 1, subject: 'shop_one', action: 'reset-keys', code: 'done' });
const recordOf = (id: string, ...ids: string[]): WaitingRecord => ({
  kind: 'shop',
  id,
  auditOutbox: JSON.stringify(ids.map(entryOf)),
});
const written = () => trail.entries.map(({ id }) => id).sort();

test('the entries of every waiting record are copied, and only then taken out', async () => {
  outboxes.records = [recordOf('shop_1', 'a', 'b'), recordOf('shop_2', 'c'), recordOf('shop_3', 'd')];
  expect(await recovery.recover()).toBe(true);
  expect(written()).toEqual(['a', 'b', 'c', 'd']);
  expect(outboxes.emptied).toEqual(outboxes.records);
});

test('a trail that fails leaves every record as it is', async () => {
  outboxes.records = [recordOf('shop_1', 'a')];
  trail.failing = true;
  await expect(recovery.recover()).rejects.toThrow(DependencyError);
  expect(outboxes.emptied).toEqual([]);
});

const failingFor = (ids: ReadonlySet<string>) => {
  let calls = 0;
  const append = async (entries: readonly AuditEntry[]): Promise<void> => {
    calls += 1;
    if (entries.some(({ id }) => ids.has(id))) throw new DependencyError('append audit failed');
    await trail.append(entries);
  };
  recovery = new AuditRecovery({ trail: { append }, outboxes, now: () => now });
  return () => calls;
};

test('an entry that the trail never accepts keeps no other from being copied, and is not passed over in silence', async () => {
  failingFor(new Set(['bad']));
  outboxes.records = [recordOf('shop_0', 'bad'), ...['a', 'b', 'c'].map((id) => recordOf(`shop_${id}`, id))];
  await expect(recovery.recover()).rejects.toThrow(DependencyError);
  expect([written(), outboxes.emptied]).toEqual([['a', 'b', 'c'], outboxes.records.slice(1)]);
});

test('a trail that accepts nothing is not tried for every record', async () => {
  const ids = Array.from({ length: 50 }, (_, at) => `e${at}`);
  const calls = failingFor(new Set(ids));
  outboxes.records = ids.map((id) => recordOf(`shop_${id}`, id));
  await expect(recovery.recover()).rejects.toThrow(DependencyError);
  expect(calls()).toBeLessThan(10);
});

test('five records that fail are reason enough to try no other', async () => {
  const ids = ['1', '2', '3', '4', '5'];
  failingFor(new Set(ids));
  outboxes.records = [...ids, 'on the same page', 'on the next'].map((id) => recordOf(`shop_${id}`, id));
  await expect(recovery.recover()).rejects.toThrow(DependencyError);
  expect(written()).not.toContain('on the next');
});

test('entries that were copied but not taken out are copied once more, which adds nothing', async () => {
  outboxes.records = [recordOf('shop_1', 'a')];
  await recovery.recover();
  await recovery.recover();
  expect(written()).toEqual(['a']);
});

test.each([
  '{',
  'null',
  '7',
  '{}',
  '[null]',
  '[{}]',
  '[{"id":"x","at":"then","subject":"shop_one","action":"reset-keys","code":"done"}]',
  '[{"id":"x","at":9e99,"subject":"shop_one","action":"reset-keys","code":"done"}]',
  '[{"id":"x","at":1,"subject":"","action":"reset-keys","code":"done"}]',
])('an outbox that nobody can read keeps no other from being copied: %s', async (auditOutbox) => {
  outboxes.records = [{ kind: 'shop', id: 'shop_1', auditOutbox }, recordOf('shop_2', 'a')];
  await recovery.recover();
  expect([written(), outboxes.emptied]).toEqual([['a'], [outboxes.records[1]]]);
});

test.each([
  ['kept-login', 'shop_one', false],
  ['kept-login', 'deployment', false],
  ['kept-login', 'log-outs', false],
  ['kept-login', 'refused/shop_one', false],
  ['kept-login', 'logins', true],
  ['kept-entry', 'deployment', true],
] as const)('of a %s an entry about %s is copied: %s', async (kind, subject, isCopied) => {
  const auditOutbox = JSON.stringify([{ ...entryOf('a'), subject }]);
  outboxes.records = [{ kind, id: 'a', auditOutbox }];
  await recovery.recover();
  expect([written(), outboxes.emptied]).toEqual([isCopied ? ['a'] : [], outboxes.records]);
});

test('a copy that could not be noted as done is one all the same', async () => {
  outboxes.failing = true;
  await recovery.copy(recordOf('shop_1', 'a'));
  expect(written()).toEqual(['a']);
});

test('what takes too long is gone on with by the next, and said to be incomplete', async () => {
  const append = async (entries: readonly AuditEntry[]): Promise<void> => {
    now += 3_000;
    await trail.append(entries);
  };
  recovery = new AuditRecovery({ trail: { append }, outboxes, now: () => now });
  outboxes.records = ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => recordOf(`shop_${id}`, id));
  expect(await recovery.recover()).toBe(false);
  expect(written()).toEqual(['a', 'b']);
});

describe('after a change', () => {
  const waitingElsewhere = recordOf('shop_2', 'older');
  const copy = async (): Promise<number> => {
    let delays = 0;
    await copyToTrail(recordOf('shop_1', 'a'), {
      recovery,
      onDelay: () => {
        delays += 1;
      },
    });
    return delays;
  };

  test('a trail that answers gets what other records hold, too, at most once a minute', async () => {
    outboxes.records = [waitingElsewhere];
    expect(await copy()).toBe(0);
    expect(written()).toEqual(['a', 'older']);
    trail.entries = [];
    await copy();
    expect(written()).toEqual(['a']);
    now += 60_000;
    await copy();
    expect(written()).toEqual(['a', 'older']);
  });

  test('a trail that fails is reported, and others are not tried', async () => {
    outboxes.records = [waitingElsewhere];
    trail.failing = true;
    expect(await copy()).toBe(1);
    expect(outboxes.emptied).toEqual([]);
  });
});
