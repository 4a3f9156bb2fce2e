import { BatchGetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { environment } from '#contract/environment.ts';
import { DynamoServiceKeyStore } from '#lambda/service-keys/service-key.store.ts';
import type { Administered } from '../support/administer.ts';
import { clientsOf } from '../support/aws-clients.ts';
import { STORE_LATENCY } from '../support/bounds.ts';
import { type RunningGate, startGate } from '../support/gate.ts';

let gate: RunningGate;
beforeAll(async () => {
  gate = await startGate({ faults: STORE_LATENCY });
});
afterAll(() => gate.close());

type Key = Administered & { readonly keyId: string; readonly apiKey: string; readonly credentialUntil?: number };
const add = async (purpose = 'analytics', label = 'portal backend'): Promise<Key> =>
  (await gate.administer({ action: 'add-service-key', purpose, label })) as Key;
const change = (action: string, keyId: string, more: object = {}): Promise<Administered> =>
  gate.administer({ action, keyId, ...more });
const listed = async (): Promise<Key[]> =>
  (await gate.administer({ action: 'list-service-keys' })).serviceKeys as Key[];

test.each([
  ['analytics', 'an'],
  ['data-router', 'dr'],
])('a key for %s has its kind, is shown once, and is in the list without its text', async (purpose, kind) => {
  const added = await add(purpose);
  expect(added.apiKey).toMatch(new RegExp(`^${kind}_test_${added.keyId}_[0-9A-Za-z]{38}$`));
  const shown = (await listed()).find(({ keyId }) => keyId === added.keyId);
  expect(shown).toEqual({
    keyId: added.keyId,
    purpose,
    label: 'portal backend',
    allowedOrigins: [],
    tokensNotBefore: 0,
    version: 1,
    createdAt: added.createdAt,
  });
  expect(JSON.stringify(await listed())).not.toMatch(/sha256|lastAudit|apiKey/);
});

test('of a key only its digest is stored', async () => {
  const { keyId, apiKey } = await add();
  const { dynamoDb, environment: variables } = clientsOf(gate, 'AdminApi');
  const stored = await new DynamoServiceKeyStore(dynamoDb, variables[environment.keyTable] as string).read(keyId);
  expect(JSON.stringify(stored)).not.toContain(apiKey.slice(-38));
  expect(stored).toMatchObject({ kind: 'found', value: { sha256: expect.stringMatching(/^[0-9a-f]{64}$/) } });
});

test('a rotation gives a successor of the same purpose and ends the old key after the overlap', async () => {
  const old = await add('data-router', 'router');
  const successor = (await change('rotate-service-key', old.keyId, { overlapSeconds: 3_600 })) as Key;
  expect(successor).toMatchObject({ ok: true, purpose: 'data-router', label: 'router', apiKey: expect.any(String) });
  const ends = (await listed()).find(({ keyId }) => keyId === old.keyId)?.credentialUntil ?? 0;
  expect(ends - Date.now() / 1_000).toBeGreaterThan(3_500);
  expect(await change('rotate-service-key', old.keyId)).toEqual({ ok: false, reason: 'key_not_live' });
  expect((await change('rotate-service-key', successor.keyId)).ok).toBe(true);
});

test('a revoked key has ended, and can be neither rotated nor revoked again', async () => {
  const { keyId } = await add();
  expect(await change('revoke-service-key', keyId)).toMatchObject({ ok: true, credentialUntil: expect.any(Number) });
  for (const action of ['revoke-service-key', 'rotate-service-key'])
    expect(await change(action, keyId)).toEqual({ ok: false, reason: 'key_not_live' });
});

test('every change is in the trail by key id, and without a secret', async () => {
  const { keyId, apiKey } = await add();
  await change('revoke-service-key', keyId);
  const { entries } = await gate.administer({ action: 'query-audit' });
  expect(entries).toBeDefined();
  const trail = JSON.stringify(entries);
  expect(trail).toContain(`"before":{"keyId":"${keyId}","tokensNotBefore":0}`);
  expect(trail).toContain('"action":"add-service-key"');
  expect(trail).not.toContain(apiKey.slice(-38));
  expect(trail).not.toContain('sha256');
});

test('of two who revoke at once one gets through and the other a conflict or a key that has ended', async () => {
  const { keyId } = await add();
  const results = await Promise.all(Array.from({ length: 6 }, () => change('revoke-service-key', keyId)));
  expect(results.filter(({ ok }) => ok)).toHaveLength(1);
  for (const { ok, reason } of results)
    expect(ok || ['version_conflict', 'key_not_live'].includes(reason ?? '')).toBe(true);
});

test.each<[string, () => Promise<Administered>, string]>([
  ['an unknown key', () => change('revoke-service-key', 'AAAAAAAA'), 'service_key_not_found'],
  [
    "a shop's key by its id",
    () => change('revoke-service-key', gate.shop.apiKey.split('_')[2] as string),
    'service_key_not_found',
  ],
  ['an unknown purpose', () => add('shop'), 'invalid_request'],
  ['a purpose that objects inherit', () => add('constructor'), 'invalid_request'],
  ['no label', () => add('analytics', ''), 'invalid_request'],
  ['a label of markup', () => add('analytics', '<b>'), 'invalid_request'],
  ['an invalid overlap', () => change('rotate-service-key', 'AAAAAAAA', { overlapSeconds: 7 }), 'invalid_request'],
])('refuses %s', async (_name, request, reason) => {
  expect(await request()).toEqual({ ok: false, reason });
});

test("a service key opens nothing that a shop's key opens", async () => {
  const { apiKey } = await add();
  const answer = await gate.call({
    method: 'POST',
    path: `/api/shops/${gate.shop.shopId}/widget-token`,
    headers: [['X-Shop-API-Key', apiKey]],
  });
  expect([answer.status, answer.json.code]).toEqual([401, 'invalid_api_key']);
});

test('a key shows what it was made for and, once it was used, its last use within an hour and never before its creation', async () => {
  const scope = { allowedOrigins: ['https://p.example.com'], appIds: ['app-1'], maxTtlSeconds: 600 };
  const made = (await gate.administer({
    action: 'add-service-key',
    purpose: 'analytics',
    label: 'used',
    ...scope,
  })) as Key;
  const shown = async () => (await listed()).find(({ keyId }) => keyId === made.keyId) as Key & { lastUsedAt?: number };
  expect(await shown()).toMatchObject(scope);
  expect((await shown()).lastUsedAt).toBeUndefined();
  const { status } = await gate.call({
    method: 'POST',
    path: '/devapi/v4/core/login/token',
    headers: [['X-API-Key', made.apiKey]],
    body: '{"userid":"u-1","appid":"app-1"}',
  });
  expect(status).toBe(200);
  const { lastUsedAt = 0, ...rest } = await shown();
  const { createdAt } = rest as { createdAt?: number };
  expect(rest).toMatchObject({ lastUsedGrainSeconds: 3_600 });
  // The hour of the use began before the key was created.
  expect(lastUsedAt).toBeGreaterThanOrEqual(createdAt ?? Number.NaN);
  expect(lastUsedAt).toBeLessThanOrEqual(Date.now() / 1_000);
});

test('a record that can not be read is listed as such, and harms no other', async () => {
  const { dynamoDb, environment: variables } = clientsOf(gate, 'AdminApi');
  const Item = { keyId: { S: 'CORRUPT1' }, listed: { S: 'service-keys' }, createdAt: { N: '1' } };
  await dynamoDb.send(new PutItemCommand({ TableName: variables[environment.keyTable], Item }));
  const { keyId } = await add();
  expect((await listed()).map((key) => key.keyId)).toEqual(expect.arrayContaining([keyId, 'CORRUPT1']));
  expect((await listed()).find((key) => key.keyId === 'CORRUPT1')).toEqual({ keyId: 'CORRUPT1', corrupt: true });
});

test('a revocation is returned and is in the trail; a second one of the same user goes on from it', async () => {
  const revoke = () => gate.administer({ action: 'revoke-subject', kind: 'user', id: 'u-9' });
  const first = await revoke();
  expect(first).toMatchObject({ ok: true, kind: 'user', id: 'u-9', notBefore: expect.any(Number) });
  expect((await revoke()).ok).toBe(true);
  const { entries } = (await gate.administer({ action: 'query-audit' })) as unknown as {
    entries: { action: string }[];
  };
  expect(entries.filter(({ action }) => action === 'revoke-subject')).toMatchObject([
    { after: { kind: 'user', id: 'u-9' } },
    { after: { kind: 'user', id: 'u-9' } },
  ]);
});

test('a dev key shows its end and its life, and has them at most a week ahead', async () => {
  const { keyId, credentialUntil = 0, createdAt } = (await add('dev', 'alice')) as Key & { createdAt: number };
  expect(credentialUntil - createdAt).toBe(7 * 86_400);
  const successor = (await change('rotate-service-key', keyId, { overlapSeconds: 0 })) as Key;
  expect(successor).toMatchObject({ ok: true, purpose: 'dev', maxTtlSeconds: 7 * 86_400 });
  expect((await listed()).find((key) => key.keyId === keyId)).toMatchObject({ successorId: successor.keyId });
});

test('what a key got can be revoked while it is live and after it has ended', async () => {
  const { keyId } = await add();
  const revoke = () => change('revoke-service-key-tokens', keyId);
  expect(await revoke()).toMatchObject({ ok: true, keyId, tokensNotBefore: expect.any(Number) });
  expect((await listed()).find((key) => key.keyId === keyId)).not.toHaveProperty('credentialUntil');
  expect((await change('revoke-service-key', keyId)).ok).toBe(true);
  expect((await revoke()).ok).toBe(true);
  expect(await change('revoke-service-key-tokens', 'AAAAAAAA')).toEqual({ ok: false, reason: 'service_key_not_found' });
});

test('who administers can revoke and see uses, and touches no session, temp token or use by it', async () => {
  const { dynamoDb, environment: variables } = clientsOf(gate, 'AdminApi');
  const TableName = variables[environment.sessionTable] as string;
  const put = (name: string) => dynamoDb.send(new PutItemCommand({ TableName, Item: { sessionHash: { S: name } } }));
  const get = (name: string) =>
    dynamoDb.send(new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: [{ sessionHash: { S: name } }] } } }));
  await put('revoked/user/nobody');
  await get('key-use/AAAAAAAA');
  for (const name of ['temp/a', 'temp-used/a', 'ended/a', 'key-use/a', 'a'.repeat(64)])
    await expect(put(name)).rejects.toMatchObject({ name: 'AccessDeniedException' });
  for (const name of ['temp/a', 'ended/a', 'revoked/user/a', 'a'.repeat(64)])
    await expect(get(name)).rejects.toMatchObject({ name: 'AccessDeniedException' });
});

test.each<[string, object]>([
  ['no kind', { id: 'a' }],
  ["a session, which is its holder's to end", { kind: 'session', id: 'a'.repeat(64) }],
  ['a shop', { kind: 'shop', id: 'a' }],
  ['a kind that objects inherit', { kind: 'constructor', id: 'a' }],
  ['no id', { kind: 'user' }],
  ['an empty id', { kind: 'user', id: '' }],
  ['an id that no header can carry', { kind: 'user', id: '\u00fc' }],
  ['an id that ends in a space', { kind: 'user', id: 'a ' }],
  ['too long an id', { kind: 'user', id: 'a'.repeat(257) }],
  ['a moment of their own', { kind: 'user', id: 'a', notBefore: 1 }],
])('refuses a revocation of %s', async (_name, request) => {
  expect(await gate.administer({ action: 'revoke-subject', ...request })).toEqual({
    ok: false,
    reason: 'invalid_request',
  });
});

test.each<[string, object]>([
  ['a data-router key with origins', { purpose: 'data-router', label: 'x', allowedOrigins: ['https://a.example'] }],
  ['a data-router key with apps', { purpose: 'data-router', label: 'x', appIds: ['a'] }],
  ['a data-router key with a life', { purpose: 'data-router', label: 'x', maxTtlSeconds: 60 }],
  ['origins without end', { purpose: 'dev', label: 'x', allowedOrigins: Array(51).fill('https://a.example.com') }],
  ['a life that is not a number', { purpose: 'analytics', label: 'x', maxTtlSeconds: '60' }],
  ['a life of half a second', { purpose: 'analytics', label: 'x', maxTtlSeconds: 0.5 }],
  ['a life of no seconds', { purpose: 'analytics', label: 'x', maxTtlSeconds: 0 }],
  ['a life beyond a day', { purpose: 'analytics', label: 'x', maxTtlSeconds: 86_401 }],
  ['a dev key beyond a week', { purpose: 'dev', label: 'x', maxTtlSeconds: 604_801 }],
  ['no apps', { purpose: 'analytics', label: 'x', appIds: [] }],
  ['an app twice', { purpose: 'analytics', label: 'x', appIds: ['a', 'a'] }],
  ['an app that no header can carry', { purpose: 'analytics', label: 'x', appIds: ['\u00fc'] }],
  ['an unknown member', { purpose: 'analytics', label: 'x', apps: ['a'] }],
])('refuses to make a key with %s', async (_name, request) => {
  expect(await gate.administer({ action: 'add-service-key', ...request })).toMatchObject({
    ok: false,
    reason: 'invalid_request',
  });
});
