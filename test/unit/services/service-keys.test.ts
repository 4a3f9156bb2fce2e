import type { ServiceKey } from '../../../lambda/core/service-key.ts';
import { DependencyError, type ServiceKeyStore, type Stored } from '../../../lambda/ports.ts';
import { changeServiceKey } from '../../../lambda/services/service-keys.ts';
import { MemoryAuditTrail } from '../../support/admin-stores.ts';

const NOW = 1_800_000_000;
const OLD: ServiceKey = {
  keyId: 'AAAAAAAA',
  purpose: 'analytics',
  label: 'portal',
  sha256: '0'.repeat(64),
  version: 1,
  createdAt: NOW - 1_000,
};

class MemoryServiceKeys implements ServiceKeyStore {
  readonly keys = new Map<string, ServiceKey>([[OLD.keyId, OLD]]);
  /** What becomes of the first replacement. */
  first: 'works' | 'conflicts' | 'fails' | 'loses its answer' = 'works';

  async read(keyId: string): Promise<Stored<ServiceKey>> {
    const value = this.keys.get(keyId);
    return value === undefined ? { kind: 'absent' } : { kind: 'found', value };
  }

  async list(): Promise<readonly ServiceKey[]> {
    return [...this.keys.values()];
  }

  async create(key: ServiceKey): Promise<boolean> {
    this.keys.set(key.keyId, key);
    return true;
  }

  async replace(key: ServiceKey): Promise<boolean> {
    const { first } = this;
    this.first = 'works';
    if (first === 'conflicts') return false;
    if (first === 'fails') throw new DependencyError('the store is down');
    this.keys.set(key.keyId, key);
    if (first === 'loses its answer') throw new DependencyError('no answer');
    return true;
  }
}

const rotate = (serviceKeys: MemoryServiceKeys) =>
  changeServiceKey(
    { action: 'rotate-service-key', keyId: OLD.keyId, overlapSeconds: 0 },
    { serviceKeys, keyEnvironment: 'test' },
    NOW,
    {
      trail: new MemoryAuditTrail(),
      actor: { arn: 'arn:aws:iam::1:user/alice', userId: 'AIDA' },
      action: 'rotate-service-key',
      requestId: 'request-1',
      nowMilliseconds: NOW * 1_000,
      onDelay: () => undefined,
    },
  );

/** Keys that still authenticate. */
const live = async (store: MemoryServiceKeys): Promise<string[]> =>
  (await store.list()).filter(({ credentialUntil }) => credentialUntil === undefined).map(({ keyId }) => keyId);

test('a rotation leaves the successor alone in force', async () => {
  const store = new MemoryServiceKeys();
  const rotated = await rotate(store);
  expect(rotated.ok && (await live(store))).toEqual([rotated.ok && rotated.value.key.keyId]);
});

test('a rotation that loses a race leaves no key that nobody holds', async () => {
  const store = new MemoryServiceKeys();
  store.first = 'conflicts';
  expect(await rotate(store)).toEqual({ ok: false, reason: 'version_conflict' });
  expect(await live(store)).toEqual([OLD.keyId]);
});

test('a rotation that fails half-way leaves the old key in force and no key that nobody holds', async () => {
  const store = new MemoryServiceKeys();
  store.first = 'fails';
  await expect(rotate(store)).rejects.toThrow(DependencyError);
  expect(await live(store)).toEqual([OLD.keyId]);
});

test('a rotation whose second write took place although its answer was lost tells the new key', async () => {
  const store = new MemoryServiceKeys();
  store.first = 'loses its answer';
  const rotated = await rotate(store);
  expect(rotated).toMatchObject({ ok: true, value: { apiKey: expect.stringMatching(/^an_test_/) } });
});
