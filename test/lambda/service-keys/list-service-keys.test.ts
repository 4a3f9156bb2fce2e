import { DependencyError } from '#lambda/platform/stored.ts';
import { listServiceKeys, type ServiceKeySources } from '#lambda/service-keys/list-service-keys.ts';
import { serviceKey } from '#test/support/analytics.ts';

const { key: used } = serviceKey({ label: 'used', lastAudit: '{}' });
const { key: unused } = serviceKey({ label: 'unused' });

const sources = (uses: [string, number][]): ServiceKeySources => ({
  serviceKeys: { list: async () => ({ keys: [used, unused], corruptIds: ['CORRUPT1'] }) },
  keyUse: { lastUses: async (keyIds) => new Map(uses.filter(([keyId]) => keyIds.includes(keyId))) },
});

test('each key has its last use if it has one, and neither its digest nor our bookkeeping', async () => {
  const hour = used.createdAt + 3_600;
  const [first, second] = await listServiceKeys(sources([[used.keyId, hour]]));
  const { sha256: _digest, lastAudit: _audit, ...shown } = used;
  expect(first).toEqual({ ...shown, lastUsedAt: hour, lastUsedGrainSeconds: 3_600 });
  expect(second).toEqual({ ...unused, sha256: undefined });
  expect(second).not.toHaveProperty('lastUsedAt');
});

test('no last use is before the key was created, though it is noted by the hour', async () => {
  const [first] = await listServiceKeys(sources([[used.keyId, used.createdAt - 1_560]]));
  expect(first).toMatchObject({ lastUsedAt: used.createdAt });
});

test('a record that can not be read has its place by its id', async () => {
  expect((await listServiceKeys(sources([]))).at(-1)).toEqual({ keyId: 'CORRUPT1', corrupt: true });
});

test('uses that can not be read fail the list: nobody is to revoke a key for looking unused', async () => {
  const keyUse = { lastUses: () => Promise.reject(new DependencyError('the store is down')) };
  await expect(listServiceKeys({ ...sources([]), keyUse })).rejects.toThrow(DependencyError);
});
