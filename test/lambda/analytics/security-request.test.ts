import fc from 'fast-check';
import { largestMember, parseSecurityRequest } from '#lambda/analytics/security-request.ts';

const ids = { userid: 'u-17', appid: 'sales' };
const ALIASES = {
  userId: ['userid', 'userId', 'user_id'],
  appId: ['appid', 'appId', 'app_id'],
  clientId: ['clientid', 'clientId', 'client_id'],
  orgId: ['orgid', 'orgId', 'org_id'],
} as const;
const spellings = Object.entries(ALIASES).flatMap(([name, all]) => all.map((spelling) => [spelling, name] as const));

const without = (name: string): Record<string, unknown> =>
  Object.fromEntries(Object.entries(ids).filter(([id]) => id !== name));

test.each(spellings)('%s is read as %s', (spelling, name) => {
  const required = name === 'userId' ? without('userid') : name === 'appId' ? without('appid') : ids;
  const parsed = parseSecurityRequest({ ...required, [spelling]: 'the one' });
  expect(parsed.ok && parsed.value.subject).toMatchObject({ [name]: 'the one', claims: {} });
});

test.each(Object.values(ALIASES))('%s, %s and %s may be sent together with one value, and with no other', (...all) => {
  const same = Object.fromEntries(all.map((spelling) => [spelling, 'one']));
  const rest = all[0] === 'userid' ? without('userid') : all[0] === 'appid' ? without('appid') : ids;
  expect(parseSecurityRequest({ ...rest, ...same }).ok).toBe(true);
  for (const spelling of all)
    expect(parseSecurityRequest({ ...rest, ...same, [spelling]: 'two' })).toMatchObject({
      ok: false,
      reason: 'conflicting_aliases',
      detail: expect.stringContaining(`"${spelling}"`),
    });
});

test.each<[string, object, string, string]>([
  ['no user', without('userid'), 'invalid_request', '"userid" is missing'],
  ['no app', without('appid'), 'invalid_request', '"appid" is missing'],
  ['nothing', {}, 'invalid_request', '"userid" is missing'],
  ['an alias of a number beside its text', { ...ids, user_id: 17 }, 'conflicting_aliases', '"userid" and "user_id"'],
  ['an alias that is null', { ...ids, appId: null }, 'conflicting_aliases', '"appid" and "appId"'],
])('refuses %s', (_name, body, reason, detail) => {
  const refused = parseSecurityRequest(body as Record<string, unknown>);
  expect(refused).toEqual({ ok: false, reason, detail: expect.stringContaining(detail) });
});

const BAD_IDS = [
  17,
  null,
  true,
  [],
  ['a'],
  {},
  '',
  ' ',
  'a'.repeat(257),
  'a\r\nX-Evil: 1',
  'a\0b',
  '\u007f',
  'ü',
  '\u2028',
];

describe.each(['userid', 'appId', 'client_id', 'orgid'])('refuses as %s', (spelling) => {
  test.each([...BAD_IDS, ' a', 'a ', '\ta', 'a\n', '\ud800'])('%j, naming the member', (value) => {
    const rest = spelling === 'userid' ? without('userid') : spelling === 'appId' ? without('appid') : ids;
    expect(parseSecurityRequest({ ...rest, [spelling]: value })).toEqual({
      ok: false,
      reason: 'invalid_request',
      detail: `Body member "${spelling}" must be 1 to 256 printable ASCII characters with no space at either end.`,
    });
  });
});

test('other members travel unchanged, and the ids and the life never among them', () => {
  const ours = new Set(['expiresIn', '__proto__', ...spellings.map(([spelling]) => spelling)]);
  const members = fc.dictionary(
    fc.string().filter((name) => !ours.has(name)),
    fc.jsonValue(),
  );
  fc.assert(
    fc.property(members, fc.subarray([...spellings]), (claims, more) => {
      const stated = Object.fromEntries(more.map(([spelling]) => [spelling, 'x']));
      const body = { ...claims, userid: 'x', appid: 'x', ...stated, expiresIn: '1h' };
      const parsed = parseSecurityRequest(body);
      if (!parsed.ok) throw new Error(parsed.reason);
      expect(parsed.value.subject.claims).toStrictEqual({ ...claims });
      expect(parsed.value.expiresInSeconds).toBe(3_600);
    }),
  );
});

test.each([
  ['a value', { note: 'x'.repeat(90) }, 'note'],
  ['a structure', { note: 'x', groups: Array(30).fill('abc') }, 'groups'],
  ['an id', { note: 'x' }, 'userId'],
  ['a name', { note: 'x'.repeat(60), ['n'.repeat(90)]: 1 }, 'n'.repeat(90)],
])('the largest member is named where %s is the largest', (_name, claims, name) => {
  const largest = largestMember({ userId: 'a-rather-long-user-name', appId: 'a', claims });
  expect(largest.name).toBe(name);
});
