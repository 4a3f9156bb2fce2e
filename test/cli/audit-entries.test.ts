import { auditLine, auditTable, detailsOf } from '#cli/audit-entries.ts';

const ENTRY = {
  id: 'e1',
  at: Date.parse('2026-11-27T12:00:00Z'),
  subject: 'shop_one',
  action: 'set-switches',
  code: 'done',
};

test('the details of an entry show what was before and what is after', () => {
  expect(detailsOf({ ...ENTRY, before: { disabled: false }, after: { disabled: true } }).slice(-2)).toEqual([
    ['before', '{"disabled":false}'],
    ['after', '{"disabled":true}'],
  ]);
  expect(detailsOf(ENTRY).map(([name]) => name)).not.toContain('after');
});

test.each<[string, object, string]>([
  ['of one call its id', { requestId: 'r-1' }, 'r-1'],
  ['that sums up one call its id', { requestIds: ['r-2'] }, 'r-2'],
  ['that sums up several calls none of them', { requestIds: ['r-2', 'r-3'] }, '-'],
  ['of no call none', {}, '-'],
])('an entry %s', (_name, more, shown) => {
  expect(detailsOf({ ...ENTRY, ...more })).toContainEqual(['request', shown]);
});

test.each<[string, readonly string[] | undefined, string]>([
  ['one', ['https://a.example'], 'origin_not_allowed: https://a.example '],
  ['one of several calls', ['https://a.example', 'https://a.example'], 'origin_not_allowed: https://a.example '],
  ['some', ['https://a.example', 'https://b.example', ''], 'origin_not_allowed: https://a.example, 1 more '],
  ['none', undefined, 'origin_not_allowed '],
  ['an empty one', [''], 'origin_not_allowed '],
])('a line and a table name refused origins: %s', (_name, origins, shown) => {
  const entry = { ...ENTRY, code: 'origin_not_allowed', ...(origins !== undefined && { origins }) };
  for (const text of [auditLine(entry), auditTable([entry])]) expect(text).toContain(`set-switches  ${shown}`);
});
