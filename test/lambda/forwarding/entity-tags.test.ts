import fc from 'fast-check';
import { CallerTags } from '#lambda/forwarding/entity-tags.ts';
import { upstreamHeaders } from '#lambda/forwarding/request-headers.ts';
import type { MultiValueHeaders } from '#lambda/platform/request.ts';

const SHOP = { 'X-Shop-Id': 'shop_one', 'X-Token-Issued-At': '1700000000' };
const tagsOf = (identity: Record<string, string> = SHOP, sent: MultiValueHeaders = {}, dropped: string[] = []) =>
  new CallerTags(identity, sent, dropped);
const marked = (tag: string, tags = tagsOf()): string => tags.marked([tag]) ?? 'no tag';

/** What the upstream gets of these conditions. */
function conditions(sent: Record<string, string[]>, tags = tagsOf()): Record<string, unknown> {
  const statements = {
    identity: {},
    publicAddress: { host: 'gate.example.com', prefix: '/api/widget' },
    requestId: 'request-1',
    assertion: 'signed',
    tags,
  };
  return Object.fromEntries(
    Object.entries(upstreamHeaders(sent, statements)).filter(([name]) => /^(if-|range)/.test(name)),
  );
}

test.each(['"v42"', 'W/"v42"', '""', '"a.b"', '"\u00e9"'])('%s comes back to the upstream as it was', (tag) => {
  const own = marked(tag);
  expect(own).not.toBe(tag);
  expect(own.startsWith('W/')).toBe(tag.startsWith('W/'));
  expect(conditions({ 'If-None-Match': [own] })).toEqual({ 'if-none-match': [tag] });
  expect(conditions({ 'If-Match': [own] })).toEqual({ 'if-match': [tag] });
  expect(conditions({ 'If-Range': [own], Range: ['bytes=5-'] })).toEqual({ 'if-range': [tag], range: ['bytes=5-'] });
});

test.each([
  ['another shop', { 'X-Shop-Id': 'shop_two' }, {}],
  ['another user', { ...SHOP, 'X-User-Id': 'bob' }, {}],
  ['other claims', { ...SHOP, 'X-Security-Claims': 'e30' }, {}],
  ['another login at the upstream', SHOP, { Authorization: ['Basic YTpi'] }],
  ['another cookie of the upstream', SHOP, { Cookie: ['theirs=2'] }],
])('the tag of %s confirms nothing', (_whose, identity, sent) => {
  const theirs = marked('"v42"', tagsOf(identity, sent));
  expect(conditions({ 'If-None-Match': [theirs], 'If-Modified-Since': ['Wed, 21 Oct 2015 07:28:00 GMT'] })).toEqual({});
  expect(conditions({ 'If-Range': [theirs], Range: ['bytes=5-'] })).toEqual({});
  // A change under it is refused by the upstream, which has no such tag.
  expect(conditions({ 'If-Match': [theirs] })).toEqual({ 'if-match': [theirs] });
  const mixed = conditions({ 'If-None-Match': [`${theirs}, ${marked('"v41"')}`, 'W/"other"'] });
  expect(mixed).toEqual({ 'if-none-match': ['"v41"'] });
});

test('a renewed credential of the same caller keeps its tags', () => {
  const before = tagsOf({ ...SHOP, 'X-User-Id': 'alice' }, { Authorization: ['Bearer a'] }, ['authorization']);
  const sent = { Authorization: ['Bearer b'], Cookie: ['__Host-widget-gate-session=c'] };
  const after = tagsOf({ ...SHOP, 'X-Token-Issued-At': '1700000600', 'X-User-Id': 'alice' }, sent, ['authorization']);
  expect(marked('"v42"', after)).toBe(marked('"v42"', before));
});

test.each(['v42', 'W/v42', '"a', '"a"b"', 'w/"a"', '"a" "b"', '"a", "b"', ''])(
  '%j is not a tag, and does not pass',
  (tag) => {
    expect(tagsOf().marked([tag])).toBeUndefined();
    expect(tagsOf().marked(['"a"', tag])).toBeUndefined();
  },
);

test.each([
  [{ 'If-None-Match': ['*'] }, { 'if-none-match': ['*'] }],
  [{ 'If-None-Match': ['nonsense'] }, {}],
  [{ 'If-Match': ['nonsense'] }, { 'if-match': ['""'] }],
  [
    { 'If-Modified-Since': ['Wed, 21 Oct 2015 07:28:00 GMT'] },
    { 'if-modified-since': ['Wed, 21 Oct 2015 07:28:00 GMT'] },
  ],
  [
    { 'If-Range': ['Wed, 21 Oct 2015 07:28:00 GMT'], Range: ['bytes=5-'] },
    { 'if-range': ['Wed, 21 Oct 2015 07:28:00 GMT'], range: ['bytes=5-'] },
  ],
])('of %j the upstream gets %j', (sent, kept) => {
  expect(conditions(sent as unknown as Record<string, string[]>)).toEqual(kept);
});

test('no tag of one caller ever reaches the upstream as a tag of another', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[!#-~]{0,20}$/), fc.string(), fc.string(), (opaque, one, other) => {
      fc.pre(one !== other);
      const theirs = marked(`"${opaque}"`, tagsOf({ 'X-User-Id': one }));
      expect(conditions({ 'If-None-Match': [theirs] }, tagsOf({ 'X-User-Id': other }))).toEqual({});
    }),
  );
});
