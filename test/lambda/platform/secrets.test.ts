import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { readSecretText } from '#lambda/platform/secret-text.store.ts';
import { lastRotation, SecretsRingStore } from '#lambda/ring/ring.store.ts';

const ARN = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:ring';

const answering = (answer: object) => {
  const asked: object[] = [];
  const send = async (command: { constructor: { name: string }; input: object }): Promise<object> => {
    asked.push({ command: command.constructor.name, ...command.input });
    return answer;
  };
  return { client: { send } as unknown as SecretsManagerClient, asked };
};
const failing = { send: () => Promise.reject(new TypeError(ARN)) } as unknown as SecretsManagerClient;

test('a secret that a person fills is read without the space around it', async () => {
  const { client, asked } = answering({ SecretString: ' \tsk_test_1\n' });
  expect(await readSecretText(client, ARN)).toBe('sk_test_1');
  expect(asked).toEqual([{ command: 'GetSecretValueCommand', SecretId: ARN }]);
});

test.each([{}, { SecretString: '' }, { SecretString: ' \n' }])(
  'a secret that holds %j is an outage',
  async (answer) => {
    await expect(readSecretText(answering(answer).client, ARN)).rejects.toMatchObject({
      name: 'DependencyError',
      message: 'the secret has no text',
    });
  },
);

test.each([
  [{ LastRotatedDate: new Date(7), CreatedDate: new Date(5) }, 7],
  [{ CreatedDate: new Date(5) }, 5],
])('a ring of %j is as old as its last rotation, or else as the secret', async (answer, at) => {
  const { client, asked } = answering(answer);
  expect(await lastRotation(client, ARN)).toBe(at);
  expect(asked).toEqual([{ command: 'DescribeSecretCommand', SecretId: ARN }]);
});

test('a ring without any date is an outage', async () => {
  await expect(lastRotation(answering({}).client, ARN)).rejects.toMatchObject({
    name: 'DependencyError',
    message: 'the ring secret has no date',
  });
});

test('the ring is read as its text', async () => {
  const { client, asked } = answering({ SecretString: '{}' });
  expect(await new SecretsRingStore(client, ARN).read()).toBe('{}');
  expect(asked).toEqual([{ command: 'GetSecretValueCommand', SecretId: ARN }]);
});

test.each<[string, () => Promise<unknown>]>([
  ['read secret', () => readSecretText(failing, ARN)],
  ['describe ring', () => lastRotation(failing, ARN)],
  ['read ring', () => new SecretsRingStore(failing, ARN).read()],
])('%s: a fault is named by its kind alone', async (operation, call) => {
  await expect(call()).rejects.toMatchObject({ name: 'DependencyError', message: `${operation} failed: TypeError` });
});
