import { environment } from '#contract/environment.ts';
import { DynamoRingReferences } from '#lambda/shops/ring-references.store.ts';
import { parseFaults } from '#local/faults.ts';
import { type AdminClient, adminClient, cookieOf, logIn, openLink } from '../support/admin.ts';
import { clientsOf } from '../support/aws-clients.ts';
import { type RunningGate, startGate } from '../support/gate.ts';
import { ANALYTICS_PATH, bearer, LOGIN, PORTAL, Portal, SESSION_PATH, withCookie } from '../support/portal.ts';

/** Reads without ConsistentRead see nothing of what is written in this test. */
const LAG = 'dynamodb:lag=3600s';
let gate: RunningGate;
let minute = 0;
beforeAll(async () => {
  gate = await startGate();
  gate.host.setFaults(parseFaults(LAG));
});
afterAll(() => gate.close());

/** Puts the functions' clock a minute ahead, so that nothing is answered from what they remember. */
function forget(): void {
  minute += 1;
  gate.host.setFaults(parseFaults(`${LAG};clock:offset=+${minute}m`));
}
const issue = (shop: { readonly shopId: string; readonly apiKey: string }) =>
  gate.call({
    method: 'POST',
    path: `/api/shops/${shop.shopId}/widget-token`,
    headers: [['X-Shop-API-Key', shop.apiKey]],
  });
const analyticsStatus = async (token: string): Promise<number> =>
  (await gate.call({ path: ANALYTICS_PATH, headers: bearer(token) })).status;

test('the stand-in does lag: a list that may be late does not show a shop that was just made', async () => {
  const { shopId } = await gate.createShop('https://listed.example.com');
  const listed = JSON.stringify(await gate.administer({ action: 'list-shops' }));
  expect([listed.includes(gate.shop.shopId), listed.includes(shopId)]).toEqual([true, false]);
});

test("a shop's tokens are issued and accepted as soon as it is made", async () => {
  const shop = await gate.createShop('https://new.example.com');
  const { status, json } = await issue(shop);
  expect(status).toBe(200);
  expect((await gate.session(String(json.token))).status).toBe(200);
});

test('a new key of a shop issues at once, and one that was reset is refused', async () => {
  const shop = await gate.createShop('https://keys.example.com');
  const rotated = await gate.administer({ action: 'rotate-key', shopId: shop.shopId, overlapSeconds: 3_600 });
  expect((await issue({ shopId: shop.shopId, apiKey: String(rotated.apiKey) })).status).toBe(200);
  const reset = await gate.administer({ action: 'reset-keys', shopId: shop.shopId });
  forget();
  const keys = [shop.apiKey, rotated.apiKey, reset.apiKey].map(String);
  const statuses = await Promise.all(keys.map(async (apiKey) => (await issue({ shopId: shop.shopId, apiKey })).status));
  expect(statuses).toEqual([401, 401, 200]);
});

test('a shop that was disabled, and tokens that were revoked, are refused once they are no longer remembered', async () => {
  const disabled = await gate.createShop('https://disabled.example.com');
  const revoked = await gate.createShop('https://revoked.example.com');
  const tokens = [disabled, revoked].map(({ shopId, apiKey }) => gate.signToken(0, apiKey, shopId));
  const statuses = () => Promise.all(tokens.map(async (token) => (await gate.session(token)).status));
  expect(await statuses()).toEqual([200, 200]);
  await gate.administer({ action: 'set-switches', shopId: disabled.shopId, switches: { disabled: true } });
  await gate.administer({ action: 'revoke-tokens', shopId: revoked.shopId });
  forget();
  expect(await statuses()).toEqual([403, 401]);
});

test('an administrator reads what was just changed, and changes it again', async () => {
  const shop = await gate.createShop('https://changed.example.com');
  const added = await gate.administer({
    action: 'add-origins',
    shopId: shop.shopId,
    origins: ['https://a.example.com'],
  });
  const shown = await gate.administer({ action: 'show-shop', shopId: shop.shopId });
  expect([added.ok, JSON.stringify(shown).includes('https://a.example.com')]).toEqual([true, true]);
  const removed = { action: 'remove-origins', shopId: shop.shopId, origins: ['https://a.example.com'] };
  expect(await gate.administer(removed)).toMatchObject({ ok: true });
});

test('a service key works as soon as it is made; once it or the user is revoked, its tokens are refused', async () => {
  const [ended, kept] = [await Portal.open(gate), await Portal.open(gate)];
  const tokens = [await ended.securityToken(), await kept.securityToken({ ...LOGIN, userid: 'u-revoked' })];
  expect(await Promise.all(tokens.map(analyticsStatus))).toEqual([200, 200]);
  await gate.administer({ action: 'revoke-service-key', keyId: ended.key.keyId });
  await gate.administer({ action: 'revoke-subject', kind: 'user', id: 'u-revoked' });
  forget();
  expect(await Promise.all(tokens.map(analyticsStatus))).toEqual([401, 401]);
  expect([(await ended.logIn()).status, (await kept.logIn()).status]).toEqual([401, 200]);
});

test('a temp token is exchanged as soon as it is issued, and once; a session that was ended is refused', async () => {
  const portal = await Portal.open(gate);
  const tempToken = await portal.tempToken();
  const begun = await portal.exchange(tempToken, { mode: 'token' });
  expect([begun.status, (await portal.exchange(tempToken)).status]).toEqual([200, 401]);
  const cookie = await portal.sessionCookie();
  expect((await portal.analytics(withCookie(cookie))).status).toBe(200);
  await gate.call({ method: 'DELETE', path: SESSION_PATH, headers: withCookie(cookie, PORTAL) });
  forget();
  expect((await portal.analytics(withCookie(cookie))).status).toBe(401);
});

test('a login link opens as soon as it is made; a session works at once, and not after a log-out', async () => {
  const { baseUrl } = gate.host;
  const clientOf = (answer: Awaited<ReturnType<typeof logIn>>): AdminClient => adminClient(baseUrl, cookieOf(answer));
  const first = clientOf(await logIn(baseUrl, gate.createUser('alice', true)));
  const { json } = await first('POST /login-links');
  const second = clientOf(await openLink(baseUrl, String(json.code)));
  expect((await second('GET /session')).status).toBe(200);
  expect((await second('DELETE /session')).status).toBe(204);
  expect([(await second('GET /session')).status, (await first('GET /session')).status]).toEqual([401, 200]);
});

test('what rotates the ring sees every key that a shop was just sealed with', async () => {
  const { shopId } = await gate.createShop('https://sealed.example.com');
  const { dynamoDb, environment: variables } = clientsOf(gate, 'RingRotation');
  const references = new DynamoRingReferences(dynamoDb, variables[environment.shopTable] as string);
  const seen: string[] = [];
  for (let after: string | undefined, more = true; more; more = after !== undefined) {
    const page = await references.page(after);
    seen.push(...page.shops.map((shop) => shop.shopId));
    after = page.next;
  }
  expect(seen).toContain(shopId);
});

test('the trail of a shop shows a change as soon as it was made', async () => {
  const { shopId } = await gate.createShop('https://trail.example.com');
  const { entries } = (await gate.administer({ action: 'query-audit', subject: shopId })) as {
    entries?: unknown[];
  } & object;
  expect(JSON.stringify(entries)).toContain('create-shop');
});
