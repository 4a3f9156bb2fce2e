import fc from 'fast-check';
import { upstreamTarget } from '#lambda/forwarding/target.ts';

const targetOf = (path: string, query: Record<string, string[]> | null = null, base = '/') =>
  upstreamTarget(base, { path, query });

test.each([
  ['/', 'search', '/search'],
  ['', 'search', '/search'],
  ['/base', 'a/b', '/base/a/b'],
  ['/base/', 'a/b/', '/base/a/b/'],
  ['/base', '', '/base/'],
  ['/', '/evil.example', '//evil.example'],
])('below %j the path %j is %j', (base, path, target) => {
  expect(targetOf(path, null, base)).toEqual({ ok: true, value: target });
});

test.each([
  'a;b=1',
  ';a/..a;/...;b',
  'items/42:archive',
  'a,b',
  'a+b',
  'a@b',
  "a!$&'()*=~b",
  'a%20b/%C3%BC',
  'a%2Bb%3Bc%40d',
  '100%25',
  '%2525',
  'a|b[1]^',
  '@evil.example',
])('the path %s arrives as it was sent', (path) => {
  expect(targetOf(path)).toEqual({ ok: true, value: `/${path}` });
});

test.each([
  ['a b/ü', '/a%20b/%C3%BC'],
  ['what?x=1#y', '/what%3Fx=1%23y'],
  ['a"b<c>{d}`', '/a%22b%3Cc%3E%7Bd%7D%60'],
  ['😀', '/%F0%9F%98%80'],
])('of the path %j, what no request line may hold is escaped: %s', (path, target) => {
  expect(targetOf(path)).toEqual({ ok: true, value: target });
});

test.each([
  '..',
  '../admin',
  'a/../../admin',
  './a',
  'a/.',
  'a\\..\\b',
  'a\r\nX: y',
  'a\0b',
  '%2e%2e/x',
  '%2E./x',
  '.%2e',
  '..;/admin',
  '..;a=b/admin',
  'a/.;x/b',
  '%2e%2e;/admin',
  '..%3b/admin',
  'a/..;',
  'a%2Fb',
  'a%2fb',
  'a%5cb',
  'a%00b',
  'a%0d%0ab',
  'a%7fb',
  '%ff',
  '%zz',
  '%',
  'a%2',
])('refuses the path %j', (path) => {
  expect(targetOf(path)).toEqual({ ok: false, reason: 'invalid_path' });
});

test('whatever the path, the target stays below the base and is one word', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (path) => {
      const target = targetOf(path, null, '/base');
      if (!target.ok) return;
      expect(target.value).toMatch(/^\/base\/[\x21-\x7e]*$/);
      expect(new URL(target.value, 'https://up.example').pathname.startsWith('/base/')).toBe(true);
      expect(target.value).not.toMatch(/[?#\\]/);
    }),
  );
});

test.each<[Record<string, string[]> | null, string]>([
  [null, ''],
  [{}, ''],
  [{ q: ['a b'] }, '?q=a%20b'],
  [{ q: ['a+b', 'c&d'] }, '?q=a%2Bb&q=c%26d'],
  [{ a: [''] }, '?a='],
  [{ 'x[]': ['1', '2'], ü: ['ß'] }, '?x%5B%5D=1&x%5B%5D=2&%C3%BC=%C3%9F'],
  [{ q: ['#?/=;'] }, '?q=%23%3F%2F%3D%3B'],
  [{ q: ['\ud800'] }, '?q=%EF%BF%BD'],
])('the query %j is %s', (query, search) => {
  expect(targetOf('s', query)).toEqual({ ok: true, value: `/s${search}` });
});

test('every reader gets names and values of a query back', () => {
  const text = fc.string({ unit: 'grapheme' }).filter((each) => each.isWellFormed());
  fc.assert(
    fc.property(fc.dictionary(text, fc.array(text, { minLength: 1, maxLength: 3 })), (query) => {
      const target = targetOf('s', query);
      const read = new URL(target.ok ? target.value : '', 'https://up.example').searchParams;
      for (const [name, values] of Object.entries(query)) expect(read.getAll(name)).toEqual(values);
    }),
  );
});
