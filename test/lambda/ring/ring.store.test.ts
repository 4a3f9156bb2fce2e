import {
  InvalidRequestException,
  PutSecretValueCommand,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { DependencyError } from '#lambda/platform/stored.ts';
import { SecretsRingVersions } from '#lambda/ring/ring.store.ts';
import { rotationSteps } from '#lambda/ring/rotate-ring.ts';
import { secretArn } from '#test/local/aws/support/deployment.ts';
import { clientsOf, closeAll, startTestAws } from '#test/local/aws/support/host.ts';
import { memoryRotation, stepContext } from '#test/support/rotation.ts';
import { RING_TEXT, testShop } from '#test/support/shops.ts';

afterEach(closeAll);

const VERSION = '11111111-1111-4111-8111-111111111111';
const STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const;
const context = stepContext({ versionId: VERSION });

async function ringOf(absence?: 'not-found' | 'invalid-request') {
  const aws = await startTestAws({ absence: () => absence });
  const { secrets } = clientsOf(aws);
  const ring = new SecretsRingVersions(secrets, secretArn('open'));
  await secrets.send(new PutSecretValueCommand({ SecretId: secretArn('open'), SecretString: RING_TEXT }));
  const rotation = { ...memoryRotation(), ring };
  rotation.shops.put('shop_one', testShop('shop_one').shop);
  return { ring, rotation };
}

describe.each([
  ['as AWS does', undefined],
  ['all as not found', 'not-found' as const],
  ['all as an invalid request', 'invalid-request' as const],
])('where Secrets Manager answers what is not there %s', (_name, absence) => {
  test('every step of a rotation may be run again, at once and after the end', async () => {
    const { ring, rotation } = await ringOf(absence);
    const before = await ring.readCurrent();
    for (const step of STEPS) {
      await rotationSteps[step](rotation, context);
      const after = await ring.readCurrent();
      await rotationSteps[step](rotation, context);
      expect(await ring.readCurrent()).toEqual(after);
    }
    const ended = await ring.readCurrent();
    expect(ended.text).not.toBe(before.text);
    for (const step of STEPS) await rotationSteps[step](rotation, context);
    expect(await ring.readCurrent()).toEqual(ended);
  });

  test('a version that never was, and one whose rotation has ended, are not pending', async () => {
    const { ring } = await ringOf(absence);
    expect(await ring.readPending(VERSION)).toBeUndefined();
    await ring.addPending(VERSION, '{}');
    expect(await ring.readPending(VERSION)).toBe('{}');
    await ring.endPending(VERSION);
    expect(await ring.readPending(VERSION)).toBeUndefined();
    await ring.endPending(VERSION);
  });

  test('other versions are forgotten, whether there are any or not', async () => {
    const { ring } = await ringOf(absence);
    await ring.forgetOthers();
    await ring.addPending(VERSION, '{}');
    await ring.forgetOthers();
    expect(await ring.readPending(VERSION)).toBeUndefined();
    await ring.forgetOthers();
  });
});

test.each([
  "You can't perform this operation on the secret because it was marked for deletion.",
  'The secret is managed by another service.',
  '',
])('an invalid request for another reason is a failure, not an absence: %j', async (message) => {
  const client = {
    send: () => Promise.reject(new InvalidRequestException({ message, $metadata: {} })),
  } as unknown as SecretsManagerClient;
  const ring = new SecretsRingVersions(client, secretArn('open'));
  await expect(ring.readPending(VERSION)).rejects.toThrow(DependencyError);
  await expect(ring.endPending(VERSION)).rejects.toThrow(DependencyError);
  await expect(ring.forgetOthers()).rejects.toThrow(DependencyError);
});
