import { limits } from '#contract/limits.ts';
import { success } from '#lambda/crypto/result.ts';
import { DependencyError, type Stored } from '#lambda/platform/stored.ts';
import {
  addServiceKey,
  type NewServiceKey,
  revokeServiceKey,
  revokeServiceKeyTokens,
  rotateServiceKey,
} from '#lambda/service-keys/change-service-key.ts';
import type { ServiceKey, ServiceKeyList, ServiceKeyStore } from '#lambda/service-keys/service-key.ts';
import { MemoryAuditTrail, MemoryOutboxes, recoveryOf } from '#test/support/admin-stores.ts';

const NOW = 1_800_000_000;
const OLD: ServiceKey = {
  keyId: 'AAAAAAAA',
  purpose: 'analytics',
  label: 'portal',
  sha256: '0'.repeat(64),
  version: 1,
  createdAt: NOW - 1_000,
  allowedOrigins: ['https://portal.example.com'],
  maxTtlSeconds: 600,
  appIds: ['app-1'],
  tokensNotBefore: 0,
};

class MemoryServiceKeys implements ServiceKeyStore {
  readonly keys = new Map<string, ServiceKey>([[OLD.keyId, OLD]]);
  /** What becomes of the first replacement. */
  first: 'works' | 'conflicts' | 'fails' | 'loses its answer' = 'works';

  async read(keyId: string): Promise<Stored<ServiceKey>> {
    const value = this.keys.get(keyId);
    return value === undefined ? { kind: 'absent' } : { kind: 'found', value };
  }

  async list(): Promise<ServiceKeyList> {
    return { keys: [...this.keys.values()], corruptIds: [] };
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

type ServiceKeyRequest =
  | ({ readonly action: 'add-service-key' } & NewServiceKey)
  | { readonly action: 'rotate-service-key'; readonly keyId: string; readonly overlapSeconds: number }
  | { readonly action: 'revoke-service-key' | 'revoke-service-key-tokens'; readonly keyId: string };

/** Every change gives the key as it is afterwards; those that make one its text, too. */
async function change(
  serviceKeys: MemoryServiceKeys,
  request: ServiceKeyRequest,
  {
    keyEnvironment = 'test',
    devKeys = true,
    trail = new MemoryAuditTrail(),
  }: { keyEnvironment?: 'test' | 'live'; devKeys?: boolean; trail?: MemoryAuditTrail } = {},
) {
  const keys = { serviceKeys, keyEnvironment, devKeys };
  const recording = {
    trail,
    recovery: recoveryOf(trail),
    actor: { arn: 'arn:aws:iam::1:user/alice', userId: 'AIDA' },
    action: request.action,
    requestId: 'request-1',
    nowMilliseconds: NOW * 1_000,
    onDelay: () => undefined,
  };
  if (request.action === 'add-service-key') return addServiceKey(request, keys, NOW, recording);
  if (request.action === 'rotate-service-key') return rotateServiceKey(request, keys, NOW, recording);
  const revoke = request.action === 'revoke-service-key' ? revokeServiceKey : revokeServiceKeyTokens;
  const revoked = await revoke(request.keyId, keys, NOW, recording);
  return revoked.ok ? success({ key: revoked.value }) : revoked;
}

const ROTATION = { action: 'rotate-service-key', keyId: OLD.keyId, overlapSeconds: 0 } as const;
const rotate = (serviceKeys: MemoryServiceKeys) => change(serviceKeys, ROTATION);

/** Keys that still authenticate. */
const live = async (store: MemoryServiceKeys): Promise<string[]> =>
  (await store.list()).keys.filter(({ credentialUntil }) => credentialUntil === undefined).map(({ keyId }) => keyId);

test('a key for servers has no limit on the lives of its tokens but the one that was stated', async () => {
  const lifeOf = async (more: object) => {
    const added = await change(new MemoryServiceKeys(), {
      ...{ action: 'add-service-key', purpose: 'analytics', label: 'portal' },
      ...more,
    });
    return added.ok && added.value.key.maxTtlSeconds;
  };
  expect([await lifeOf({}), await lifeOf({ maxTtlSeconds: 60 })]).toEqual([undefined, 60]);
});

test.each<[string, ServiceKeyRequest]>([
  ['created', { action: 'add-service-key', purpose: 'analytics', label: 'portal' }],
  ['rotated', { action: 'rotate-service-key', keyId: OLD.keyId, overlapSeconds: 0 }],
  ['revoked', { action: 'revoke-service-key', keyId: OLD.keyId }],
])(
  'the audit entry of a key that is %s is written with the key itself, so that it cannot be lost',
  async (_change, request) => {
    const store = new MemoryServiceKeys();
    const changed = await change(store, request);
    const keyId = changed.ok ? changed.value.key.keyId : '';
    expect(store.keys.get(keyId)).toMatchObject({ lastAudit: expect.any(String), auditOutbox: expect.any(String) });
  },
);

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

test.each(['conflicts', 'fails'] as const)(
  'a rotation whose second write %s while the trail is down leaves both entries of its successor, creation and end',
  async (first) => {
    const store = new MemoryServiceKeys();
    store.first = first;
    const trail = new MemoryAuditTrail();
    trail.failing = true;
    await change(store, ROTATION, { trail }).catch((error: unknown) => expect(error).toBeInstanceOf(DependencyError));
    trail.failing = false;
    const outboxes = new MemoryOutboxes();
    outboxes.records = [...store.keys.values()].map((key) => ({ kind: 'service-key', id: key.keyId, ...key }));
    await recoveryOf(trail, outboxes).recover();
    const [successorId] = [...store.keys.keys()].filter((keyId) => keyId !== OLD.keyId);
    expect(trail.entries).toMatchObject([
      { action: ROTATION.action, after: { keyId: successorId, createdAt: NOW } },
      { action: ROTATION.action, before: { keyId: successorId }, after: { credentialUntil: NOW } },
    ]);
  },
);

test('a rotation whose second write took place although its answer was lost returns the new key', async () => {
  const store = new MemoryServiceKeys();
  store.first = 'loses its answer';
  const rotated = await rotate(store);
  expect(rotated).toMatchObject({ ok: true, value: { apiKey: expect.stringMatching(/^an_test_/) } });
});

test('a successor has the whole scope of the key before it, and an id and text of its own', async () => {
  const rotated = await rotate(new MemoryServiceKeys());
  const { purpose, label, allowedOrigins, maxTtlSeconds, appIds } = OLD;
  const scope = { purpose, label, allowedOrigins, maxTtlSeconds, appIds, tokensNotBefore: 0 };
  expect(rotated).toMatchObject({
    ok: true,
    value: { key: { ...scope, keyId: expect.not.stringMatching(OLD.keyId) } },
  });
});

test('a revoked key ends with all that it got; revoking what it got leaves it in force', async () => {
  const store = new MemoryServiceKeys();
  await change(store, { action: 'revoke-service-key-tokens', keyId: OLD.keyId });
  expect(store.keys.get(OLD.keyId)).toMatchObject({ tokensNotBefore: NOW });
  expect(await live(store)).toEqual([OLD.keyId]);
  await change(store, { action: 'revoke-service-key', keyId: OLD.keyId });
  expect(store.keys.get(OLD.keyId)).toMatchObject({ tokensNotBefore: NOW, credentialUntil: NOW });
  const again = await change(store, { action: 'revoke-service-key-tokens', keyId: OLD.keyId });
  expect(again.ok).toBe(true);
});

describe('a dev key', () => {
  const add = (more: object = {}, stage = {}) => {
    const store = new MemoryServiceKeys();
    return change(store, { action: 'add-service-key', purpose: 'dev', label: 'alice', ...more }, stage);
  };

  test.each([
    [undefined, limits.maxDevKeySeconds],
    [3_600, 3_600],
  ])('of the stated life %s ends after %d s', async (maxTtlSeconds, life) => {
    const added = await add(maxTtlSeconds === undefined ? {} : { maxTtlSeconds });
    expect(added).toMatchObject({ ok: true, value: { key: { credentialUntil: NOW + life } } });
  });

  test('is refused where the stage takes none', async () => {
    expect(await add({}, { devKeys: false })).toEqual({ ok: false, reason: 'dev_keys_disabled' });
  });

  test('has no successor where the stage takes none any more', async () => {
    const store = new MemoryServiceKeys();
    const key: ServiceKey = { ...OLD, purpose: 'dev', keyId: 'DDDDDDDD', credentialUntil: NOW + 60 };
    store.keys.set(key.keyId, key);
    const rotation = { action: 'rotate-service-key', keyId: key.keyId, overlapSeconds: 0 } as const;
    expect(await change(store, rotation, { devKeys: false })).toEqual({ ok: false, reason: 'dev_keys_disabled' });
    expect(store.keys.get(key.keyId)).toEqual(key);
  });

  test('is rotated into one of a life of its own, and ends with the overlap or before', async () => {
    const store = new MemoryServiceKeys();
    const key: ServiceKey = { ...OLD, purpose: 'dev', keyId: 'DDDDDDDD', credentialUntil: NOW + 60 };
    store.keys.set(key.keyId, key);
    const rotation = { action: 'rotate-service-key', keyId: key.keyId, overlapSeconds: 3_600 } as const;
    const rotated = await change(store, rotation);
    expect(rotated).toMatchObject({ ok: true, value: { key: { credentialUntil: NOW + 600 } } });
    expect(store.keys.get(key.keyId)?.credentialUntil).toBe(NOW + 60);
    expect(await change(store, rotation)).toEqual({ ok: false, reason: 'key_not_live' });
  });
});

test.each<[string, readonly string[], 'test' | 'live', string]>([
  ['no address', ['portal'], 'test', 'not_a_url'],
  ['a path', ['https://a.example.com/x'], 'test', 'not_an_origin'],
  ['plain http', ['http://a.example.com'], 'test', 'not_https'],
  ['loopback in production', ['http://localhost:3000'], 'live', 'loopback_in_production'],
])('refuses an allowed origin that is %s', async (_name, allowedOrigins, keyEnvironment, reason) => {
  const request = { action: 'add-service-key', purpose: 'analytics', label: 'p', allowedOrigins } as const;
  expect(await change(new MemoryServiceKeys(), request, { keyEnvironment })).toEqual({
    ok: false,
    reason,
    detail: 'Check body member "allowedOrigins[0]".',
  });
});

test('allowed origins that are given twice are kept once', async () => {
  const allowedOrigins = ['https://a.example.com', 'https://*.b.example.com', 'https://a.example.com'];
  const request = { action: 'add-service-key', purpose: 'analytics', label: 'p', allowedOrigins } as const;
  const added = await change(new MemoryServiceKeys(), request);
  expect(added).toMatchObject({ ok: true, value: { key: { allowedOrigins: allowedOrigins.slice(0, 2) } } });
});

test('what a key got is revoked no less than before, whatever the clocks say', async () => {
  const store = new MemoryServiceKeys();
  store.keys.set(OLD.keyId, { ...OLD, tokensNotBefore: NOW + 10 });
  for (const action of ['revoke-service-key-tokens', 'revoke-service-key'] as const)
    expect(await change(store, { action, keyId: OLD.keyId })).toMatchObject({
      value: { key: { tokensNotBefore: NOW + 10 } },
    });
});

test('a key in its overlap can be revoked, but has no second successor', async () => {
  const store = new MemoryServiceKeys();
  await change(store, { action: 'rotate-service-key', keyId: OLD.keyId, overlapSeconds: 3_600 });
  expect(await rotate(store)).toEqual({ ok: false, reason: 'key_not_live' });
  const revoked = await change(store, { action: 'revoke-service-key', keyId: OLD.keyId });
  expect(revoked).toMatchObject({ ok: true, value: { key: { credentialUntil: NOW, tokensNotBefore: NOW } } });
});

test.each<ServiceKeyRequest['action']>(['revoke-service-key', 'revoke-service-key-tokens', 'rotate-service-key'])(
  '%s of a record that can not be read is a fault and changes nothing',
  async (action) => {
    const store = new MemoryServiceKeys();
    store.read = async () => ({ kind: 'corrupt' });
    const request = { action, keyId: OLD.keyId, overlapSeconds: 0 } as ServiceKeyRequest;
    await expect(change(store, request)).rejects.toThrow(DependencyError);
    expect([...store.keys.values()]).toEqual([OLD]);
  },
);

test('refuses a hundred-and-first live key; those that ended do not count', async () => {
  const store = new MemoryServiceKeys();
  for (let index = 1; index < limits.maxServiceKeys; index += 1)
    store.keys.set(`k${index}`, { ...OLD, keyId: `k${index}` });
  store.keys.set('ended', { ...OLD, keyId: 'ended', credentialUntil: NOW });
  const add = { action: 'add-service-key', purpose: 'data-router', label: 'one more' } as const;
  expect(await change(store, add)).toEqual({ ok: false, reason: 'too_many_service_keys' });
  expect(await rotate(store)).toEqual({ ok: false, reason: 'too_many_service_keys' });
  expect(await live(store)).toContain(OLD.keyId);
  store.keys.delete('k1');
  expect((await change(store, add)).ok).toBe(true);
});
