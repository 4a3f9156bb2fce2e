import fc from 'fast-check';
import { cookies } from '#contract/cookies.ts';
import { CallerTags } from '#lambda/forwarding/entity-tags.ts';
import { upstreamHeaders } from '#lambda/forwarding/request-headers.ts';
import { cookieValues, isOurCookie, withoutOurCookies } from '#lambda/platform/cookies.ts';
import { trimBlanks } from '#lambda/platform/request.ts';

const NAME = cookies.adminSession;
const names = Object.values(cookies);
const inHeader = (...header: string[]) => cookieValues({ Cookie: header }, NAME);

/** What JavaScript's `trim` or `\s` removes, and what looks like a blank, but for space and tab. */
const otherSpaces = [
  ...['\n', '\v', '\f', '\r', '\u0085', '\u00a0', '\u00ad', '\u1680', '\u180e', '\u2000', '\u2001', '\u2002', '\u2003'],
  ...['\u2004', '\u2005', '\u2006', '\u2007', '\u2008', '\u2009', '\u200a', '\u200b', '\u200d', '\u2028', '\u2029'],
  ...['\u202f', '\u205f', '\u2060', '\u3000', '\ufeff', '\0'],
].map((space): [string, string] => [`U+${space.charCodeAt(0).toString(16).padStart(4, '0')}`, space]);

test.each([
  ['', ''],
  ['a', 'a'],
  [' a', 'a'],
  ['a\t', 'a'],
  [' \t a b \t ', 'a b'],
  [' \t ', ''],
])('%j without blanks is %j', (text, trimmed) => {
  expect(trimBlanks(text)).toBe(trimmed);
});

test('trimming removes spaces and tabs at the ends and nothing else', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.stringMatching(/^[ \t]*$/), (text, blanks) => {
      const core = text.replace(/^[ \t]+/, '').replace(/[ \t]+$/, '');
      expect(trimBlanks(blanks + text + blanks)).toBe(core);
    }),
  );
});

describe.each(otherSpaces)('%s', (_name, space) => {
  test.each([
    ['in front of the name', `${space}${NAME}=v`],
    ['behind the name', `${NAME}${space}=v`],
    ['between blank and name', ` ${space}${NAME}=v`],
  ])("%s makes another cookie, which is not ours and is the upstream's", (_where, pair) => {
    expect(inHeader(pair)).toEqual([]);
    expect(inHeader(`${NAME}=own; ${pair}`)).toEqual(['own']);
    expect(isOurCookie(`${pair}; Path=/`)).toBe(false);
    expect(withoutOurCookies(`${NAME}=own; ${pair}`)).toBe(trimBlanks(pair));
  });

  test('at the ends of the value is part of it', () => {
    expect(inHeader(`${NAME}=${space}v${space}`)).toEqual([`${space}v${space}`]);
  });

  test('around a name in Connection makes another name, so that the header is forwarded', () => {
    const sent = { Connection: [`x-one, ${space}x-two${space}`], 'X-One': ['1'], 'X-Two': ['2'] };
    const publicAddress = { host: 'gate.example.com', prefix: '/api/widget' };
    const tags = new CallerTags({}, sent);
    const names = Object.keys(
      upstreamHeaders(sent, { identity: {}, publicAddress, requestId: 'r', assertion: 'signed', tags }),
    );
    expect(names.filter((name) => /^x-(one|two)$/.test(name))).toEqual(['x-two']);
  });
});

test.each([
  [`${NAME}=v`, ['v']],
  [`\t ${NAME}=v \t`, ['v']],
  [`${NAME} =v`, ['v']],
  [`${NAME}\t=v`, ['v']],
  [`a=1;${NAME}=v;b=2`, ['v']],
  [`${NAME}=v=w`, ['v=w']],
  [`${NAME}=`, ['']],
  [`${NAME}=v; ${NAME}=w`, ['v', 'w']],
  [`${NAME}=v; ${NAME} =w`, ['v', 'w']],
  [NAME, []],
  [`=${NAME}=v`, []],
  [` = ${NAME}=v`, []],
  [`x${NAME}=v`, []],
  [`${NAME}x=v`, []],
  [`${NAME.toLowerCase()}=v`, []],
  [`"${NAME}"=v`, []],
  ['', []],
  [';;;', []],
  ['=', []],
])('the Cookie header %j has the values %j', (header, values) => {
  expect(inHeader(header)).toEqual(values);
});

test.each(names)('%s is ours with any blanks around its name, and only then', (name) => {
  for (const pair of [`${name}=`, ` ${name}=x`, `\t${name} =x; Path=/`, `${name}\t=x`])
    expect([pair, isOurCookie(pair)]).toEqual([pair, true]);
  for (const pair of [name, `=${name}=x`, `x${name}=x`, `${name}2=x`, `theirs=${name}=x`])
    expect([pair, isOurCookie(pair)]).toEqual([pair, false]);
});

test('no text makes a cookie count whose name is not ours byte for byte', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (before, after) => {
      fc.pre(!/[;=]/.test(before + after) && (trimBlanks(before) !== '' || trimBlanks(after) !== ''));
      expect(inHeader(`${before}${NAME}${after}=v`)).toEqual([]);
    }),
  );
});
