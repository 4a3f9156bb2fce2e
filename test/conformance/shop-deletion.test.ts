import { parseFaults } from '#local/faults.ts';
import { type RunningGate, startGate, type TestShop } from '../support/gate.ts';

let gate: RunningGate;
beforeAll(async () => {
  gate = await startGate();
});
afterEach(() => gate.host.setFaults(parseFaults('')));
afterAll(() => gate.close());

/** A day and a minute ago. A session of today serves for it, while none of then would still live. */
const A_DAY_AGO = 'clock:offset=-1441m';
/** Every write to the trail fails. */
const TRAIL_DOWN = 'dynamodb/PutItem@Audit:down';
const disable = (shopId: string, disabled = true) =>
  gate.administer({ action: 'set-switches', shopId, switches: { disabled } });
const disableADayAgo = async (shopId: string): Promise<void> => {
  gate.host.setFaults(parseFaults(A_DAY_AGO));
  expect(await disable(shopId)).toMatchObject({ ok: true });
  gate.host.setFaults(parseFaults(''));
  // The AWS SDK learns from its first answer that the clock was set.
  await gate.administer({ action: 'show-shop', shopId }).catch(() => undefined);
};
const remove = (shopId: string, more: object = {}) => gate.administer({ action: 'delete-shop', shopId, ...more });
const show = async (shopId: string) => (await gate.administer({ action: 'show-shop', shopId })).reason ?? 'found';
const issue = ({ shopId, apiKey }: TestShop) =>
  gate.call({ method: 'POST', path: `/api/shops/${shopId}/widget-token`, headers: [['X-Shop-API-Key', apiKey]] });

test('a shop that was disabled a day ago is deleted, and its key and tokens open nothing', async () => {
  const shop = await gate.createShop('https://gone.example.com');
  const token = gate.signToken(0, shop.apiKey, shop.shopId);
  await disableADayAgo(shop.shopId);
  expect(await remove(shop.shopId)).toMatchObject({ ok: true });
  expect(await show(shop.shopId)).toBe('shop_not_found');
  expect((await remove(shop.shopId)).reason).toBe('shop_not_found');
  expect((await gate.session(token)).status).toBe(401);
  expect([(await issue(shop)).status, (await issue(shop)).json.code]).toEqual([401, 'invalid_api_key']);
  const { entries } = await gate.administer({ action: 'query-audit' });
  expect(
    (entries as { subject: string; action: string }[]).find(({ subject }) => subject === shop.shopId),
  ).toMatchObject({
    action: 'delete-shop',
    actor: { arn: expect.stringContaining(':user/') },
    before: { origins: ['https://gone.example.com', 'https://www.gone.example.com'], keys: [expect.any(Object)] },
    after: { origins: [], keys: [], deletedAt: expect.any(Number) },
  });
});

describe('refuses to delete', () => {
  test('a shop that is enabled', async () => {
    const { shopId } = await gate.createShop('https://enabled.example.com');
    expect((await remove(shopId)).reason).toBe('shop_not_deletable');
    expect(await show(shopId)).toBe('found');
  });

  test('a shop in its first day, and says from when it can be deleted', async () => {
    const { shopId } = await gate.createShop('https://first-day.example.com');
    const { disabledAt } = await disable(shopId);
    const answer = await remove(shopId);
    expect(answer.reason).toBe('shop_not_deletable');
    const deletableAt = new Date((Number(disabledAt) + 86_400) * 1_000).toISOString();
    expect(answer.message).toMatch(new RegExp(`Possible from ${deletableAt}\\.$`));
    expect(await show(shopId)).toBe('found');
  });

  test('a shop that was enabled in between', async () => {
    const { shopId } = await gate.createShop('https://between.example.com');
    await disableADayAgo(shopId);
    await disable(shopId, false);
    await disable(shopId);
    expect((await remove(shopId)).reason).toBe('shop_not_deletable');
  });

  test('a shop that was enabled after a deletion that stopped half-way', async () => {
    const { shopId } = await gate.createShop('https://half-way.example.com');
    await disableADayAgo(shopId);
    gate.host.setFaults(parseFaults(TRAIL_DOWN));
    await expect(remove(shopId)).rejects.toThrow('503');
    gate.host.setFaults(parseFaults(''));
    await disable(shopId, false);
    await gate.administer({ action: 'reset-keys', shopId });
    expect((await remove(shopId)).reason).toBe('shop_not_deletable');
    expect(await show(shopId)).toBe('found');
    await disable(shopId);
    expect((await remove(shopId)).reason).toBe('shop_not_deletable');
  });

  test('another version than the one that was looked at', async () => {
    const { shopId } = await gate.createShop('https://version.example.com');
    await disableADayAgo(shopId);
    expect((await remove(shopId, { expectedVersion: 1 })).reason).toBe('precondition_failed');
    expect(await remove(shopId, { expectedVersion: 2 })).toMatchObject({ ok: true });
  });
});

test('a deletion that cannot get into the trail keeps the record, and is finished by repeating it', async () => {
  const { shopId } = await gate.createShop('https://no-trail.example.com');
  await disableADayAgo(shopId);
  gate.host.setFaults(parseFaults(TRAIL_DOWN));
  await expect(remove(shopId)).rejects.toThrow('503');
  gate.host.setFaults(parseFaults(''));
  expect(await show(shopId)).toBe('found');
  expect(await remove(shopId)).toMatchObject({ ok: true });
  const { entries } = await gate.administer({ action: 'query-audit' });
  const actions = (entries as { subject: string; action: string }[]).filter(({ subject }) => subject === shopId);
  expect(actions.map(({ action }) => action).sort()).toEqual(['create-shop', 'delete-shop', 'set-switches']);
});
