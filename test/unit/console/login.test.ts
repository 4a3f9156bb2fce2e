import fc from 'fast-check';
import { checkChallenge as checkByCli } from '../../../cli/challenge.ts';
import { signRequest as signByCli } from '../../../cli/sign.ts';
import { identityRequest } from '../../../lambda/core/login-challenge.ts';
import { checkChallenge } from '../../../web/admin/src/login/challenge.ts';
import { importSecret, signRequest } from '../../../web/admin/src/login/sign.ts';

const NOW = 1_767_225_600;
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

test('a secret access key that was taken for signing can’t be read out again', async () => {
  const key = await importSecret('secret');
  expect([key.extractable, key.usages]).toEqual([false, ['sign']]);
  await expect(crypto.subtle.exportKey('raw', key)).rejects.toThrow();
});

const made = identityRequest(
  { id: 'id', issuedAt: NOW },
  { region: 'eu-west-1', host: 'sts.eu-west-1.amazonaws.com', deployment: 'widget-gate:1:dev' },
);
const { region, host, amzDate, headers, body } = made;
const honest = { challenge: 'e..a.b.c', region, host, amzDate, headers, body };

test('the console signs exactly what the gate dictates', async () => {
  const checked = await checkChallenge(honest, NOW);
  expect(checked).toEqual({ ok: true, challenge: 'e..a.b.c', request: { region, amzDate, headers, body } });
});

const hostile = fc.oneof(
  fc.dictionary(fc.constantFrom(...Object.keys(honest)), fc.jsonValue()),
  fc.record({ headers: fc.dictionary(fc.constantFrom(...Object.keys(headers), 'x-amz-target'), fc.jsonValue()) }),
  fc.record({
    host: fc.constantFrom('iam.amazonaws.com', 'sts.amazonaws.com', 'sts.eu-west-1.amazonaws.com.evil.example'),
  }),
  fc.record({ body: fc.constantFrom('', 'Action=GetSessionToken&Version=2011-06-15', `${body}&X=1`) }),
  fc.record({ amzDate: fc.constantFrom('20260199T000000Z', '20260102T000000Z', '20260101') }),
);

test('the console refuses to sign what the command line refuses, and nothing else', async () => {
  await fc.assert(
    fc.asyncProperty(hostile, async (changes) => {
      const dictated = { ...honest, ...changes };
      expect((await checkChallenge(dictated, NOW)).ok).toBe(isSignedByCli(dictated));
    }),
    { numRuns: 500 },
  );
});

function isSignedByCli(dictated: Readonly<Record<string, unknown>>): boolean {
  try {
    checkByCli(dictated, NOW);
    return true;
  } catch {
    return false;
  }
}
