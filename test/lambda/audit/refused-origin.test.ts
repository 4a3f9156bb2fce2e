import fc from 'fast-check';
import { limits } from '#contract/limits.ts';
import { shownOrigin } from '#lambda/audit/refused-origin.ts';

test.each<[string, readonly string[], string]>([
  ['an origin', ['https://shop.example.org'], 'https://shop.example.org'],
  ['one with a port', ['http://localhost:3000'], 'http://localhost:3000'],
  ['an address', ['http://[::1]:80'], 'http://[::1]:80'],
  ['that of an app', ['capacitor://localhost'], 'capacitor://localhost'],
  ['an opaque one', ['null'], 'null'],
  ['two of them', ['https://a.example', 'https://b.example'], 'https://a.example, https://b.example'],
])('%s is shown as it is', (_name, origins, shown) => {
  expect(shownOrigin(origins)).toBe(shown);
});

test.each<[string, string, string]>([
  ['markup', '<b>"\'&`', '\\u003cb\\u003e\\u0022\\u0027\\u0026\\u0060'],
  ['what steers a terminal', '\u001b]0;x\u0007', '\\u001b]0;x\\u0007'],
  ['line breaks', 'a\r\nb', 'a\\u000d\\u000ab'],
  ['what reorders text', 'a\u202eb', 'a\\u202eb'],
  ['letters that look like others', 'https://\u0430.example', 'https://\\u0430.example'],
  ['what looks escaped', '\\u0041', '\\u005cu0041'],
])('%s is escaped', (_name, origin, shown) => {
  expect(shownOrigin([origin])).toBe(shown);
});

test('whatever is sent, what is shown is short, safe and whole at its end', () => {
  const longest = fc.string({ unit: 'binary', maxLength: 600 });
  fc.assert(
    fc.property(fc.array(longest, { maxLength: 3 }), (origins) => {
      const shown = shownOrigin(origins);
      expect(shown.length).toBeLessThanOrEqual(limits.maxOriginChars);
      expect(shown.replaceAll(/\\u[0-9a-f]{4}/g, '')).not.toMatch(/[^\x20-\x7e]|[<>"'&`\\]/);
    }),
  );
});

test('the longest origin that can be registered is shown whole', () => {
  const origin = `https://${'a'.repeat(limits.maxOriginChars - 8)}`;
  expect([shownOrigin([origin]), shownOrigin([`${origin}b`])]).toEqual([origin, origin]);
});
