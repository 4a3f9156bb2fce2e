import fc from 'fast-check';
import { isSubjectId } from '#lambda/analytics/security-token.ts';
import { bearerOf } from '#lambda/crypto/bearer.ts';

test.each([
  [['abc.DEF-1_2'], 'abc.DEF-1_2'],
  [['Bearer abc'], 'abc'],
  [['bearer abc'], 'abc'],
  [['BEARER   abc'], 'abc'],
  [['a..b.c.d'], 'a..b.c.d'],
])('%j carries %j', (values, text) => {
  expect(bearerOf(values)).toBe(text);
});

test.each([
  [[]],
  [['']],
  [[' ']],
  [[' abc']],
  [['abc ']],
  [['abc\n']],
  [['Bearer ']],
  [['Bearer\tabc']],
  [['Bearer\u00a0abc']],
  [['Bearer abc def']],
  [['Bearer abc, Bearer def']],
  [['abc,def']],
  [['Bearer Bearer abc']],
  [['Basic YTpi']],
  [['Basic YTpi=']],
  [['Digest username="a"']],
  [['AWS4-HMAC-SHA256 Credential=a']],
  [['Token abc']],
  [['Bearer a=b']],
  [['a b']],
  [['ä']],
  [['abc', 'abc']],
  [['abc', '']],
  [['', 'abc']],
])('%j carries nothing', (values) => {
  expect(bearerOf(values)).toBeUndefined();
});

test('what is read is in the header as it is, and no header makes the reader throw', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (header) => {
      const text = bearerOf([header]);
      expect(text === undefined || (header.endsWith(text) && /^[\w.-]+$/.test(text))).toBe(true);
    }),
  );
});

test.each(['a', '~', 'u-17', 'a b', 'a@b.example', '<script>', '"', '\\', ':/?#', 'x'.repeat(256)])(
  '%j can be an id',
  (text) => {
    expect(isSubjectId(text)).toBe(true);
  },
);

test.each(['', ' ', ' a', 'a ', '\t', 'a\tb', 'a\nb', 'a\r', 'a\0', '\u007f', 'ü', '\u00a0', '👤', 'x'.repeat(257)])(
  '%j can be none',
  (text) => {
    expect(isSubjectId(text)).toBe(false);
  },
);

test('an id reaches a header byte for byte', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 20 }).filter(isSubjectId), (id) => {
      expect(new Headers({ 'X-User-Id': id }).get('x-user-id')).toBe(id);
    }),
  );
});
