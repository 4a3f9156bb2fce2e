import { hash } from 'node:crypto';
import fc from 'fast-check';
import { signRequest } from '#cli/sign.ts';
import { type Challenge, signChallenge } from '../support/admin.ts';

const BODY = 'Action=GetCallerIdentity&Version=2011-06-15';
const printable = fc.string({ unit: fc.constantFrom(...'abzAZ019 -_./:;=,+'), maxLength: 60 });
const amzDates = fc
  .date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().replace(/[-:]|\.\d{3}/g, ''));
const challenges: fc.Arbitrary<Challenge> = fc
  .record({ region: fc.constantFrom('eu-west-1', 'cn-north-1', 'us-gov-east-1'), amzDate: amzDates, mark: printable })
  .map(({ region, amzDate, mark }) => {
    const host = `sts.${region}.amazonaws.com`;
    const headers = {
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
      host,
      'x-amz-date': amzDate,
      'x-widget-gate-challenge': mark,
    };
    return { challenge: '', region, host, amzDate, headers, body: BODY, expiresIn: 60 };
  });
const secrets = fc.string({ unit: fc.constantFrom(...'abzAZ019+/'), minLength: 40, maxLength: 40 });

test("a signature is the one that the AWS SDK's own signer makes", async () => {
  await fc.assert(
    fc.asyncProperty(challenges, secrets, async (dictated, secretAccessKey) => {
      // The SDK's signer adds the hash of the body, which our gate dictates.
      const challenge = { ...dictated, headers: { ...dictated.headers, 'x-amz-content-sha256': hash('sha256', BODY) } };
      const user = { userName: 'alice', accessKeyId: 'AKIAALICE', secretAccessKey };
      const expected = await signChallenge(challenge, user);
      expect(expected).toMatch(/^[0-9a-f]{64}$/);
      expect(signRequest(challenge, secretAccessKey)).toBe(expected);
    }),
    { numRuns: 300 },
  );
});
