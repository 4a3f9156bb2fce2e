import { privateAuthorities, UpstreamCaError } from '#lambda/forwarding/authorities.ts';
import { DependencyError } from '#lambda/platform/stored.ts';
import { CertificateAuthority } from '#test/support/certificates.ts';

const authority = new CertificateAuthority();
afterAll(() => authority.dispose());

test('reads the secret once, however many calls wait for it', async () => {
  const read = jest.fn(async () => authority.cert);
  const authorities = privateAuthorities(read);
  const found = await Promise.all([authorities(), authorities()]);
  expect(await authorities()).toBe(found[0]);
  expect([found[0], read.mock.calls.length]).toEqual([[authority.cert.trim()], 1]);
});

test('reads again after a failure, which it keeps for nobody', async () => {
  const texts = ['no PEM', authority.cert];
  const authorities = privateAuthorities(async () => texts.shift() ?? '');
  await expect(authorities()).rejects.toThrow(UpstreamCaError);
  expect(await authorities()).toHaveLength(1);
});

test('says which dependency failed, and lets a bug pass', async () => {
  const cause = new DependencyError('read secret failed');
  await expect(privateAuthorities(() => Promise.reject(cause))()).rejects.toMatchObject({
    name: 'UpstreamCaError',
    cause,
  });
  await expect(privateAuthorities(() => Promise.reject(new TypeError('x')))()).rejects.toThrow(TypeError);
});
