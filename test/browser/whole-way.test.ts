import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { consoleUrlOf } from '#bin/start/stage.ts';
import { describeInBrowser, openPage, type WatchedPage } from '../support/chromium.ts';
import { logInAs } from '../support/console-page.ts';
import { type RunningGate, startGate } from '../support/gate.ts';
import { startUpstream, type Upstream } from '../support/upstream.ts';
import { eventually } from '../support/widget-page.ts';

describeInBrowser('from the console to a widget in a shop', (launch) => {
  let browser: Browser;
  let gate: RunningGate;
  let upstream: Upstream;
  /** The shop's server: one page, and where its widget gets tokens. */
  let shop: Server;
  let shopUrl: string;
  let [html, token] = ['', ''];
  let administering: WatchedPage;
  let shopping: WatchedPage;

  beforeAll(async () => {
    upstream = await startUpstream();
    upstream.answerWith({ body: JSON.stringify({ results: [{ title: 'Stoneware mug', url: '/mug' }] }) });
    shop = createServer(({ url }, response) => {
      response.setHeader('Content-Type', url === '/token' ? 'application/json' : 'text/html');
      response.end(url === '/token' ? JSON.stringify({ token }) : `<!doctype html><title>Shop</title>${html}`);
    });
    await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
    shopUrl = `http://localhost:${(shop.address() as AddressInfo).port}`;
    [browser, gate] = await Promise.all([
      launch(),
      startGate({ environment: { WIDGET_GATE_UPSTREAM_URL: upstream.url } }),
    ]);
    administering = await openPage(browser);
    shopping = await openPage(browser);
  });
  afterAll(async () => {
    await browser?.close();
    await gate?.close();
    await upstream?.close();
    shop?.closeAllConnections();
    shop?.close();
  });

  const issue = async (shopId: string, apiKey: string): Promise<string> =>
    String(
      (
        await gate.call({
          method: 'POST',
          path: `/api/shops/${shopId}/widget-token`,
          headers: [['X-Shop-API-Key', apiKey]],
        })
      ).json.token,
    );
  const find = async (page: Page, words: string): Promise<string> => {
    const answered = page.waitForResponse(
      (response) => response.url().includes(`search?q=${words}`) && response.status() !== 401,
    );
    await page.getByRole('searchbox').fill(words);
    await answered;
    return eventually(
      async () => (await page.getByRole('status').textContent()) ?? '',
      (text) => text !== '' && text !== 'Loading',
    );
  };

  test('a shop made in the console works with the tag that the console shows, and goes on while its key is rotated and reset', async () => {
    const { page } = administering;
    await page.goto(`${consoleUrlOf(gate.host)}#/shops/new`);
    await logInAs(page, gate.createUser('alice', true));
    await page.getByLabel('Address').fill(shopUrl);
    await page.getByRole('button', { name: 'Create the shop' }).click();
    await page.locator('[data-api-key]').waitFor();
    const apiKey = (await page.locator('[data-api-key]').textContent()) ?? '';
    html = (await page.getByRole('tabpanel').locator('code').first().textContent()) ?? '';
    expect(html).toContain('data-token="<%= widgetToken %>"');
    await page.getByRole('link', { name: 'Go to the shop' }).click();
    await page.getByRole('heading', { name: 'API keys' }).waitFor();
    const shopId = page.url().split('/').at(-1) ?? '';
    token = await issue(shopId, apiKey);
    html = html.replace('<%= widgetToken %>', token).replace('data-token=', 'data-token-url="/token" data-token=');

    await shopping.page.goto(shopUrl);
    expect(await find(shopping.page, 'mug')).toBe('Results: 1');
    const { apiKey: successor } = await gate.administer({ action: 'rotate-key', shopId, overlapSeconds: 86_400 });
    for (let at = 0; at < 12; at += 1) {
      expect(await find(shopping.page, `during${at}`)).toBe('Results: 1');
      if (at === 6) token = await issue(shopId, String(successor));
    }
    const { apiKey: reset } = await gate.administer({ action: 'reset-keys', shopId });
    // Until the functions have read the change, the gate goes by what it knew.
    token = await eventually(
      () => issue(shopId, String(reset)),
      (issued) => issued !== 'undefined',
    );
    const statuses: number[] = [];
    shopping.page.on('response', (response) => statuses.push(response.status()));
    // The first call that finds the record old may still go by it.
    for (let at = 0; !statuses.includes(401) && at < 60; at += 1) {
      await setTimeout(500);
      expect(await find(shopping.page, `after${at}`)).toBe('Results: 1');
    }
    expect([statuses.includes(401), statuses.at(-1)]).toEqual([true, 200]);
    expect([administering.complaints, shopping.complaints]).toEqual([[], []]);
  });
});
