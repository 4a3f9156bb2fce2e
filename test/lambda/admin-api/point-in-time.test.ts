import fc from 'fast-check';
import { readPointInTime } from '#lambda/admin-api/check-members.ts';

const read = (text: string, ofDay: 'first' | 'last' = 'first'): string | undefined => {
  const milliseconds = readPointInTime(text, ofDay);
  return milliseconds === undefined ? undefined : new Date(milliseconds).toISOString();
};

test.each([
  ['2026-11-27', '2026-11-27T00:00:00.000Z'],
  ['2024-02-29', '2024-02-29T00:00:00.000Z'],
  ['2026-11-27T10:05Z', '2026-11-27T10:05:00.000Z'],
  ['2026-11-27T10:05:09Z', '2026-11-27T10:05:09.000Z'],
  ['2026-11-27T10:05:09.5Z', '2026-11-27T10:05:09.500Z'],
  ['2026-11-27T10:05:09.123456789Z', '2026-11-27T10:05:09.123Z'],
  ['2026-11-27T10:05:09+01:00', '2026-11-27T09:05:09.000Z'],
  ['2026-11-27T10:05:09 01:00', '2026-11-27T09:05:09.000Z'],
  ['2026-11-27T23:05-05:30', '2026-11-28T04:35:00.000Z'],
])('%s is %s', (text, moment) => {
  expect(read(text)).toBe(moment);
});

test('a day as an end is its last millisecond, a moment is itself', () => {
  expect(read('2026-11-27', 'last')).toBe('2026-11-27T23:59:59.999Z');
  expect(read('2026-11-27T10:05Z', 'last')).toBe('2026-11-27T10:05:00.000Z');
});

test.each([
  '',
  'today',
  '2026-11',
  '26-11-27',
  '2026-1-7',
  '2026-13-01',
  '2026-02-30',
  '2025-02-29',
  '2026-11-27T10:05',
  '2026-11-27T24:00Z',
  '2026-11-27T10:60Z',
  '2026-11-27T10:05:60Z',
  '2026-11-27T10:05:09.Z',
  '2026-11-27T10:05:09,5Z',
  '2026-11-27T10:05+24:00',
  '2026-11-27T10:05+0100',
  '2026-11-27t10:05z',
  ' 2026-11-27',
  'x2026-11-27',
  '+2026-11-27',
  '2026-11-27 ',
  '2026-11-27x',
  '2026-11-27\n',
  '1795773600000',
])('%j is not a point in time', (text) => {
  expect(read(text)).toBeUndefined();
});

test('every moment is read back as it is written, and nothing makes it throw', () => {
  const moments = fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true });
  fc.assert(fc.property(moments, (moment) => expect(read(moment.toISOString())).toBe(moment.toISOString())));
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void readPointInTime(text, 'last')));
});
