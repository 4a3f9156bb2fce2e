import type { Page } from 'playwright-core';
import { explanations } from '#contract/explanations.ts';
import { refusalWords } from '#web/admin/src/words/refusals.ts';
import { describeInBrowser, type WatchedPage } from '../support/chromium.ts';
import { type ConsoleWorld, startConsoleWorld } from '../support/console-page.ts';

interface ListedKey {
  readonly keyId: string;
  readonly label: string;
  readonly credentialUntil?: number;
  readonly tokensNotBefore: number;
}

describeInBrowser('service keys, revocations and the trail in the console', (launch) => {
  let world: ConsoleWorld;
  let watched: WatchedPage;
  let page: Page;
  beforeAll(async () => {
    world = await startConsoleWorld(launch);
    watched = await world.enter('#/service-keys');
    ({ page } = watched);
  });
  afterAll(async () => {
    await watched.close();
    await world.close();
    expect(watched.complaints).toEqual([]);
  });

  const goTo = async (place: string): Promise<void> => {
    await page.goto('about:blank');
    await page.goto(`${world.adminUrl}${place}`);
    await page.getByRole('navigation', { name: 'Console' }).waitFor();
  };
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const dialog = () => page.getByRole('dialog');
  const entries = () => page.locator('.trail summary');
  const outcome = (text: string) => page.locator('.toasts').getByText(text).waitFor();
  const stored = async (label: string): Promise<ListedKey[]> => {
    const { serviceKeys } = await world.gate.administer({ action: 'list-service-keys' });
    return (serviceKeys as ListedKey[]).filter((key) => key.label === label);
  };
  const addKey = async (label: string): Promise<ListedKey> =>
    (await world.gate.administer({ action: 'add-service-key', purpose: 'analytics', label })) as unknown as ListedKey;
  const session = (apiKey: string) =>
    world.gate.call({ path: '/api/analytics/session', headers: [['X-API-Key', apiKey]] });

  test('begins with a hint where there is no key yet, and adds an analytics key with all that it is held to', async () => {
    await page.getByText('No service keys yet.').waitFor();
    await page.getByRole('link', { name: 'Add the first one' }).click();
    await page.getByLabel('Label').fill('acme portal');
    await page.getByLabel('Origins', { exact: true }).fill('https://portal.example.com');
    await page.getByLabel('Apps', { exact: true }).fill('app-1\napp-2');
    await page.getByLabel('Maximum lifetime of a token').selectOption('1 hour');
    await button('Add the key').click();
    const apiKey = (await page.locator('[data-api-key]').textContent()) ?? '';
    expect((await session(apiKey)).json).toMatchObject({ code: 'wrong_app' });
    expect(await stored('acme portal')).toEqual([
      expect.objectContaining({
        purpose: 'analytics',
        allowedOrigins: ['https://portal.example.com'],
        appIds: ['app-1', 'app-2'],
        maxTtlSeconds: 3_600,
      }),
    ]);
    await page.getByRole('link', { name: 'Go to the key' }).click();
    await page.getByText('app-2').waitFor();
    expect(await page.content()).not.toContain(apiKey);
  });

  test.each([
    ['Data router', 'data-router'],
    ['Dev', 'dev'],
  ])('adds a key of the kind "%s"', async (name, purpose) => {
    await goTo('#/service-keys/new');
    await page.getByLabel(name).check();
    await page.getByLabel('Label').fill(`a ${purpose} key`);
    await button('Add the key').click();
    await page.locator('[data-api-key]').waitFor();
    expect(await stored(`a ${purpose} key`)).toEqual([expect.objectContaining({ purpose })]);
  });

  test('a key is rotated: the new one is shown once, the old one ends after the overlap', async () => {
    const { keyId } = await addKey('rotated');
    await goTo(`#/service-keys/${keyId}`);
    await button('Rotate…').click();
    await dialog().getByLabel('7 days').check();
    await button('Rotate the key').click();
    await dialog().locator('[data-api-key]').waitFor();
    await button('I have stored it').click();
    await page.getByText('Ends in 7 days').waitFor();
    expect(await stored('rotated')).toHaveLength(2);
    expect(await button('Rotate…').count()).toBe(0);
  });

  test('what a key got, and the key itself, are revoked with its typed id', async () => {
    const { keyId } = await addKey('revoked');
    await goTo(`#/service-keys/${keyId}`);
    for (const [asked, words] of [
      ['Revoke its tokens', "The key's tokens and sessions are revoked."],
      ['Revoke the key', 'The key is revoked.'],
    ] as const) {
      await button(`${asked}…`).click();
      await dialog().getByText('When', { exact: true }).waitFor();
      await button(asked).click({ force: true });
      await dialog().getByLabel("Type the key's id").fill(keyId);
      await button(asked).click();
      await outcome(words);
    }
    await page.getByText('It has ended').waitFor();
    const now = expect.any(Number);
    expect(await stored('revoked')).toEqual([
      expect.objectContaining({ credentialUntil: now, tokensNotBefore: now, version: 3 }),
    ]);
    expect(await button('Revoke the key…').count()).toBe(0);
  });

  test("a user's tokens and sessions are revoked with the typed id", async () => {
    await goTo('#/revocations');
    await page.getByLabel('Client').check();
    await page.getByLabel('Client id').fill('acme');
    await button('Revoke…').click();
    await dialog().getByText('All users of this client').waitFor();
    await dialog().getByLabel("Type the client's id").fill('acme');
    await button('Revoke').click();
    await page.locator('.notice').getByText('acme').waitFor();
    const trail = await world.gate.administer({ action: 'query-audit' });
    expect(JSON.stringify(trail)).toContain('"kind":"client","id":"acme"');
  });

  test('the trail is filtered, by address too, and shows before and after', async () => {
    const { shopId } = world.gate.shop;
    await world.gate.administer({ action: 'set-switches', shopId, switches: { issuingPaused: true } });
    await world.gate.administer({ action: 'set-switches', shopId, switches: { issuingPaused: false } });
    await goTo('#/audit');
    await entries().filter({ hasText: 'Added a service key' }).first().waitFor();
    await page.getByLabel('Shop id').fill(shopId);
    await page.keyboard.press('Enter');
    await page.getByText(/^3 entries$/).waitFor();
    await page.getByLabel('Action').selectOption('Set switches');
    await page.getByText(/^2 entries$/).waitFor();
    expect(page.url()).toContain(`#/audit?shop=${shopId}&action=set-switches`);
    await entries().last().click();
    expect(await page.locator('.trail li').last().locator('.changes tbody tr').allInnerTexts()).toEqual([
      expect.stringMatching(/^issuingPaused\s+false\s+true$/),
    ]);
    await button('Clear').click();
    await page.getByLabel('Actor').fill('nobody');
    await button('Filter').click();
    await page.getByText('No entries found.').waitFor();
  });

  test('a trail of more than a page is read on to its end, each entry once', async () => {
    const { shopId } = await world.gate.createShop('https://busy.example.com');
    for (let change = 0; change < 54; change += 1)
      await world.gate.administer({ action: 'set-switches', shopId, switches: { issuingPaused: change % 2 === 0 } });
    await goTo(`#/audit?shop=${shopId}`);
    await page.getByText(/^50 entries so far$/).waitFor();
    expect(await entries().count()).toBe(50);
    await button('Load more').click();
    await page.getByText(/^55 entries$/).waitFor();
    expect([await entries().count(), await button('Load more').count()]).toEqual([55, 0]);
    expect(await entries().last().innerText()).toContain('Created');
  });

  test('a call that was refused is explained by its request id, from the trail and by hand', async () => {
    const shop = await world.gate.createShop('https://refused.example.com');
    const { json } = await world.gate.call({
      method: 'POST',
      path: `/api/shops/${world.gate.shop.shopId}/widget-token`,
      headers: [['X-Shop-API-Key', shop.apiKey]],
    });
    const requestId = String(json.requestId);
    await goTo(`#/explain/${requestId}`);
    await page.getByText(explanations.wrong_shop.why).first().waitFor();
    await goTo('#/audit?action=refuse-calls');
    await entries().filter({ hasText: 'wrong_shop' }).click();
    await page.getByRole('link', { name: requestId }).click();
    await page.getByText('Use the shop id that came with the key.').first().waitFor();
    await page.getByLabel('Request id').fill('no-such-request');
    await button('Explain').click();
    await page.getByText(refusalWords.request_not_found).waitFor();
    await page.getByText('filter requestId = "no-such-request"').waitFor();
  });

  test('the status says what the gate is and that all it rests on answers', async () => {
    await goTo('#/status');
    await page.getByText('test: not a production gate').waitFor();
    expect(await page.getByText('Answers', { exact: true }).count()).toBe(2);
  });

  test('a list of more shops than a page is read on, and searched to its end', async () => {
    for (let shop = 0; shop < 101; shop += 1) await world.gate.createShop(`https://s${shop}.many.example.com`);
    await goTo('#/shops');
    await page.getByText(/^100 shops$/).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('many.example.com');
    await page.getByText(/^\d+ of 100 loaded so far$/).waitFor();
    await button('Search all shops').click();
    await page.getByText(/^101 of \d+$/).waitFor();
    expect(await button('Load 100 more').count()).toBe(0);
  });

  test('a shortcut leads everywhere, and none does once they are turned off', async () => {
    await page.keyboard.press('?');
    await dialog().getByLabel('Enable single-key shortcuts').waitFor();
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'detached' });
    for (const [key, title] of [
      ['k', 'Service keys'],
      ['r', 'Revocations'],
      ['a', 'Audit'],
      ['e', 'Explain a call'],
      ['t', 'Status'],
      ['s', 'Shops'],
    ] as const) {
      await page.keyboard.press('g');
      await page.keyboard.press(key);
      await page.getByRole('heading', { name: title, exact: true }).and(page.locator(':focus')).waitFor();
      expect(await page.title()).toBe(`${title} · Widget Gate`);
    }
    await page.keyboard.press('?');
    await dialog().getByLabel('Enable single-key shortcuts').uncheck();
    await button('Done').click();
    await dialog().waitFor({ state: 'detached' });
    await page.keyboard.press('g');
    await page.keyboard.press('t');
    await page.keyboard.press('?');
    expect([page.url(), await dialog().count()]).toEqual([`${world.adminUrl}#/shops`, 0]);
  });
});
