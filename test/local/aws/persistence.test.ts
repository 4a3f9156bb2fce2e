import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { BatchGetItemCommand, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { openDataDirectory } from '#local/aws/data-directory.ts';
import { clientsOf, closeAll, startTestAws, temporaryDirectory } from './support/host.ts';

afterEach(closeAll);

const put = new PutItemCommand({ TableName: 'open', Item: { id: { S: 'kept' } } });
const get = new GetItemCommand({ TableName: 'open', Key: { id: { S: 'kept' } } });
const getSecret = new GetSecretValueCommand({ SecretId: 'sealed' });

test('items, secrets, keys and users outlive a restart; role credentials do not', async () => {
  const dataDirectory = temporaryDirectory();
  const first = await startTestAws({ dataDirectory });
  const before = clientsOf(first);
  await before.dynamodb.send(put);
  const secret = await before.secrets.send(getSecret);
  const user = first.users.create('alice');
  await first.close();

  const second = await startTestAws({ dataDirectory });
  const after = clientsOf(second);
  expect((await after.dynamodb.send(get)).Item).toEqual({ id: { S: 'kept' } });
  expect((await after.secrets.send(getSecret)).SecretString).toBe(secret.SecretString);
  expect(second.users.list()).toEqual([user]);
  const oldRoles = clientsOf(second, await before.dynamodb.config.credentials());
  await expect(oldRoles.dynamodb.send(get)).rejects.toMatchObject({ name: 'UnrecognizedClientException' });
});

test('no write that was acknowledged is lost by kill -9, and the lock of the killed process does not block', async () => {
  const dataDirectory = temporaryDirectory();
  const script = join(import.meta.dirname, 'support/writer.ts');
  const child = spawn(process.execPath, [script, dataDirectory], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const acknowledged: string[] = [];
  for await (const id of createInterface({ input: child.stdout })) {
    acknowledged.push(id);
    if (acknowledged.length === 1_000) process.kill(child.pid ?? 0, 'SIGKILL');
  }
  expect(await exited).toEqual([null, 'SIGKILL']);
  expect(acknowledged.length).toBeGreaterThanOrEqual(1_000);
  expect(readFileSync(join(dataDirectory, 'lock'), 'utf8')).toContain(String(child.pid));

  const { dynamodb } = clientsOf(await startTestAws({ dataDirectory }));
  // The last line may have been cut off in the middle.
  const ids = acknowledged.filter((id) => /^item-\d+$/.test(id)).slice(0, -1);
  for (let start = 0; start < ids.length; start += 100) {
    const Keys = ids.slice(start, start + 100).map((id) => ({ id: { S: id } }));
    const { Responses } = await dynamodb.send(new BatchGetItemCommand({ RequestItems: { open: { Keys } } }));
    expect(Responses?.open).toHaveLength(Keys.length);
  }
});

test('refuses a second host on the same data directory, naming it and what to do', async () => {
  const dataDirectory = temporaryDirectory();
  const first = await startTestAws({ dataDirectory });
  const error = await startTestAws({ dataDirectory }).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ name: 'DataDirectoryInUseError', message: expect.stringContaining('--data-dir') });
  expect((error as Error).message).toContain(dataDirectory);
  expect((error as Error).message).toContain(String(process.pid));
  await clientsOf(first).dynamodb.send(put);
});

test('refuses a second host even when the lock file was taken away', async () => {
  const dataDirectory = temporaryDirectory();
  await startTestAws({ dataDirectory });
  writeFileSync(join(dataDirectory, 'lock'), 'damaged');
  await expect(startTestAws({ dataDirectory })).rejects.toMatchObject({ name: 'DataDirectoryInUseError' });
});

test('the lock of a process that is gone, or whose number another one has now, does not block', () => {
  const dataDirectory = temporaryDirectory();
  mkdirSync(dataDirectory);
  for (const holder of [
    { processId: 2 ** 22 + 1, startedAt: '1' },
    { processId: process.pid, startedAt: 'long ago' },
  ]) {
    writeFileSync(join(dataDirectory, 'lock'), JSON.stringify(holder));
    openDataDirectory(dataDirectory).release();
  }
});

test('the data directory and every file in it are readable by their owner only', async () => {
  const dataDirectory = temporaryDirectory();
  const aws = await startTestAws({ dataDirectory });
  aws.users.create('alice');
  const entries = readdirSync(dataDirectory, { recursive: true, encoding: 'utf8' });
  expect(entries).toEqual(expect.arrayContaining(['kms.json', 'secrets.json', 'iam.json', 'lock', 'dynamodb/CURRENT']));
  for (const entry of ['', ...entries])
    expect([entry, statSync(join(dataDirectory, entry)).mode & 0o077]).toEqual([entry, 0]);
});

test('refuses a data directory that cannot be one, naming it', async () => {
  const dataDirectory = temporaryDirectory();
  writeFileSync(dataDirectory, 'a file');
  await expect(startTestAws({ dataDirectory })).rejects.toMatchObject({
    name: 'DataDirectoryError',
    message: expect.stringContaining(dataDirectory),
  });
});

test('refuses a data directory below something that is not a folder', async () => {
  await expect(startTestAws({ dataDirectory: '/dev/null/widget-gate' })).rejects.toMatchObject({
    name: 'DataDirectoryError',
    message: expect.stringContaining('/dev/null/widget-gate'),
  });
});

test('refuses a damaged state file instead of starting again over it', async () => {
  const dataDirectory = temporaryDirectory();
  mkdirSync(dataDirectory);
  writeFileSync(join(dataDirectory, 'kms.json'), '{"cut');
  await expect(startTestAws({ dataDirectory })).rejects.toThrow(/kms\.json is damaged/);
});
