import fc from 'fast-check';
import { parseAuthorities } from '#lambda/forwarding/authorities.ts';
import { CertificateAuthority } from '#test/support/certificates.ts';

const authority = new CertificateAuthority();
const other = new CertificateAuthority();
const pem = authority.cert.trim();
const { key } = authority.issue('localhost');
afterAll(() => {
  authority.dispose();
  other.dispose();
});

test.each<[string, string, number]>([
  ['one certificate', pem, 1],
  ['several, with comments between them', `# ours\n${pem}\n\n# theirs\n${other.cert}`, 2],
  ['line ends of Windows', pem.replaceAll('\n', '\r\n'), 1],
])('reads %s', (_what, text, count) => {
  const parsed = parseAuthorities(text);
  expect(parsed).toEqual({ ok: true, value: expect.any(Array) });
  if (parsed.ok) expect(parsed.value).toHaveLength(count);
});

test.each<[string, string]>([
  ['nothing', ''],
  ['a text other than PEM', '{"certificate":"x"}'],
  ['a private key beside the certificate', `${pem}\n${key}`],
  ['a private key', key],
  ['a certificate that is cut off', pem.slice(0, -30)],
  ['one that is whole and one that is cut off', `${pem}\n${other.cert.trim().slice(0, -30)}`],
  ['a certificate in DER under the marks', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'],
  ['a certificate of which a letter is changed', pem.replace(/MII/, 'MIJ')],
])('refuses %s', (_what, text) => {
  expect(parseAuthorities(text)).toEqual({ ok: false, reason: 'malformed' });
});

test('never throws', () => {
  fc.assert(
    fc.property(fc.string(), fc.nat(pem.length), (text, at) => {
      parseAuthorities(pem.slice(0, at) + text + pem.slice(at));
    }),
  );
});
