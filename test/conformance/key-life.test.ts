import { limits } from '#contract/limits.ts';
import { type RunningGate, startGate, type TestShop } from '../support/gate.ts';
import type { HttpAnswer } from '../support/http.ts';

let gate: RunningGate;
beforeAll(async () => {
  gate = await startGate();
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

/** Milliseconds until a call is answered with a status, polled ten times a second, so that every answer before comes from a warm cache. */
async function timeUntil(status: number, call: () => Promise<HttpAnswer>): Promise<number> {
  const start = Date.now();
  for (;;) {
    if ((await call()).status === status) return Date.now() - start;
    if (Date.now() - start > limits.revocationBoundSeconds * 1_000)
      throw new Error(`still not ${status} after the published bound`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

describe('takes effect everywhere within the published bound', () => {
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
    expect(await timeUntil(status, call)).toBeLessThanOrEqual(limits.revocationBoundSeconds * 1_000);
    expect((await administer({ ...undo, shopId: shop.shopId })).ok).toBe(true);
    await timeUntil(200, call);
  });

  test('resetting the keys: the old key and its tokens stop, the new key works', async () => {
    const shop = await gate.createShop('https://reset.example.com');
    const token = await tokenOf(shop);
    expect((await session(token)).status).toBe(200);
    const renewed = { ...shop, apiKey: (await administer({ action: 'reset-keys', shopId: shop.shopId })).apiKey };
    await timeUntil(401, () => session(token));
    await timeUntil(401, () => issue(shop));
    expect((await session(await tokenOf(renewed))).status).toBe(200);
  });

  test('pausing the issuing: no new token, the old ones go on', async () => {
    const shop = await gate.createShop('https://paused.example.com');
    const token = await tokenOf(shop);
    await administer({ action: 'set-switches', shopId: shop.shopId, switches: { issuingPaused: true } });
    await timeUntil(403, () => issue(shop));
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
  // The successor is told to the shop once it is in force everywhere; until then the old key serves.
  await timeUntil(200, () => issue(successor));
  await new Promise((resolve) => setTimeout(resolve, (limits.shopCacheSeconds * 1.1 + 0.5) * 1_000));
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
