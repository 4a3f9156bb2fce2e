import fc from 'fast-check';
import { signRequest as signByCli } from '#cli/sign.ts';
import { importSecret, signRequest } from '#web/admin/src/login/log-in.ts';

const text = fc.string({ unit: fc.constantFrom(...'abzAZ019 -_./:;=,+ü\t'), maxLength: 60 });
const requests = fc.record({
  region: fc.constantFrom('eu-west-1', 'cn-north-1', 'us-gov-east-1'),
  amzDate: fc
    .date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
    .map((date) => date.toISOString().replace(/[-:]|\.\d{3}/g, '')),
  headers: fc.dictionary(fc.stringMatching(/^[a-z][a-z-]{0,20}$/), text, { noNullPrototype: true }),
  body: text,
});

test('the console signs every request as the command line does', async () => {
  await fc.assert(
    fc.asyncProperty(requests, fc.string({ unit: 'grapheme', minLength: 1 }), async (request, secret) => {
      expect(await signRequest(request, await importSecret(secret))).toBe(signByCli(request, secret));
    }),
    { numRuns: 300 },
  );
});

test("a secret access key that was taken for signing can't be read out again", async () => {
  const key = await importSecret('secret');
  expect([key.extractable, key.usages]).toEqual([false, ['sign']]);
  await expect(crypto.subtle.exportKey('raw', key)).rejects.toThrow();
});
