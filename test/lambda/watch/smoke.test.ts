import type { AddressInfo } from 'node:net';
import { createServer } from 'node:tls';
import { runSmoke, type SmokeAnswer, send } from '#lambda/watch/smoke.ts';
import { CertificateAuthority } from '#test/support/certificates.ts';

const TARGET = { baseUrl: 'https://gate.example.com', shopId: 'shop_one', apiKey: 'sk_test_00000000_secret' };

test.each<[string, SmokeAnswer, string]>([
  ['a code that the gate does not have', { status: 403, json: { code: 'call-me-<b>' } }, '403 without a known code'],
  ['a code that is not a text', { status: 500, json: { code: ['unauthorized'] } }, '500 without a known code'],
  ['a name that every object has', { status: 500, json: { code: 'toString' } }, '500 without a known code'],
  ['no code', { status: 404, json: {} }, '404 without a known code'],
  ['a code of the gate', { status: 403, json: { code: 'wrong_shop' } }, '403 wrong_shop'],
])('repeats of an answer with %s only what is in the catalog', async (_name, answer, found) => {
  const { ok, steps } = await runSmoke(TARGET, async () => answer, Date.now);
  expect([ok, steps[0]?.name, steps[0]?.ok, steps[0]?.found]).toEqual([false, 'issue', false, found]);
});

test('an https address is called with TLS, and a certificate of nobody known is refused', async () => {
  const authority = new CertificateAuthority();
  const server = createServer(authority.issue('localhost'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `https://localhost:${(server.address() as AddressInfo).port}/`;
  try {
    await expect(send({ method: 'GET', url, headers: {} })).rejects.toMatchObject({
      code: expect.stringMatching(/^(UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_)/),
    });
  } finally {
    server.close();
    authority.dispose();
  }
});
