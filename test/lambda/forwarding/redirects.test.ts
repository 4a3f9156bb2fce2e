import fc from 'fast-check';
import { passedRedirect as passedOf, type Redirection } from '#lambda/forwarding/response-headers.ts';

const redirection = (base = 'http://10.0.0.7:8080/base') => ({
  base: new URL(base),
  called: 'http://10.0.0.7:8080/base/p/x?q=1',
  host: 'gate.example.com',
  prefix: '/dev/api/widget',
});

const passedRedirect = (location: string, between: Redirection): string | undefined => passedOf(location, between)?.url;

test.each([
  ['/base/p/x/', '/dev/api/widget/p/x/'],
  ['/base', '/dev/api/widget/'],
  ['/base/', '/dev/api/widget/'],
  ['/base?a=1#b', '/dev/api/widget/?a=1#b'],
  ['x/', '/dev/api/widget/p/x/'],
  ['../y', '/dev/api/widget/y'],
  ['?q=2', '/dev/api/widget/p/x?q=2'],
  ['', '/dev/api/widget/p/x?q=1'],
  ['//10.0.0.7:8080/base/z', '/dev/api/widget/z'],
  ['https://10.0.0.7:8080/base/x', '/dev/api/widget/x'],
  ['http://10.0.0.7:8080/base/p/y?z=%20', '/dev/api/widget/p/y?z=%20'],
])('%j below the upstream becomes %s', (location, passed) => {
  expect(passedRedirect(location, redirection())).toBe(passed);
});

test.each([
  ['https://gate.example.com/dev/api/widget/p/y?z#a', '/dev/api/widget/p/y?z#a'],
  ['https://gate.example.com/dev/api/widget', '/dev/api/widget/'],
  ['https://gate.example.com/base/p/y?z', '/dev/api/widget/p/y?z'],
  ['http://GATE.example.com:80/base/', '/dev/api/widget/'],
  ['//gate.example.com/base', '/dev/api/widget/'],
])("%j of an upstream that states the gate's address becomes %s", (location, passed) => {
  expect(passedRedirect(location, redirection())).toBe(passed);
});

test('the port of the forwarded host counts, so that the local gate has an address of its own', () => {
  const local = { ...redirection(), host: '127.0.0.1:8787', prefix: '/api/widget' };
  expect(passedRedirect('https://127.0.0.1:8787/api/widget/y', local)).toBe('/api/widget/y');
  for (const other of [
    'https://127.0.0.1:8788/api/widget/y',
    'https://127.0.0.1:8787/api/analytics/y',
    'ftp://127.0.0.1:8787/api/widget/y',
  ])
    expect(passedRedirect(other, local)).toBeUndefined();
});

test.each([
  ['/base/stra\u00c3\u009fe?q=\u00c3\u00bc#\u00c3\u00b6', '/dev/api/widget/stra%C3%9Fe?q=%C3%BC#%C3%B6'],
  ['\u00e6\u0097\u00a5', '/dev/api/widget/p/%E6%97%A5'],
  ['/base/stra\u00dfe', '/dev/api/widget/stra%DFe'],
  ['https://m\u00c3\u00bcnchen.example/\u00c3\u00bc', 'https://xn--mnchen-3ya.example/%C3%BC'],
])('the bytes of %j stay what they are: %s', (location, passed) => {
  expect(passedRedirect(location, redirection())).toBe(passed);
});

test.each([
  ['http://search.example.com/base/x', '/dev/api/widget/x'],
  ['https://search.example.com./base/x', '/dev/api/widget/x'],
  ['http://SEARCH.example.com:80/base/', '/dev/api/widget/'],
  ['http://search.example.com/admin', undefined],
  ['https://search.example.com:8443/base/x', 'https://search.example.com:8443/base/x'],
])('%j of the upstream https://search.example.com becomes %s', (location, passed) => {
  expect(passedRedirect(location, redirection('https://search.example.com/base'))).toBe(passed);
});

test('only an address of another host counts as foreign', () => {
  const isForeign = (location: string): boolean | undefined => passedOf(location, redirection())?.isForeign;
  expect(isForeign('https://cdn.example.com/a')).toBe(true);
  for (const own of ['/base/x', 'x', 'https://gate.example.com/base/x']) expect(isForeign(own)).toBe(false);
});

test.each([
  'https://cdn.example.com/a?b#c',
  'http://www.example.com/',
  'https://xn--mnchen-3ya.example/',
  'https://shop.example.com:8443/x',
  'https://www.local.example.com/',
  'https://internal.example.com/',
])('%s is another public address, and stays', (location) => {
  expect(passedRedirect(location, redirection())).toBe(location);
});

test.each([
  '/',
  '/other',
  '/base2/x',
  '/basement',
  '/base/../admin',
  'http://10.0.0.7:8080/admin',
  'http://10.0.0.7:9090/base/x',
  'http://10.0.0.8/',
  'http://127.0.0.1/',
  'http://2130706433/',
  'http://0x7f.1/',
  'http://[::1]/',
  'http://[::ffff:10.0.0.1]/',
  'http://169.254.169.254/latest/meta-data/',
  'http://localhost/',
  'http://LOCALHOST./',
  'http://app.localhost/',
  'http://search/',
  'http://search.internal/',
  'http://ip-10-0-0-7.ec2.internal./',
  'http://search./',
  'http://search.svc/',
  'http://search.shop.svc./',
  'http://host.localdomain/',
  'http://db.service.consul/',
  'http://10.0.0.8./',
  'http://localhost../',
  'http://a.internal../',
  'http://internal-search-123.eu-central-1.elb.amazonaws.com/',
  'http://search.abc123.eu-central-1.rds.amazonaws.com/',
  'http://vpce-1.execute-api.eu-central-1.vpce.amazonaws.com/',
  'http://search.onprem/',
  'http://printer.local/',
  'http://nas.lan/',
  'https://gate.example.com/',
  'https://gate.example.com/dev/api/admin/session',
  'https://gate.example.com/dev/api/widgets',
  'https://user@gate.example.com/base/x',
  'ftp://gate.example.com/base/x',
  'https://user@cdn.example.com/',
  'https://user:secret@cdn.example.com/',
  'http://user@10.0.0.7:8080/base/x',
  'javascript:alert(1)',
  'data:text/html,x',
  'file:///etc/passwd',
  'ftp://ftp.example.com/',
  'https://',
  'http://exa mple.com/',
])('%j does not leave the gate', (location) => {
  expect(passedRedirect(location, redirection())).toBeUndefined();
});

test('of an upstream at the root every path is below it', () => {
  expect(passedRedirect('/login', redirection('http://10.0.0.7:8080'))).toBe('/dev/api/widget/login');
});

test('never throws, and never shows the upstream', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.webUrl()), (location) => {
      expect(passedRedirect(location, redirection()) ?? '').not.toContain('10.0.0.7');
    }),
  );
});
