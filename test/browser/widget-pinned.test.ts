import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { describeInBrowser, openPage, type WatchedPage } from '../support/chromium.ts';
import { type RunningGate, startGate } from '../support/gate.ts';

describeInBrowser('a pinned version of the widget', (launch) => {
  let browser: Browser;
  let gate: RunningGate;
  let shop: Server;
  let html = '';
  let [address, pinned, integrity] = ['', '', ''];
  let watched: WatchedPage;
  beforeAll(async () => {
    [browser, gate] = await Promise.all([launch(), startGate()]);
    shop = createServer((_request, response) => {
      response.setHeader('Content-Type', 'text/html').end(`<!doctype html><html lang="en"><title>Shop</title>${html}`);
    });
    await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
    address = `http://localhost:${(shop.address() as AddressInfo).port}/`;
    const { json } = await gate.call({ path: '/widget/latest.json' });
    pinned = gate.host.baseUrl + String(json.path);
    integrity = String(json.integrity);
  });
  beforeEach(async () => {
    watched = await openPage(browser);
  });
  afterEach(() => watched?.close());
  afterAll(async () => {
    await browser?.close();
    await gate?.close();
    shop?.closeAllConnections();
    shop?.close();
  });

  const plain = (): string => `<script src="${pinned}"></script>`;
  const checked = (): string => `<script src="${pinned}" integrity="${integrity}" crossorigin="anonymous"></script>`;
  const preload = (more = ''): string => `<link rel="preload" as="script" href="${pinned}"${more}>`;
  const runs = async (content: string): Promise<boolean> => {
    html = content;
    await watched.page.goto(address);
    return watched.page.evaluate(() => 'Widget' in globalThis);
  };

  const ORDERS: [string, () => string[]][] = [
    ['plainly, then with integrity', () => [plain(), checked()]],
    ['with integrity, then plainly', () => [checked(), plain()]],
    ['with integrity after a plain preload', () => [preload() + checked()]],
    ['with integrity after a preload with crossorigin', () => [preload(' crossorigin="anonymous"') + checked()]],
    ['plainly after a preload, then with integrity', () => [preload() + plain(), checked()]],
    ['by a preload alone, then with integrity', () => [preload(), checked()]],
    ['plainly and with integrity in one page', () => [plain() + checked()]],
  ];
  test.each(ORDERS)('runs, loaded %s', async (_name, pages) => {
    for (const content of pages()) expect(await runs(content)).toBe(content.includes('<script'));
    expect(watched.complaints.filter((complaint) => /CORS|integrity|blocked/i.test(complaint))).toEqual([]);
  });

  test('does not run when it is another file, also where a plain tag loaded it before', async () => {
    expect(await runs(plain())).toBe(true);
    expect(await runs(checked().replace(/sha384-.{8}/, 'sha384-AAAAAAAA'))).toBe(false);
  });
});
