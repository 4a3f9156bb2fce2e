import { setTimeout } from 'node:timers/promises';
import { FAST_CLOCKS } from '#contract/explanations.ts';
import { limits } from '#contract/limits.ts';
import { parseFaults } from '#local/faults.ts';
import { makeToken } from '../chaos/tokens.ts';
import { type RunningGate, startGate, type TestShop } from '../support/gate.ts';
import type { HttpCall } from '../support/http.ts';

let gate: RunningGate;
beforeAll(async () => {
  gate = await startGate();
});
afterAll(() => gate.close());

const pageAt = async (shop: { shopId: string; apiKey: string }, origin: string): Promise<number> =>
  (
    await gate.call({
      path: '/api/widget/session',
      headers: [
        ['X-Widget-Token', gate.signToken(0, shop.apiKey, shop.shopId)],
        ['Origin', origin],
      ],
    })
  ).status;

describe('an address is taken as it is meant, and the answer says what was stored', () => {
  test.each([
    ['https://münchen.example', 'https://xn--mnchen-3ya.example'],
    ['https://shop.example.com/en/', 'https://shop.example.com'],
    ['SHOP.example.com', 'https://shop.example.com'],
    ['shop.example.com', 'https://shop.example.com'],
  ])('%s', async (url, stored) => {
    const created = await gate.administer({ action: 'create-shop', url, exact: true });
    expect(created).toMatchObject({ ok: true, url: stored, origins: [stored], normalized: [{ given: url, stored }] });
    const shop = { shopId: String(created.shopId), apiKey: String(created.apiKey) };
    expect(await pageAt(shop, stored)).toBe(200);
    expect(await pageAt(shop, stored.replace('https:', 'http:'))).toBe(403);
  });

  test('among origins of a shop and of a service key, and nothing is said where nothing was corrected', async () => {
    const { shopId } = await gate.createShop('https://list.example.com');
    const given = ['https://a.example.com', 'B.example.com/'];
    const added = await gate.administer({ action: 'add-origins', shopId, origins: given });
    const normalized = [{ given: 'B.example.com/', stored: 'https://b.example.com' }];
    expect(added).toMatchObject({ normalized });
    expect(await gate.administer({ action: 'show-shop', shopId })).not.toHaveProperty('normalized');
    const body = { action: 'add-service-key', purpose: 'analytics', label: 'müller', allowedOrigins: given };
    const stored = ['https://a.example.com', 'https://b.example.com'];
    expect(await gate.administer(body)).toMatchObject({ label: 'müller', allowedOrigins: stored, normalized });
  });

  test('and what is not certain is refused at its member', async () => {
    const { shopId } = await gate.createShop('https://refused.example.com');
    const origins = ['https://ok.example.com', 'https://ok.example.com@evil.example'];
    expect(await gate.administer({ action: 'add-origins', shopId, origins })).toMatchObject({
      ok: false,
      reason: 'not_an_origin',
      message: expect.stringMatching(/Check body member "origins\[1\]"\.$/),
    });
  });
});

test('the origin of an app is stored with app: true alone, says who shares it, and lets exactly its pages in', async () => {
  const origins = ['capacitor://localhost'];
  const body = { action: 'create-shop', url: 'https://app.example.com', origins };
  expect((await gate.administer(body)).reason).toBe('app_origin');
  const created = await gate.administer({ ...body, app: true });
  expect(created.warnings).toEqual([expect.stringMatching(/^capacitor:\/\/localhost is the origin of every iOS app/)]);
  const shop = { shopId: String(created.shopId), apiKey: String(created.apiKey) };
  expect(await pageAt(shop, 'capacitor://localhost')).toBe(200);
  for (const other of ['ionic://localhost', 'capacitor://localhost.evil.example', 'Capacitor://localhost'])
    expect([other, await pageAt(shop, other)]).toEqual([other, 403]);
});

test('a shop has a name and another address, in one entry of the trail; its origins move only where asked', async () => {
  const created = await gate.administer({ action: 'create-shop', url: 'https://old.example.com', name: 'Müller' });
  expect(created.name).toBe('Müller');
  const shopId = String(created.shopId);
  const edit = (switches: object) => gate.administer({ action: 'set-switches', shopId, switches });
  const stay = await edit({ name: 'Müller & Söhne', url: 'new.example.com/en' });
  expect(stay).toMatchObject({ name: 'Müller & Söhne', url: 'https://new.example.com', origins: created.origins });
  expect(await edit({ url: 'https://old.example.com' })).toMatchObject({ ok: true });
  expect(await edit({ url: 'https://new.example.com', moveOrigins: true })).toMatchObject({
    origins: ['https://new.example.com', 'https://www.new.example.com'],
  });
  const { entries } = await gate.administer({ action: 'query-audit' });
  const edits = (entries as { subject: string; action: string; before: object; after: object }[]).filter(
    ({ subject, action }) => subject === shopId && action === 'edit-shop',
  );
  expect(edits).toHaveLength(3);
  expect(edits.at(-1)).toMatchObject({
    before: { name: 'Müller', url: 'https://old.example.com' },
    after: { name: 'Müller & Söhne', url: 'https://new.example.com' },
  });
});

describe('after a revocation', () => {
  const issue = ({ shopId, apiKey }: TestShop): HttpCall => ({
    method: 'POST',
    path: `/api/shops/${shopId}/widget-token`,
    headers: [['X-Shop-API-Key', apiKey]],
  });
  const issueByAll = async (shop: TestShop): Promise<string[]> => {
    const answers = await Promise.all(Array.from({ length: 6 }, () => gate.call(issue(shop))));
    return answers.map(({ json }) => String(json.token));
  };
  /** Revokes early in a second, so that all that follows at once would be in that second, too. */
  const revoke = async ({ shopId }: TestShop) => {
    await setTimeout(1_000 - (Date.now() % 1_000));
    return gate.administer({ action: 'revoke-tokens', shopId });
  };
  const statusesOf = (tokens: readonly string[]): Promise<number[]> =>
    Promise.all(tokens.map(async (token) => (await gate.session(token)).status));
  /** A shop, revoked, and tokens of its own server, by how far they are stamped ahead of the revocation. */
  const revoked = async (url: string) => {
    const shop = await gate.createShop(url);
    const answer = await revoke(shop);
    const stamped = (ahead: number) => makeToken(shop.shopId, Number(answer.tokensNotBefore) + ahead, shop.apiKey);
    return { ...shop, answer, stamped };
  };
  const setClock = (seconds: number): void =>
    gate.host.setFaults(parseFaults(seconds === 0 ? '' : `clock:offset=+${seconds}s`));
  afterEach(() => setClock(0));

  test('a token is refused if it is stamped up to then, and if it is stamped ahead until the clock reaches its stamp', async () => {
    const { stamped } = await revoked('https://fast.example.com');
    const tokens = [-60, 0, 60, 299].map(stamped);
    expect(await statusesOf(tokens)).toEqual([401, 401, 401, 401]);
    setClock(60);
    expect(await statusesOf(tokens)).toEqual([401, 401, 200, 401]);
    setClock(300);
    expect(await statusesOf(tokens)).toEqual([401, 401, 200, 200]);
  });

  test('a token that is stamped a second ahead is one that the gate could have issued by the time of the answer: it is accepted', async () => {
    const { stamped } = await revoked('https://second.example.com');
    expect(await statusesOf([stamped(1)])).toEqual([200]);
  });

  test('the answer says what becomes of tokens that are stamped ahead, and how to end them for good', async () => {
    const { answer, stamped, shopId } = await revoked('https://answer.example.com');
    expect(answer.warnings).toEqual([FAST_CLOCKS]);
    expect(FAST_CLOCKS).toContain(`${limits.maxClockSkewSeconds} seconds`);
    const tokens = [1, 60].map(stamped);
    expect(await gate.administer({ action: 'reset-keys', shopId })).toMatchObject({ ok: true });
    setClock(60);
    expect(await statusesOf(tokens)).toEqual([401, 401]);
  });

  test('every token that the gate issues from the answer on is accepted for good, though the issuers know the shop from before', async () => {
    const shop = await gate.createShop('https://warm.example.com');
    await issueByAll(shop);
    expect(await revoke(shop)).toMatchObject({ ok: true });
    const issued = await issueByAll(shop);
    expect(await statusesOf(issued)).toEqual(Array(6).fill(200));
    setClock(limits.defaultBoundSeconds);
    expect(await statusesOf(issued)).toEqual(Array(6).fill(200));
  });

  test('a token of a server that signs with the right time is accepted at once', async () => {
    const { shopId, apiKey } = await revoked('https://right.example.com');
    expect(await statusesOf([gate.signToken(0, apiKey, shopId)])).toEqual([200]);
  });

  test('undoing it restores every token exactly', async () => {
    const { shopId, stamped } = await revoked('https://undone.example.com');
    const undone = await gate.administer({ action: 'undo-revoke-tokens', shopId });
    expect(undone).toMatchObject({ tokensNotBefore: 0 });
    expect(await statusesOf([-60, 0, 1, 60, 299].map(stamped))).toEqual(Array(5).fill(200));
  });
});
