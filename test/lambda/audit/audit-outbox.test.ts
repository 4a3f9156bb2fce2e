import fc from 'fast-check';
import { limits } from '#contract/limits.ts';
import type { AuditEntry } from '#lambda/audit/entry.ts';
import { type AuditedRecord, EMPTY_OUTBOX, waitingEntries, withEntry } from '#lambda/audit/outbox.ts';

const actors = [
  { arn: 'arn:aws:iam::1:user/alice', userId: 'AIDAALICE' },
  { arn: 'arn:aws:iam::1:user/bob', userId: 'AIDABOB' },
];
const entryOf = (at: number, changes: Partial<AuditEntry> = {}): AuditEntry => ({
  id: `e${at}`,
  at,
  subject: 'shop_one',
  action: 'set-switches',
  actor: actors[0] as AuditEntry['actor'] & object,
  requestId: `r${at}`,
  code: 'done',
  before: { disabled: false },
  after: { disabled: true },
  ...changes,
});
const recordOf = (entries: readonly AuditEntry[], record?: AuditedRecord): AuditedRecord =>
  entries.reduce<AuditedRecord | undefined>((before, entry) => withEntry(before, entry), record) ?? {};

test('a record keeps the entries of all changes since its outbox was emptied, oldest first', () => {
  const entries = [1, 2, 3].map((at) => entryOf(at));
  const record = recordOf(entries);
  expect(waitingEntries(record)).toEqual(entries);
  expect(waitingEntries({ ...record, auditOutbox: EMPTY_OUTBOX })).toEqual([]);
});

test('the last entry is also where the release before looks for it', () => {
  expect(JSON.parse(recordOf([entryOf(1), entryOf(2)]).lastAudit ?? '')).toEqual(entryOf(2));
});

test('the one entry of a record that the release before wrote is kept with those that follow', () => {
  const old = { lastAudit: JSON.stringify(entryOf(1)) };
  expect(waitingEntries(old)).toEqual([entryOf(1)]);
  expect(waitingEntries(recordOf([entryOf(2)], old))).toEqual([entryOf(1), entryOf(2)]);
  expect(waitingEntries({})).toEqual([]);
});

test.each(['{', 'null', '{}', '[null]', '[{"id":"x"}]'])(
  'an outbox that nobody can read holds back no change of its record: %s',
  (auditOutbox) => {
    expect(waitingEntries(recordOf([entryOf(1)], { auditOutbox }))).toEqual([entryOf(1)]);
    expect(waitingEntries(recordOf([entryOf(1)], { lastAudit: auditOutbox }))).toEqual([entryOf(1)]);
  },
);

const sizeOf = ({ auditOutbox = '' }: AuditedRecord): number => Buffer.byteLength(auditOutbox);

test('beyond its size the oldest entries lose what changed, and keep who, what, when and in which request', () => {
  const after = { origins: ['x'.repeat(10_000)] };
  const record = recordOf(Array.from({ length: 12 }, (_, at) => entryOf(at, { after })));
  expect(sizeOf(record)).toBeLessThanOrEqual(limits.maxAuditOutboxBytes);
  const entries = waitingEntries(record);
  const { before: _before, after: _after, ...kept } = entryOf(0);
  expect([entries[0], entries.at(-1)]).toEqual([{ ...kept, shortened: true }, entryOf(11, { after })]);
  expect(entries.map(({ requestId }) => requestId)).toEqual(Array.from({ length: 12 }, (_, at) => `r${at}`));
});

test('however many changes wait, each is counted for its actor and action, within the times of its line', () => {
  const change = fc.record({
    actor: fc.constantFrom(...actors),
    action: fc.constantFrom('reset-keys', 'set-switches'),
  });
  fc.assert(
    fc.property(fc.array(change, { minLength: 400, maxLength: 900 }), (changes) => {
      const record = recordOf(changes.map((members, at) => entryOf(at, members)));
      expect(sizeOf(record)).toBeLessThanOrEqual(limits.maxAuditOutboxBytes);
      const entries = waitingEntries(record);
      for (const actor of actors)
        for (const action of ['reset-keys', 'set-switches']) {
          const made = changes.flatMap((one, at) => (one.actor === actor && one.action === action ? [at] : []));
          const lines = entries.filter((entry) => entry.actor?.userId === actor.userId && entry.action === action);
          expect(lines.reduce((sum, { count = 1 }) => sum + count, 0)).toBe(made.length);
          expect(Math.min(...lines.map(({ at }) => at))).toBe(Math.min(...made));
          expect(Math.max(...lines.map(({ at, until = at }) => until))).toBe(Math.max(...made));
        }
    }),
    { numRuns: 5 },
  );
});

test('a sum has an id of its own, so that one of its parts in the trail does not pass for it', () => {
  const record = recordOf(Array.from({ length: 1_000 }, (_, at) => entryOf(at)));
  const [sum] = waitingEntries(record);
  expect(sum).toMatchObject({ at: 0, shortened: true, requestIds: expect.arrayContaining(['r0']) });
  expect(sum?.id).not.toBe('e0');
  expect(sum?.requestIds?.length).toBe(limits.auditRequestIdsPerEntry);
});
