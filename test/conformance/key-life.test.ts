import { FunctionClock, STORE_LATENCY } from '../support/bounds.ts';
import { type RunningGate, startGate, type TestShop } from '../support/gate.ts';
import type { HttpAnswer } from '../support/http.ts';

let gate: RunningGate;
let clock: FunctionClock;
beforeAll(async () => {
  gate = await startGate({ faults: STORE_LATENCY });
  clock = new FunctionClock(gate);
});
afterAll(() => gate.close());

type Answer = TestShop & { readonly ok: boolean; readonly reason?: string; readonly version: number };
const administer = (request: Record<string, unknown>): Promise<Answer> =>
  gate.administer(request) as unknown as Promise<Answer>;
const issue = ({ shopId, apiKey }: TestShop): Promise<HttpAnswer> =>
  gate.call({ method: 'POST', path: `/api/shops/${shopId}/widget-token`, headers: [['X-Shop-API-Key', apiKey]] });
const tokenOf = async (shop: TestShop): Promise<string> => String((await issue(shop)).json.token);
const session = (token: string, origin?: string): Promise<HttpAnswer> =>
  gate.call({
    path: '/api/widget/session',
    headers: [['X-Widget-Token', token], ...(origin === undefined ? [] : [['Origin', origin] as const])],
  });

describe('takes effect everywhere within the bound that the stage publishes', () => {
  test.each<[string, Record<string, unknown>, Record<string, unknown>, number]>([
    ['revoking the tokens', { action: 'revoke-tokens' }, { action: 'undo-revoke-tokens' }, 401],
    [
      'disabling the shop',
      { action: 'set-switches', switches: { disabled: true } },
      { action: 'set-switches', switches: { disabled: false } },
      403,
    ],
    [
      'removing an origin',
      { action: 'remove-origins', origins: ['https://bound.example.com'] },
      { action: 'add-origins', origins: ['https://bound.example.com'] },
      403,
    ],
  ])('%s, and so does taking it back', async (_name, change, undo, status) => {
    const shop = await gate.createShop('https://bound.example.com');
    const token = await tokenOf(shop);
    const call = () => session(token, 'https://bound.example.com');
    expect((await call()).status).toBe(200);
    expect((await administer({ ...change, shopId: shop.shopId })).ok).toBe(true);
    await clock.passBound(200, status, call);
    expect((await administer({ ...undo, shopId: shop.shopId })).ok).toBe(true);
    await clock.passBound(status, 200, call);
  });

  test('resetting the keys: the old key and its tokens stop, the new key works', async () => {
    const shop = await gate.createShop('https://reset.example.com');
    const token = await tokenOf(shop);
    expect((await session(token)).status).toBe(200);
    const renewed = { ...shop, apiKey: (await administer({ action: 'reset-keys', shopId: shop.shopId })).apiKey };
    expect((await session(await tokenOf(renewed))).status).toBe(200);
    await clock.passBound(200, 401, () => session(token));
    expect((await issue(shop)).status).toBe(401);
    expect((await session(await tokenOf(renewed))).status).toBe(200);
  });

  test('pausing the issuing: no new token, the old ones go on', async () => {
    const shop = await gate.createShop('https://paused.example.com');
    const token = await tokenOf(shop);
    await administer({ action: 'set-switches', shopId: shop.shopId, switches: { issuingPaused: true } });
    await clock.passBound(200, 403, () => issue(shop));
    expect((await issue(shop)).json.code).toBe('issuing_paused');
    expect((await session(token)).status).toBe(200);
  });
});

test('no call fails across a rotation: tokens of the old and the new key are accepted all the while', async () => {
  const shop = await gate.createShop('https://rotate.example.com');
  const statuses: number[] = [];
  let running = true;
  const oldToken = await tokenOf(shop);
  const caller = (async () => {
    while (running) {
      statuses.push(
        (await session(oldToken)).status,
        (await issue(shop)).status,
        (await session(await tokenOf(shop))).status,
      );
    }
  })();
  await new Promise((resolve) => setTimeout(resolve, 200));
  const rotated = await administer({ action: 'rotate-key', shopId: shop.shopId });
  const successor = { ...shop, apiKey: rotated.apiKey };
  expect((await session(await tokenOf(successor))).status).toBe(200);
  await clock.passBound(200, 200, () => issue(successor));
  expect((await session(await tokenOf(successor))).status).toBe(200);
  running = false;
  await caller;
  expect(statuses.length).toBeGreaterThan(30);
  expect(statuses.filter((status) => status !== 200)).toEqual([]);
});

describe('refuses', () => {
  test('a second rotation during the first, unless forced', async () => {
    const { shopId } = await gate.createShop('https://twice.example.com');
    expect((await administer({ action: 'rotate-key', shopId, overlapSeconds: 0 })).ok).toBe(true);
    expect(await administer({ action: 'rotate-key', shopId })).toEqual({ ok: false, reason: 'rotation_in_progress' });
    expect((await administer({ action: 'rotate-key', shopId, force: true })).ok).toBe(true);
  });

  test('a change of a version that is no longer the stored one', async () => {
    const { shopId } = await gate.createShop('https://version.example.com');
    const { version } = await administer({ action: 'show-shop', shopId });
    expect((await administer({ action: 'revoke-tokens', shopId, expectedVersion: version })).ok).toBe(true);
    expect(await administer({ action: 'revoke-tokens', shopId, expectedVersion: version })).toEqual({
      ok: false,
      reason: 'precondition_failed',
    });
  });
});

test('a shop is shown without its sealed keys', async () => {
  const { shopId } = await gate.createShop('https://shown.example.com');
  const shown = await administer({ action: 'show-shop', shopId });
  expect(Object.keys(shown).sort()).toEqual(
    [
      'ok',
      'shopId',
      'version',
      'url',
      'origins',
      'requireOrigin',
      'disabled',
      'issuingPaused',
      'tokensNotBefore',
      'keys',
      'createdAt',
    ].sort(),
  );
  expect(JSON.stringify(shown)).not.toContain('sealed');
});
