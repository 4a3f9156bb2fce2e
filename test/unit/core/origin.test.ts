import fc from 'fast-check';
import { checkOrigin, originsOfShopUrl } from '../../../lambda/core/origin.ts';
import { compileOriginPolicy, isAllowedOrigin } from '../../../lambda/core/origin-policy.ts';

const production = { production: true };
const development = { production: false };

describe('registration accepts', () => {
  test.each([
    'https://example.com',
    'https://shop.example.com',
    'https://example.com:8443',
    'https://xn--bcher-kva.example',
    'https://*.example.com',
    'https://*.shop.example.com:8443',
  ])('%s', (origin) => {
    expect(checkOrigin(origin, production)).toEqual({ ok: true, value: origin });
  });

  test.each([
    'http://app.localhost:3000',
    'https://app.localhost',
    'http://localhost:3000',
    'http://localhost',
    'http://127.0.0.1:8080',
    'http://[::1]:8080',
    'https://localhost:3000',
  ])('%s outside production only', (origin) => {
    expect(checkOrigin(origin, development)).toEqual({ ok: true, value: origin });
    expect(checkOrigin(origin, production)).toEqual({ ok: false, reason: 'loopback_in_production' });
  });
});

describe('registration refuses', () => {
  test.each([
    ['nothing', '', 'not_a_url'],
    ['a bare host', 'example.com', 'not_a_url'],
    ['null', 'null', 'not_a_url'],
    ['plain http', 'http://example.com', 'not_https'],
    ['another scheme', 'ftp://example.com', 'not_https'],
    ['a script', 'javascript:alert(1)', 'not_https'],
    ['a trailing slash', 'https://example.com/', 'not_an_origin'],
    ['a path', 'https://example.com/shop', 'not_an_origin'],
    ['a query', 'https://example.com?x=1', 'not_an_origin'],
    ['a fragment', 'https://example.com#x', 'not_an_origin'],
    ['user info', 'https://user@example.com', 'not_an_origin'],
    ['user info that looks like a host', 'https://example.com@evil.example', 'not_an_origin'],
    ['a backslash', 'https://example.com\\@evil.example', 'not_an_origin'],
    ['upper case', 'https://Example.com', 'not_an_origin'],
    ['the default port', 'https://example.com:443', 'not_an_origin'],
    ['a raw IDN', 'https://b\u00fccher.example', 'not_an_origin'],
    ['a full-width host', 'https://\uff45xample.com', 'not_an_origin'],
    ['a soft hyphen', 'https://exam\u00adple.com', 'not_an_origin'],
    ['a tab', 'https://exam\tple.com', 'not_an_origin'],
    ['white space before', ' https://example.com', 'not_an_origin'],
    ['a trailing dot', 'https://example.com.', 'malformed_host'],
    ['an empty label', 'https://example..com', 'malformed_host'],
    ['a label that begins with a hyphen', 'https://-a.example.com', 'malformed_host'],
    ['an IPv4 literal', 'https://192.0.2.1', 'ip_literal'],
    ['an IPv4 number', 'https://3221225985', 'not_an_origin'],
    ['a hexadecimal IPv4', 'https://0xc0000201', 'not_an_origin'],
    ['an IPv6 literal', 'https://[2001:db8::1]', 'ip_literal'],
    ['a single label', 'https://intranet', 'single_label_host'],
    ['a star alone', 'https://*', 'malformed_host'],
    ['a pattern over a whole top-level domain', 'https://*.com', 'single_label_host'],
    ['a star inside', 'https://a.*.example.com', 'malformed_host'],
    ['two stars', 'https://*.*.example.com', 'malformed_host'],
    ['a pattern over http', 'http://*.example.com', 'not_https'],
    ['a pattern over localhost', 'https://*.localhost', 'malformed_host'],
    ['a very long host', `https://${'a.'.repeat(200)}example.com`, 'too_long'],
  ])('%s', (_name, origin, reason) => {
    expect(checkOrigin(origin, development)).toEqual({ ok: false, reason });
  });

  test('whatever does not come back from the URL parser byte for byte, without throwing', () => {
    fc.assert(
      fc.property(fc.oneof(fc.webUrl(), fc.string({ unit: 'binary' })), (text) => {
        const checked = checkOrigin(text, development);
        if (checked.ok && !text.includes('*')) expect(new URL(text).origin).toBe(text);
      }),
    );
  });
});

describe('a shop URL stands for', () => {
  test.each([
    ['https://example.com', false, ['https://example.com', 'https://www.example.com']],
    ['https://www.example.com', false, ['https://www.example.com', 'https://example.com']],
    ['https://example.com/', false, ['https://example.com', 'https://www.example.com']],
    ['https://example.com:8443', false, ['https://example.com:8443', 'https://www.example.com:8443']],
    ['https://example.com', true, ['https://example.com']],
    ['http://localhost:3000', false, ['http://localhost:3000']],
  ])('%s (exact: %s)', (url, exact, origins) => {
    expect(originsOfShopUrl(url, exact, development)).toEqual({ ok: true, value: origins });
  });

  test.each(['https://*.example.com', 'https://example.com/path', 'http://example.com', ''])('refuses %s', (url) => {
    expect(originsOfShopUrl(url, false, development).ok).toBe(false);
  });
});

describe('a call with an Origin', () => {
  const policy = compileOriginPolicy([
    'https://example.com',
    'https://*.shop.example',
    'https://*.shop.example:8443',
    'http://localhost:3000',
    'http://127.0.0.1:*',
  ]);

  test.each([
    'https://example.com',
    'https://a.shop.example',
    'https://a.b.shop.example',
    'https://a.shop.example:8443',
    'http://localhost:3000',
    'http://127.0.0.1:1',
    'http://127.0.0.1:65535',
  ])('%s is allowed', (origin) => {
    expect(isAllowedOrigin(origin, policy)).toBe(true);
  });

  test.each([
    ['empty', ''],
    ['null', 'null'],
    ['another host', 'https://evil.example'],
    ['the allowed host as a prefix', 'https://example.com.evil.example'],
    ['the allowed host as a suffix', 'https://evilexample.com'],
    ['a sub-domain of an exact origin', 'https://www.example.com'],
    ['another scheme', 'http://example.com'],
    ['another port', 'https://example.com:8443'],
    ['the default port spelled out', 'https://example.com:443'],
    ['upper case', 'https://EXAMPLE.com'],
    ['a trailing dot', 'https://example.com.'],
    ['a trailing slash', 'https://example.com/'],
    ['user info', 'https://example.com@evil.example'],
    ['two joined origins', 'https://example.com, https://example.com'],
    ['two origins by a space', 'https://example.com https://evil.example'],
    ['white space', 'https://example.com '],
    ['the apex of a pattern', 'https://shop.example'],
    ['a pattern without a label boundary', 'https://evilshop.example'],
    ['an empty label before a pattern', 'https://.shop.example'],
    ['a path before a pattern', 'https://evil.example/.shop.example'],
    ['a fragment before a pattern', 'https://evil.example#.shop.example'],
    ['user info before a pattern', 'https://a@b.shop.example'],
    ['a pattern over http', 'http://a.shop.example'],
    ['a pattern with another port', 'https://a.shop.example:9443'],
    ['a raw IDN label before a pattern', 'https://b\u00fc.shop.example'],
    ['the pattern itself', 'https://*.shop.example'],
    ['any port: none', 'http://127.0.0.1'],
    ['any port: not a number', 'http://127.0.0.1:80@evil.example'],
    ['any port: a longer host', 'http://127.0.0.1.evil.example:80'],
    ['any port: the star itself', 'http://127.0.0.1:*'],
  ])('refuses %s', (_name, origin) => {
    expect(isAllowedOrigin(origin, policy)).toBe(false);
  });
});
