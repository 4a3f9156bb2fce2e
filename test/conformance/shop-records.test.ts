import { type RunningGate, startGate } from '../support/gate.ts';

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
  const revoked = async (url: string) => {
    const shop = await gate.createShop(url);
    const sign = (offset: number) => gate.signToken(offset, shop.apiKey, shop.shopId);
    const before = [-60, 0, 60, 299].map(sign);
    expect(await gate.administer({ action: 'revoke-tokens', shopId: shop.shopId })).toMatchObject({ ok: true });
    return { ...shop, sign, before };
  };
  const statusesOf = (tokens: readonly string[]): Promise<number[]> =>
    Promise.all(tokens.map(async (token) => (await gate.session(token)).status));

  test('every token made before it is refused, also one of a server whose clock is 299 s fast', async () => {
    const { before } = await revoked('https://fast.example.com');
    expect(await statusesOf(before)).toEqual([401, 401, 401, 401]);
  });

  test('a token that the gate issues at once is accepted, and so is one of a server that signs with the right time', async () => {
    const { shopId, apiKey, sign } = await revoked('https://right.example.com');
    const path = `/api/shops/${shopId}/widget-token`;
    const issued = await gate.call({ method: 'POST', path, headers: [['X-Shop-API-Key', apiKey]] });
    expect((await gate.session(String(issued.json.token))).status).toBe(200);
    const deadline = Date.now() + 10_000;
    let status = 0;
    while (status !== 200 && Date.now() < deadline) status = (await gate.session(sign(0))).status;
    expect(status).toBe(200);
  });

  test('undoing it restores every token exactly', async () => {
    const { shopId, before } = await revoked('https://undone.example.com');
    const undone = await gate.administer({ action: 'undo-revoke-tokens', shopId });
    expect(undone).toMatchObject({ tokensNotBefore: 0 });
    expect(await statusesOf(before)).toEqual([200, 200, 200, 200]);
  });
});
