import { domainToASCII, domainToUnicode } from 'node:url';
import fc from 'fast-check';
import { decodePunycode } from '#lambda/shops/host-name.ts';
import { isAppOrigin, type OriginRefusal, originsOfShopUrl, readOrigin, readShopUrl } from '#lambda/shops/origin.ts';
import { compileOriginPolicy, isAllowedOrigin } from '#lambda/shops/origin-policy.ts';
import { notesOn, registerOrigins } from '#lambda/shops/registration.ts';

const production = { production: true };
const development = { production: false };
const EXTENSION = 'chrome-extension://abcdefghijklmnopabcdefghijklmnop';

describe('registration stores as it is', () => {
  test.each([
    'https://example.com',
    'https://shop.example.com',
    'https://example.com:8443',
    'https://example.com:80',
    'https://xn--bcher-kva.example',
    'https://a_b.example.com',
    'https://*.example.com',
    'https://*.shop.example.com:8443',
  ])('%s', (origin) => {
    expect(readOrigin(origin, production)).toEqual({ ok: true, value: origin });
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
    expect(readOrigin(origin, development)).toEqual({ ok: true, value: origin });
    expect(readOrigin(origin, production)).toEqual({ ok: false, reason: 'loopback_in_production' });
  });
});

describe('registration corrects what has one meaning only', () => {
  test.each([
    ['upper case', 'https://SHOP.Example.com', 'https://shop.example.com'],
    ['an upper-case scheme', 'HTTPS://shop.example.com', 'https://shop.example.com'],
    ['a missing scheme', 'shop.example.com', 'https://shop.example.com'],
    ['a missing scheme and upper case', 'SHOP.example.com', 'https://shop.example.com'],
    ['a missing scheme before a port', 'shop.example.com:8443', 'https://shop.example.com:8443'],
    ['a missing scheme before a pattern', '*.example.com', 'https://*.example.com'],
    ['a slash at the end', 'https://shop.example.com/', 'https://shop.example.com'],
    ['the default port', 'https://shop.example.com:443', 'https://shop.example.com'],
    ['the default port and a slash', 'https://shop.example.com:443/', 'https://shop.example.com'],
    ['white space around it', ' \thttps://shop.example.com\r\n', 'https://shop.example.com'],
    ['a no-break space around it', '\u00a0https://shop.example.com\u00a0', 'https://shop.example.com'],
    ['an international name', 'https://m\u00fcnchen.example', 'https://xn--mnchen-3ya.example'],
    ['an international name in upper case', 'https://M\u00dcNCHEN.example', 'https://xn--mnchen-3ya.example'],
    ['a decomposed letter', 'https://mu\u0308nchen.example', 'https://xn--mnchen-3ya.example'],
    ['an international name without a scheme', 'm\u00fcnchen.example', 'https://xn--mnchen-3ya.example'],
    ['a sharp s', 'https://stra\u00dfe.example', 'https://xn--strae-oqa.example'],
    ['a Greek name', 'https://\u03b1\u03b2\u03b3.example', 'https://xn--mxacd.example'],
    ['a Cyrillic name', 'https://\u043f\u0440\u0438\u043c\u0435\u0440.example', 'https://xn--e1afmkfd.example'],
    ['a Japanese name', 'https://\u4f8b\u3048.example', 'https://xn--r8jz45g.example'],
    ['upper-case Punycode', 'https://XN--MNCHEN-3YA.example', 'https://xn--mnchen-3ya.example'],
    ['an international pattern', 'https://*.m\u00fcnchen.example', 'https://*.xn--mnchen-3ya.example'],
  ])('%s', (_name, given, stored) => {
    expect(readOrigin(given, production)).toEqual({ ok: true, value: stored });
  });

  test('upper case and the default port of loopback', () => {
    expect(readOrigin('http://LOCALHOST:80/', development)).toEqual({ ok: true, value: 'http://localhost' });
  });
});

describe('registration refuses', () => {
  test.each<[string, string, OriginRefusal]>([
    ['nothing', '', 'not_a_url'],
    ['white space', '  ', 'not_a_url'],
    ['a single word', 'shop', 'not_a_url'],
    ['null', 'null', 'not_a_url'],
    ['a scheme alone', 'https://', 'not_a_url'],
    ['a scheme without slashes', 'https:shop.example', 'not_a_url'],
    ['a host relative to a scheme', '//shop.example.com', 'not_a_url'],
    ['localhost without a scheme', 'localhost:3000', 'not_a_url'],
    ['plain http', 'http://example.com', 'not_https'],
    ['another scheme', 'ftp://example.com', 'not_https'],
    ['a file', 'file:///etc/passwd', 'not_https'],
    ['a script', 'javascript:alert(1)', 'not_https'],
    ['data', 'data:text/html,x', 'not_https'],
    ['a path', 'https://example.com/shop', 'not_an_origin'],
    ['two slashes at the end', 'https://example.com//', 'not_an_origin'],
    ['a query', 'https://example.com?x=1', 'not_an_origin'],
    ['an empty query', 'https://example.com/?', 'not_an_origin'],
    ['a fragment', 'https://example.com#x', 'not_an_origin'],
    ['user info', 'https://user@example.com', 'not_an_origin'],
    ['empty user info', 'https://@example.com', 'not_an_origin'],
    ['a user and a password', 'https://user:pass@example.com', 'not_an_origin'],
    ['user info that looks like a host', 'https://example.com@evil.example', 'not_an_origin'],
    ['user info without a scheme', 'shop.example.com@evil.example', 'not_an_origin'],
    ['a backslash', 'https://example.com\\@evil.example', 'not_an_origin'],
    ['a backslash as a slash', 'https:\\\\example.com', 'not_an_origin'],
    ['a tab', 'https://exam\tple.com', 'not_an_origin'],
    ['a line break', 'https://exam\nple.com', 'not_an_origin'],
    ['a space', 'https://example .com', 'not_an_origin'],
    ['two origins', 'https://a.example.com https://b.example.com', 'not_an_origin'],
    ['an empty port', 'https://example.com:', 'not_an_origin'],
    ['port 0', 'https://example.com:0', 'not_an_origin'],
    ['a port with a zero before it', 'https://example.com:0443', 'not_an_origin'],
    ['a port over 65535', 'https://example.com:65536', 'not_an_origin'],
    ['a port that is a word', 'https://example.com:https', 'not_an_origin'],
    ['an open port', 'https://example.com:*', 'not_an_origin'],
    ['a trailing dot', 'https://example.com.', 'malformed_host'],
    ['an empty label', 'https://example..com', 'malformed_host'],
    ['a dot at the front', 'https://.example.com', 'malformed_host'],
    ['a label that begins with a hyphen', 'https://-a.example.com', 'malformed_host'],
    ['a label that ends with a hyphen', 'https://a-.example.com', 'malformed_host'],
    ['a percent-encoded host', 'https://exam%70le.com', 'malformed_host'],
    ['an encoded slash', 'https://example.com%2f.evil.example', 'malformed_host'],
    ['a full-width letter', 'https://\uff45xample.com', 'malformed_host'],
    ['a full-width dot', 'https://example\uff0ecom', 'malformed_host'],
    ['an ideographic full stop', 'https://m\u00fcnchen\u3002example', 'malformed_host'],
    ['a fraction slash', 'https://example.com\u2044.evil.example', 'malformed_host'],
    ['a soft hyphen', 'https://exam\u00adple.com', 'not_an_origin'],
    ['a zero-width space', 'https://exam\u200bple.com', 'not_an_origin'],
    ['a zero-width space at the end', 'https://example.com\u200b', 'not_an_origin'],
    ['a right-to-left override', 'https://\u202emoc.example', 'not_an_origin'],
    ['a Kelvin sign', 'https://\u212aelvin.example', 'malformed_host'],
    ['a long s', 'https://\u017fhop.example', 'malformed_host'],
    ['a dotted capital I', 'https://\u0130stanbul.example', 'malformed_host'],
    ['a ligature', 'https://o\ufb03ce.example', 'malformed_host'],
    ['a circled letter', 'https://\u24d0.example', 'malformed_host'],
    ['a Cyrillic letter among Latin ones', 'https://ex\u0430mple.com', 'malformed_host'],
    ['a Greek letter among Latin ones', 'https://g\u03bf\u03bfgle.example', 'malformed_host'],
    ['a Cyrillic name that looks Latin', 'https://\u0430\u0440\u0440\u04cf\u0435.com', 'malformed_host'],
    ['invalid Punycode', 'https://xn--a.example', 'malformed_host'],
    ['an IPv4 literal', 'https://192.0.2.1', 'ip_literal'],
    ['an IPv4 literal without a scheme', '192.0.2.1', 'ip_literal'],
    ['an IPv4 number', 'https://3221225985', 'ip_literal'],
    ['a hexadecimal IPv4', 'https://0xc0000201', 'ip_literal'],
    ['an octal IPv4', 'https://0300.0.2.1', 'ip_literal'],
    ['a short IPv4', 'https://192.1', 'ip_literal'],
    ['another spelling of loopback', 'http://127.1', 'ip_literal'],
    ['the address of any interface', 'http://0.0.0.0', 'ip_literal'],
    ['an IPv6 literal', 'https://[2001:db8::1]', 'ip_literal'],
    ['an IPv6 spelling of loopback', 'http://[0:0:0:0:0:0:0:1]', 'ip_literal'],
    ['a single label', 'https://intranet', 'single_label_host'],
    ['a star alone', 'https://*', 'malformed_host'],
    ['a pattern over a whole top-level domain', 'https://*.com', 'single_label_host'],
    ['a star inside', 'https://a.*.example.com', 'malformed_host'],
    ['two stars', 'https://*.*.example.com', 'malformed_host'],
    ['a star in a label', 'https://*a.example.com', 'malformed_host'],
    ['a pattern over http', 'http://*.example.com', 'not_https'],
    ['a pattern over localhost', 'https://*.localhost', 'malformed_host'],
    ['a pattern over an address', 'https://*.192.0.2.1', 'ip_literal'],
    ['a very long host', `https://${'a.'.repeat(200)}example.com`, 'too_long'],
    ['a very long address', `https://example.com/${'a'.repeat(2_048)}`, 'too_long'],
    ['an origin over the limit', `https://${`${'a'.repeat(60)}.`.repeat(4)}example:65000`, 'too_long'],
  ])('%s', (_name, origin, reason) => {
    expect(readOrigin(origin, development)).toEqual({ ok: false, reason });
  });
});

describe('what is stored', () => {
  const host = fc.oneof(
    fc.domain(),
    fc.stringMatching(/^[a-z\u00e0-\u00ff\u0430-\u044f0-9-]{1,12}\.(?:example|\u0440\u0444)$/),
  );
  const mixedCase = host.chain((name) =>
    fc
      .array(fc.boolean(), { minLength: name.length, maxLength: name.length })
      .map((upper) => [...name].map((letter, at) => (upper[at] === true ? letter.toUpperCase() : letter)).join('')),
  );
  const typed = fc
    .tuple(
      fc.constantFrom('', 'https://', 'HTTPS://', 'http://', 'ftp://', 'https:', '//'),
      fc.constantFrom('', '*.', 'user@', '[', '\\'),
      fc.oneof(mixedCase, fc.constantFrom('localhost', '127.0.0.1', '[::1]', '0x7f.1'), fc.string({ unit: 'binary' })),
      fc.constantFrom('', ':443', ':80', ':8443', ':', ':x'),
      fc.constantFrom('', '/', '/x', '?', '#', ' '),
    )
    .map((parts) => parts.join(''));

  test('is Punycode as Node itself writes and reads it', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z\u00e0-\u00f6\u0430-\u044f\u3042-\u3062]{1,20}$/), (name) => {
        const ascii = domainToASCII(name);
        if (ascii.startsWith('xn--')) expect(decodePunycode(ascii.slice(4))).toBe(domainToUnicode(ascii));
      }),
    );
    for (const bad of ['', '-', 'a_', 'zzzzzzzz', '99999999', 'ab-', 'A'])
      expect([undefined, '', 'ab']).toContain(decodePunycode(bad));
  });

  test('reads as itself, and comes back from the URL parser byte for byte', () => {
    fc.assert(
      fc.property(fc.oneof(typed, fc.webUrl(), fc.string({ unit: 'binary' })), fc.boolean(), (text, isUrl) => {
        const read = (isUrl ? readShopUrl : readOrigin)(text, development);
        if (!read.ok) return;
        expect(readOrigin(read.value, development)).toEqual(read);
        if (!read.value.includes('*')) expect(new URL(read.value).origin).toBe(read.value);
      }),
      { numRuns: 2_000 },
    );
  });

  test('has the host that was typed, but for letter case and Punycode', () => {
    fc.assert(
      fc.property(typed, (text) => {
        const read = readOrigin(text, development);
        if (!read.ok) return;
        const stored = domainToUnicode(new URL(read.value.replace('*.', '')).hostname);
        expect(text.normalize('NFC').toLowerCase()).toContain(stored);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('the origin of an app', () => {
  const origins = [
    'capacitor://localhost',
    'ionic://localhost',
    'tauri://localhost',
    'app://localhost',
    'app://obsidian.md',
    EXTENSION,
    'https://localhost',
  ];

  test.each(origins)('%s is stored where the caller says that it is an app, in production too', (origin) => {
    expect(readOrigin(origin, { ...production, app: true })).toEqual({ ok: true, value: origin });
    expect(isAllowedOrigin(origin, compileOriginPolicy([origin]))).toBe(true);
  });

  test.each(origins)('%s is not one with anything before it', (origin) => {
    for (const before of ['x', 'x://', ' ', 'https://']) expect(isAppOrigin(before + origin)).toBe(false);
  });

  test.each(origins)('refuses %s in production otherwise', (origin) => {
    const reason = origin.startsWith('https') ? 'loopback_in_production' : 'app_origin';
    expect(readOrigin(origin, production)).toEqual({ ok: false, reason });
  });

  test.each<[string, OriginRefusal]>([
    ['Capacitor://localhost', 'app_origin'],
    ['capacitor://LOCALHOST', 'app_origin'],
    ['capacitor://localhost/', 'app_origin'],
    ['capacitor://localhost:80', 'app_origin'],
    ['capacitor://evil.example', 'app_origin'],
    ['ionic://localhost.evil.example', 'app_origin'],
    ['tauri://', 'app_origin'],
    ['app://', 'app_origin'],
    ['app://*', 'app_origin'],
    ['app://a/b', 'app_origin'],
    ['app://user@a', 'app_origin'],
    [EXTENSION.toUpperCase(), 'app_origin'],
    [EXTENSION.replace('p', 'q'), 'app_origin'],
    [`${EXTENSION}a`, 'app_origin'],
    [`${EXTENSION}/page.html`, 'app_origin'],
    ['https://localhost:3000', 'loopback_in_production'],
    ['https://LOCALHOST', 'loopback_in_production'],
    ['http://localhost', 'loopback_in_production'],
    ['moz-extension://abc', 'not_https'],
    ['file://', 'not_https'],
    ['null', 'not_a_url'],
  ])('refuses %s, though the caller says that it is an app', (origin, reason) => {
    expect(readOrigin(origin, { ...production, app: true })).toEqual({ ok: false, reason });
  });

  test.each([
    'capacitor://localhost/',
    'capacitor://LOCALHOST',
    'capacitor://localhost:80',
    'ionic://localhost',
    'null',
  ])('lets no call from %s pass beside it', (origin) => {
    expect(isAllowedOrigin(origin, compileOriginPolicy(['capacitor://localhost']))).toBe(false);
  });

  test('comes with a sentence on who else has it, and an ordinary origin beside it with none', () => {
    const rules = { ...production, app: true };
    const registered = registerOrigins('origins', ['https://shop.example.com', ...origins], rules);
    if (!registered.ok) throw new Error(registered.reason);
    const { warnings = [], normalized } = notesOn(registered.value.read, true);
    expect(warnings).toHaveLength(origins.length);
    for (const [at, origin] of origins.entries())
      expect(warnings[at]).toMatch(new RegExp(`^${origin} is the origin of every`));
    expect(normalized).toBeUndefined();
    expect(origins.every(isAppOrigin)).toBe(true);
  });
});

describe('a list of origins', () => {
  test('is read in order, each once, and says what is stored otherwise than it was given', () => {
    const given = ['https://a.example.com', 'A.example.com', 'https://b.example.com/'];
    const registered = registerOrigins('origins', given, production);
    if (!registered.ok) throw new Error(registered.reason);
    expect(registered.value.origins).toEqual(['https://a.example.com', 'https://b.example.com']);
    expect(notesOn(registered.value.read, false)).toEqual({
      normalized: [
        { given: 'A.example.com', stored: 'https://a.example.com' },
        { given: 'https://b.example.com/', stored: 'https://b.example.com' },
      ],
    });
  });

  test('refuses at the member that is wrong', () => {
    const given = ['https://a.example.com', 'b.example.com', 'https://192.0.2.1'];
    expect(registerOrigins('allowedOrigins', given, production)).toEqual({
      ok: false,
      reason: 'ip_literal',
      detail: 'Check body member "allowedOrigins[2]".',
    });
  });
});

describe('the address of a shop', () => {
  test.each([
    ['https://shop.example.com/en/', 'https://shop.example.com'],
    ['https://shop.example.com/en/index.html', 'https://shop.example.com'],
    ['https://example.com//evil.example/', 'https://example.com'],
    ['https://example.com/@evil.example', 'https://example.com'],
    ['shop.example.com/en', 'https://shop.example.com'],
    ['https://m\u00fcnchen.example/stra\u00dfe', 'https://xn--mnchen-3ya.example'],
    ['https://example.com:8443/', 'https://example.com:8443'],
    ['http://localhost:3000/', 'http://localhost:3000'],
  ])('%s is stored as %s', (given, stored) => {
    expect(readShopUrl(given, development)).toEqual({ ok: true, value: stored });
  });

  test.each<[string, OriginRefusal]>([
    ['https://*.example.com', 'not_a_url'],
    ['https://example.com/path?x', 'not_an_origin'],
    ['https://example.com/path#x', 'not_an_origin'],
    ['https://example.com/\\evil', 'not_an_origin'],
    ['https://user@example.com/', 'not_an_origin'],
    ['http://example.com', 'not_https'],
    ['capacitor://localhost', 'app_origin'],
    ['', 'not_a_url'],
  ])('refuses %s', (url, reason) => {
    expect(readShopUrl(url, development)).toEqual({ ok: false, reason });
  });

  test.each([
    ['https://example.com', false, ['https://example.com', 'https://www.example.com']],
    ['https://www.example.com', false, ['https://www.example.com', 'https://example.com']],
    ['https://example.com:8443', false, ['https://example.com:8443', 'https://www.example.com:8443']],
    ['https://xn--mnchen-3ya.example', false, ['https://xn--mnchen-3ya.example', 'https://www.xn--mnchen-3ya.example']],
    ['https://www.com', false, ['https://www.com']],
    ['https://example.com', true, ['https://example.com']],
    ['http://localhost:3000', false, ['http://localhost:3000']],
    ['http://[::1]:3000', false, ['http://[::1]:3000']],
  ])('%s (exact: %s) allows its origins', (url, exact, origins) => {
    expect(originsOfShopUrl(url, exact, development)).toEqual(origins);
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
