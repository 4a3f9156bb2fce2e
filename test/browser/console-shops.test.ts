import type { Page } from 'playwright-core';
import { refusalWords } from '#web/admin/src/words/refusals.ts';
import { describeInBrowser, type WatchedPage } from '../support/chromium.ts';
import { type ConsoleWorld, startConsoleWorld } from '../support/console-page.ts';

const API_KEY = /^sk_test_[0-9A-Za-z]{8}_[0-9A-Za-z]{38}$/;

describeInBrowser('shops in the console', (launch) => {
  let world: ConsoleWorld;
  let watched: WatchedPage;
  let page: Page;
  beforeAll(async () => {
    world = await startConsoleWorld(launch);
    watched = await world.enter('#/shops', { permissions: ['clipboard-read', 'clipboard-write'] });
    ({ page } = watched);
  });
  afterAll(async () => {
    await watched.close();
    await world.close();
    expect(watched.complaints).toEqual([]);
  });

  const goTo = async (place: string): Promise<void> => {
    // Not from the page before: what it holds, like a key that was not copied, does not matter here.
    await page.goto('about:blank');
    await page.goto(`${world.adminUrl}${place}`);
    await page.getByRole('navigation', { name: 'Console' }).waitFor();
  };
  const heading = (name: string) => page.getByRole('heading', { name, exact: true });
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const dialog = () => page.getByRole('dialog');
  const outcome = (text: string) => page.locator('.toasts').getByText(text).waitFor();
  const isAccepted = async (shopId: string, apiKey: string): Promise<number> =>
    (
      await world.gate.call({
        method: 'POST',
        path: `/api/shops/${shopId}/widget-token`,
        headers: [['X-Shop-API-Key', apiKey]],
      })
    ).status;

  /** As the gate has it: for a few seconds its other functions go by what they remember. */
  const stored = (shopId: string) => world.gate.administer({ action: 'show-shop', shopId });

  test("a shop's key is shown once, can be copied, works, and is gone when one goes on", async () => {
    await goTo('#/shops/new');
    await page.getByLabel('Address').fill('https://once.example.com');
    await page.getByLabel('More origins').fill('https://a.example.com\nhttps://*.b.example.com');
    await button('Create the shop').click();
    await heading('once.example.com is ready').waitFor();
    await heading('once.example.com is ready').and(page.locator(':focus')).waitFor();
    const apiKey = (await page.locator('[data-api-key]').textContent()) ?? '';
    expect(apiKey).toMatch(API_KEY);
    await button('Copy the API key').click();
    await outcome('Copied the API key.');
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(apiKey);
    await page.getByRole('link', { name: 'Go to the shop' }).click();
    await heading('once.example.com').waitFor();
    const shopId = page.url().split('/').at(-1) ?? '';
    expect(await isAccepted(shopId, apiKey)).toBe(200);
    const left = 'document.documentElement.outerHTML + JSON.stringify([{ ...localStorage }, { ...sessionStorage }])';
    expect(await page.evaluate(left)).not.toContain(apiKey);
    await page.goBack();
    await heading('New shop').waitFor();
    expect(await page.evaluate(left)).not.toContain(apiKey);
  });

  test('a creation whose answer got lost makes one shop when it is sent again, and says what became of the key', async () => {
    await goTo('#/shops/new');
    await page.getByLabel('Address').fill('https://lost.example.com');
    await page.route(
      '**/admin/api/shops',
      async (route) => {
        await route.fetch();
        await route.abort();
      },
      { times: 1 },
    );
    await button('Create the shop').click();
    await page.getByRole('alert').getByText(refusalWords.no_network).waitFor();
    await button('Create the shop').click();
    await page.getByText('reset its keys to get a new one').waitFor();
    await page.getByRole('link', { name: 'Go to the shop' }).click();
    await page.getByRole('link', { name: 'Shops' }).click();
    await page.getByRole('link', { name: 'lost.example.com' }).waitFor();
    expect(await page.getByRole('link', { name: 'lost.example.com' }).count()).toBe(1);
  });

  test('a shop is created by keyboard alone', async () => {
    await goTo('#/status');
    const press = async (...keys: string[]): Promise<void> => {
      for (const key of keys) await page.keyboard.press(key);
    };
    await press('g', 's');
    await heading('Shops').and(page.locator(':focus')).waitFor();
    await page.getByText(world.gate.shop.shopId).waitFor();
    await press('n');
    await heading('New shop').and(page.locator(':focus')).waitFor();
    await press('Tab');
    await page.keyboard.type('https://keyboard.example.com');
    // Past the name to the sibling, past more origins and apps to the demand for an Origin.
    await press('Tab', 'Tab', 'Space', 'Tab', 'Tab', 'Tab', 'Space', 'Tab', 'Enter');
    await heading('keyboard.example.com is ready').and(page.locator(':focus')).waitFor();
    await press('Tab');
    expect(await page.locator(':focus').textContent()).toBe('Go to the shop');
    await press('Tab', 'Enter');
    await outcome('Copied the API key.');
    await press('Shift+Tab', 'Enter');
    await heading('keyboard.example.com').and(page.locator(':focus')).waitFor();
    // Only its own origin, and an Origin demanded: that is what the two spaces chose.
    await page.getByText('Origin required').waitFor();
    await page.getByRole('link', { name: 'Origins' }).click();
    await page.getByText('1 of 50').waitFor();
  });

  test('the filter finds by address, and the arrows lead into the list', async () => {
    await world.gate.createShop('https://needle.example.org');
    await goTo('#/shops');
    await page.getByText(world.gate.shop.shopId).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('NEEDLE');
    await page.getByText(/^1 of \d+$/).waitFor();
    expect(page.url()).toContain('filter=NEEDLE');
    await page.keyboard.press('ArrowDown');
    expect(await page.locator(':focus').textContent()).toBe('needle.example.org');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Escape');
    await page.getByText(/^\d+ shops$/).waitFor();
    await page.keyboard.type('no such shop');
    await page.getByText('no shop has this text').waitFor();
  });

  test('an invalid address is refused with a sentence and its request id', async () => {
    await goTo('#/shops/new');
    await page.getByLabel('Address').fill('https://shop.example.com/?page=1');
    await button('Create the shop').click();
    const alert = page.getByRole('alert');
    await alert.getByText(refusalWords.not_an_origin).waitFor();
    const [explained] = await Promise.all([
      page.context().waitForEvent('page'),
      alert.getByRole('link', { name: 'Explain this call' }).click(),
    ]);
    await explained.getByText('fields @timestamp').waitFor();
    await explained.close();
    expect(await page.getByLabel('Address').inputValue()).toBe('https://shop.example.com/?page=1');
  });

  test('a rotation asks first, shows what it does, and shows the new key while the old one goes on', async () => {
    const shop = await world.gate.createShop('https://rotate.example.com');
    await goTo(`#/shops/${shop.shopId}`);
    await button('Rotate…').click();
    await dialog().getByText("None, if the shop's servers have the new key within 24 hours.").waitFor();
    await dialog().getByLabel('1 hour').check();
    await dialog().getByText('The overlap lasts 1 hour.').waitFor();
    await button('Rotate the key').click();
    const apiKey = (await dialog().locator('[data-api-key]').textContent()) ?? '';
    expect(await Promise.all([isAccepted(shop.shopId, apiKey), isAccepted(shop.shopId, shop.apiKey)])).toEqual([
      200, 200,
    ]);
    await page.keyboard.press('Escape');
    expect(await dialog().locator('[data-api-key]').textContent()).toBe(apiKey);
    await button('I have stored it').click();
    await dialog().waitFor({ state: 'detached' });
    await page.getByText('In overlap').waitFor();
    await button('Undo the rotation…').click();
    await button('Undo the rotation').click();
    await outcome('The rotation is undone.');
    expect(await page.getByText('In overlap').count()).toBe(0);
    await heading('rotate.example.com').and(page.locator(':focus')).waitFor();
  });

  test('a reset takes the typed id of the shop, and then nothing less', async () => {
    const now = expect.any(Number);
    const shop = await world.gate.createShop('https://reset.example.com');
    await goTo(`#/shops/${shop.shopId}`);
    await button('Reset…').click();
    await dialog().getByText('No. The old keys never work again.').waitFor();
    const typed = dialog().getByLabel("Type the shop's id to continue");
    expect(await typed.evaluate((field) => field.matches(':focus'))).toBe(true);
    await typed.fill(shop.shopId.slice(0, -1));
    await page.keyboard.press('Enter');
    await button('Reset the keys').click({ force: true });
    expect((await stored(shop.shopId)).version).toBe(1);
    await typed.fill(shop.shopId);
    await page.keyboard.press('Enter');
    const apiKey = (await dialog().locator('[data-api-key]').textContent()) ?? '';
    expect((await stored(shop.shopId)).keys).toEqual([
      { keyId: shop.apiKey.split('_')[2], createdAt: now, credentialUntil: now, verifyUntil: now },
      { keyId: apiKey.split('_')[2], createdAt: now },
    ]);
    await button('I have stored it').click();
    await button('Reset…').and(page.locator(':focus')).waitFor();
  });

  test('Escape leaves a dialog, changes nothing and gives the focus back', async () => {
    await goTo(`#/shops/${world.gate.shop.shopId}`);
    await button('Disable the shop…').click();
    await dialog().waitFor();
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'detached' });
    await button('Disable the shop…').and(page.locator(':focus')).waitFor();
    expect((await stored(world.gate.shop.shopId)).version).toBe(1);
  });

  test('a shop is disabled with its typed id, and enabled again at once', async () => {
    const shop = await world.gate.createShop('https://disable.example.com');
    await goTo(`#/shops/${shop.shopId}`);
    await button('Disable the shop…').click();
    await dialog().getByLabel("Type the shop's id").fill(shop.shopId);
    await button('Disable the shop').click();
    await outcome('The shop is disabled.');
    expect((await stored(shop.shopId)).disabled).toBe(true);
    await button('Enable the shop').click();
    await outcome('The shop is enabled.');
    expect((await stored(shop.shopId)).disabled).toBe(false);
  });

  test('what somebody else changed meanwhile is not overwritten, and shown instead', async () => {
    const shop = await world.gate.createShop('https://race.example.com');
    await goTo(`#/shops/${shop.shopId}`);
    await button('Pause issuing…').click();
    await world.gate.administer({
      action: 'set-switches',
      shopId: shop.shopId,
      switches: { requireOrigin: true },
    });
    await button('Pause issuing').click();
    await dialog().getByText(refusalWords.precondition_failed).waitFor();
    await page.getByText('Origin required').waitFor();
    await button('Pause issuing').click();
    await outcome('Issuing is paused.');
  });

  test('origins are added, tried as the gate decides, and removed', async () => {
    const shop = await world.gate.createShop('https://origins.example.com', { exact: true });
    await goTo(`#/shops/${shop.shopId}/origins`);
    const attempt = async (origin: string, verdict: string): Promise<void> => {
      await page.getByLabel('Origin', { exact: true }).fill(origin);
      await button('Test').click();
      await page.locator('.notice').filter({ hasText: verdict }).filter({ hasText: origin }).waitFor();
    };
    await attempt('https://www.origins.example.com', 'Not allowed.');
    await page.getByLabel('Add origins').fill('https://www.origins.example.com https://*.origins.example.com');
    await button('Add').click();
    await outcome('2 origins may use the widget.');
    await attempt('https://eu.origins.example.com', 'Allowed.');
    await button('Remove https://*.origins.example.com').click();
    await button('Remove the origin').click();
    await outcome('https://*.origins.example.com is removed.');
    await attempt('https://eu.origins.example.com', 'Not allowed.');
  });

  test('tokens are explained, revoked with the typed id, and the revocation taken back', async () => {
    const { shopId } = world.gate.shop;
    await goTo(`#/shops/${shopId}/tokens`);
    const explain = async (verdict: string): Promise<void> => {
      await button('Explain').click();
      await page.locator('.notice').getByText(verdict).waitFor();
    };
    await page.getByLabel('Widget token').fill(await world.gate.issueToken());
    await page.getByLabel('Origin of the page').fill('https://shop.example.com');
    await explain('Accepted.');
    await button('Revoke all tokens…').click();
    await dialog().getByLabel("Type the shop's id").fill(shopId);
    await button('Revoke all tokens').click();
    await outcome('All tokens of the shop are revoked.');
    await explain('The tokens of the shop were revoked.');
    await button('Undo…').click();
    await button('Undo the revocation').click();
    await outcome('The revocation is undone.');
    await explain('Accepted.');
  });
});
