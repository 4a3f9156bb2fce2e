import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { environment } from '#contract/environment.ts';
import { SecretsRingVersions } from '#lambda/ring/ring.store.ts';
import { ringReferences } from '#lambda/shops/reseal-shops.ts';
import { DynamoRingReferences } from '#lambda/shops/ring-references.store.ts';
import { parseFaults } from '#local/faults.ts';
import { clientsOf } from '../support/aws-clients.ts';
import { type RunningGate, startGate, type TestShop } from '../support/gate.ts';
import { Portal } from '../support/portal.ts';

let gate: RunningGate;
let log = '';
beforeAll(async () => {
  gate = await startGate({
    log: (text) => {
      log += text;
    },
  });
});
afterAll(() => gate.close());

const stores = () => {
  const { dynamoDb, secretsManager, environment: variables } = clientsOf(gate, 'RingRotation');
  return {
    references: new DynamoRingReferences(dynamoDb, variables[environment.shopTable] as string),
    ring: new SecretsRingVersions(secretsManager, variables[environment.ringSecret] as string),
  };
};
const ringKeysUsed = async (): Promise<string[]> => [...((await ringReferences(stores().references)) ?? [])].sort();
const sealWith = async (): Promise<unknown> =>
  (JSON.parse((await stores().ring.readCurrent()).text) as { sealWith: unknown }).sealWith;

test('no call fails while the ring is rotated, and afterwards every shop is sealed with the new key', async () => {
  const shops: TestShop[] = [];
  for (let from = 0; from < 130; from += 10) {
    const ten = Array.from({ length: 10 }, (_, at) => gate.createShop(`https://shop-${from + at}.example.com`));
    shops.push(...(await Promise.all(ten)));
  }
  const statuses = new Map<number, number>();
  let rotating = true;
  const callAll = async (): Promise<void> => {
    for (let at = 0; rotating; at = (at + 1) % shops.length) {
      const { shopId, apiKey } = shops[at] as TestShop;
      const { status } = await gate.session(gate.signToken(0, apiKey, shopId));
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      await setTimeout(10);
    }
  };
  const callers = Array.from({ length: 4 }, callAll);
  await gate.host.aws.rotateSecret('Ring');
  const made = await gate.createShop('https://new.example.com');
  expect((await gate.session(gate.signToken(0, made.apiKey, made.shopId))).status).toBe(200);
  rotating = false;
  await Promise.all(callers);
  expect([...statuses.keys()]).toEqual([200]);
  expect(statuses.get(200)).toBeGreaterThan(shops.length);
  expect([await sealWith(), await ringKeysUsed()]).toEqual(['rk_2', ['rk_2']]);
  for (const { shopId, apiKey } of shops)
    expect((await gate.session(gate.signToken(0, apiKey, shopId))).status).toBe(200);
  expect(log).toContain('"event":"ring_rotation"');
});

test('a version that an earlier run of a rotation prepared stays as it is', async () => {
  const { ring } = stores();
  const versionId = randomUUID();
  await ring.addPending(versionId, '{"of":"the run that was killed"}');
  await ring.addPending(versionId, '{"of":"the run that took over"}');
  expect(await ring.readPending(versionId)).toBe('{"of":"the run that was killed"}');
  await ring.endPending(versionId);
});

test('a rotation that a failing store cuts short is taken up again under its own version', async () => {
  const before = await sealWith();
  gate.host.setFaults(parseFaults('dynamodb:down'));
  await expect(gate.host.aws.rotateSecret('Ring')).rejects.toThrow('DependencyError');
  gate.host.setFaults(parseFaults(''));
  await gate.host.aws.rotateSecret('Ring');
  expect(await sealWith()).not.toBe(before);
  expect(await ringKeysUsed()).toEqual([await sealWith()]);
  expect((await gate.session(gate.signToken())).status).toBe(200);
});

test('refuses to let a step of a rotation that lost the race change which version is read', async () => {
  const { ring } = stores();
  const { versionId } = await ring.readCurrent();
  await expect(ring.makeCurrent('11111111-1111-4111-8111-111111111111', versionId)).rejects.toThrow();
  const settled = await ring.addSettled((await ring.readCurrent()).text);
  await expect(ring.makeCurrent(settled, settled)).rejects.toThrow();
  expect((await ring.readCurrent()).versionId).toBe(versionId);
});

test('dropping the old ring keys is refused until the new one has settled; then shops go on, and tokens from before are refused', async () => {
  const drop = () => gate.host.aws.invokeRotation('Ring', { Step: 'dropOldKeys' });
  const portal = await Portal.open(gate);
  const before = await portal.securityToken();
  const statusOf = async (token: string): Promise<number> =>
    (await portal.analytics([['Authorization', `Bearer ${token}`]])).status;
  await gate.host.aws.rotateSecret('Ring');
  await expect(drop()).rejects.toThrow('drop them in');
  expect(await statusOf(before)).toBe(200);

  gate.host.setFaults(parseFaults('clock:offset=+7m'));
  await drop();
  const ring = Object.keys(JSON.parse((await stores().ring.readCurrent()).text)).filter((name) =>
    name.startsWith('rk_'),
  );
  expect(ring).toEqual([await sealWith()]);
  expect(await ringKeysUsed()).toEqual(ring);
  expect((await gate.session(gate.signToken())).status).toBe(200);
  expect(await statusOf(before)).toBe(401);
  expect(await statusOf(await portal.securityToken())).toBe(200);
  gate.host.setFaults(parseFaults(''));
});
