import fc from 'fast-check';
import type { AuditQuery } from '#lambda/audit/entry.ts';
import { auditFilter, readAuditCursor, writeAuditCursor } from '#lambda/audit/trail-query.store.ts';

const TO = Date.parse('2026-11-21T12:00:00.000Z');
const FROM = Date.parse('2026-11-14T12:00:00.000Z');
const query = (changes: Partial<AuditQuery> = {}): AuditQuery => ({ from: FROM, to: TO, limit: 50, ...changes });
const DAY = '2026-11-20';
const AT = '2026-11-20T08:00:00.000Z#e1';
const keyOf = (subject: string, at = AT, day = DAY) => ({ subject: { S: subject }, at: { S: at }, day: { S: day } });
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

test('a query without a cursor begins on its last day, within its own times', () => {
  expect(readAuditCursor(query())).toEqual({ from: FROM, to: TO, day: '2026-11-21', after: undefined });
});

test('a cursor of all subjects leads to the day and behind the entry that it was written for', () => {
  const place = { from: FROM, to: TO, day: DAY, after: keyOf('shop_one') };
  expect(readAuditCursor(query({ cursor: writeAuditCursor(place) }))).toEqual(place);
  const whole = { from: FROM, to: TO, day: DAY, after: undefined };
  expect(readAuditCursor(query({ cursor: writeAuditCursor(whole) }))).toEqual(whole);
});

test('a cursor of one subject has the key of the table, in which there is no day', () => {
  const { day: _, ...after } = keyOf('shop_one');
  const cursor = writeAuditCursor({ from: FROM, to: TO, day: DAY, after });
  expect(readAuditCursor(query({ subject: 'shop_one', cursor }))).toEqual({ from: FROM, to: TO, day: DAY, after });
});

test('the times of a cursor hold, not those of the query, which moves on with the clock', () => {
  const cursor = writeAuditCursor({ from: FROM, to: TO, day: DAY, after: undefined });
  const later = query({ from: FROM + 60_000, to: TO + 60_000, cursor });
  expect(readAuditCursor(later)).toMatchObject({ from: FROM, to: TO });
});

test('a cursor may lead to the first and the last day, and to the first and the last moment', () => {
  const places = [
    [FROM, TO, '2026-11-14'],
    [FROM, TO, '2026-11-21'],
    [FROM, TO, '2026-11-14', 'shop_one', '2026-11-14T12:00:00.000Z#', '2026-11-14'],
    [FROM, TO, '2026-11-21', 'shop_one', '2026-11-21T12:00:00.000Z#zzz', '2026-11-21'],
  ];
  for (const place of places) expect(readAuditCursor(query({ cursor: encode(place) }))).toBeDefined();
});

describe('refuses a cursor', () => {
  test.each<[string, string]>([
    ['that is empty', ''],
    ['that is junk', 'junk'],
    ['that is not a list', encode({ from: FROM })],
    ['that is null', encode(null)],
    ['that is an empty list', encode([])],
    ['whose beginning is a text', encode([String(FROM), TO, DAY])],
    ['whose end is missing', encode([FROM, null, DAY])],
    ['whose beginning is a fraction', encode([FROM + 0.5, TO, DAY])],
    ['whose end is beyond all dates', encode([FROM, 8.64e15, DAY])],
    ['whose beginning is beyond all dates', encode([-8.64e15, TO, DAY])],
    ['whose day is a number', encode([FROM, TO, 20_261_120])],
    ['whose day is a moment', encode([FROM, TO, `${DAY}T00:00:00Z`])],
    ['whose day is not a date', encode([FROM, TO, '2026-11-31'])],
    ['whose day does not exist', encode([FROM, TO, '2026-11-1'])],
    ['whose day is before its beginning', encode([FROM, TO, '2026-11-13'])],
    ['whose day is after its end', encode([FROM, TO, '2026-11-22'])],
    ['whose entry has no moment', encode([FROM, TO, DAY, 'shop_one'])],
    ['whose entry has no day', encode([FROM, TO, DAY, 'shop_one', AT])],
    ['whose entry is of another day', encode([FROM, TO, DAY, 'shop_one', AT, '2026-11-19'])],
    ['whose entry has an empty subject', encode([FROM, TO, DAY, '', AT, DAY])],
    ['whose entry has a number for a subject', encode([FROM, TO, DAY, 1, AT, DAY])],
    ['whose entry has a number for a moment', encode([FROM, TO, DAY, 'shop_one', 1, DAY])],
    ['whose entry is not of its day', encode([FROM, TO, DAY, 'shop_one', '2026-11-19T08:00:00.000Z#e1', DAY])],
    [
      'whose entry is before its beginning',
      encode([FROM, TO, '2026-11-14', 's', '2026-11-14T11:59:59.999Z#e', '2026-11-14']),
    ],
    ['whose entry is after its end', encode([FROM, TO, '2026-11-21', 's', '2026-11-21T12:00:00.001Z#e', '2026-11-21'])],
  ])('%s', (_name, cursor) => {
    expect(readAuditCursor(query({ cursor }))).toBeUndefined();
  });

  test('of another subject', () => {
    const cursor = encode([FROM, TO, DAY, 'shop_one', AT, DAY]);
    expect(readAuditCursor(query({ cursor, subject: 'shop_two' }))).toBeUndefined();
    expect(readAuditCursor(query({ cursor, subject: 'shop_one' }))).toBeDefined();
  });

  test('whatever it is, without failing', () => {
    const json = fc.json().map((text) => Buffer.from(text).toString('base64url'));
    fc.assert(
      fc.property(fc.oneof(fc.string(), json), (cursor) => {
        expect(readAuditCursor(query({ cursor }))).toBeUndefined();
      }),
    );
  });
});

describe('a filter', () => {
  test.each<[Partial<AuditQuery>, ReturnType<typeof auditFilter>]>([
    [{}, { expression: undefined, names: {}, values: {} }],
    [
      { action: 'reset-keys', code: 'done' },
      {
        expression: '#action = :action AND #code = :code',
        names: { '#action': 'action', '#code': 'code' },
        values: { ':action': { S: 'reset-keys' }, ':code': { S: 'done' } },
      },
    ],
    [
      { actor: 'alice' },
      {
        expression: '#actorName = :actorName',
        names: { '#actorName': 'actorName' },
        values: { ':actorName': { S: 'alice' } },
      },
    ],
    [
      { actor: 'arn:aws:iam::1:user/alice' },
      {
        expression: '#actor = :actor',
        names: { '#actor': 'actor' },
        values: { ':actor': { S: 'arn:aws:iam::1:user/alice' } },
      },
    ],
    [
      { code: 'expired', requestId: 'r-1' },
      {
        expression: '#code = :code AND (#requestId = :requestId OR contains(#requestIds, :requestId))',
        names: { '#code': 'code', '#requestId': 'requestId', '#requestIds': 'requestIds' },
        values: { ':code': { S: 'expired' }, ':requestId': { S: 'r-1' } },
      },
    ],
  ])('for %j names each member by a placeholder', (members, filter) => {
    expect(auditFilter(query(members))).toEqual(filter);
  });
});
