import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { describeInBrowser, openPage, type WatchedPage } from '../support/chromium.ts';
import { requireCounterpart } from '../support/counterparts.ts';
import { pieceNamed } from '../support/embed-pieces.ts';
import { type LocalProcess, startLocal } from '../support/local-process.ts';
import { freePort, waitForPort } from '../support/ports.ts';
import { eventually } from '../support/widget-page.ts';

describeInBrowser('the pieces of docs/embed-in-a-shop.md in a browser', (launch) => {
  let browser: Browser;
  let gate: LocalProcess;
  let php: ChildProcess | undefined;
  let origin: string;
  let watched: WatchedPage | undefined;
  const folder = mkdtempSync(join(tmpdir(), 'widget-gate-shop-'));

  beforeAll(async () => {
    requireCounterpart('php');
    [browser, gate] = await Promise.all([launch(), startLocal('--memory')]);
    const { baseUrl, shop } = gate.announcement;
    const web = join(folder, 'public');
    mkdirSync(web);
    cpSync(join(import.meta.dirname, '../../docs/snippets/widget-token.php'), join(web, 'widget-token.php'));
    for (const file of ['token.php', 'index.php']) writeFileSync(join(web, file), pieceNamed(`public/${file}`));
    const managed = pieceNamed('widget-tag.html')
      .replace('https://gate.example.com', baseUrl)
      .replace('https://shop.example.com/widget-token', '/token.php');
    writeFileSync(
      join(web, 'managed.html'),
      `<!doctype html><title>Shop</title><div id="shop-search"></div>${managed}`,
    );
    const port = await freePort();
    php = spawn('php', ['-q', '-S', `localhost:${port}`, '-t', 'public'], {
      cwd: folder,
      env: {
        PATH: process.env.PATH,
        WIDGET_GATE_URL: baseUrl,
        WIDGET_GATE_SHOP_ID: shop.shopId,
        WIDGET_GATE_SHOP_API_KEY: shop.apiKey,
      },
      stdio: 'ignore',
    });
    await waitForPort(port, 'localhost');
    origin = `http://localhost:${port}`;
  }, 180_000);
  afterEach(() => watched?.close());
  afterAll(async () => {
    const phpEnded = php === undefined ? undefined : once(php, 'exit');
    php?.kill();
    await Promise.all([phpEnded, browser?.close(), gate?.end('SIGTERM')]);
    rmSync(folder, { recursive: true, force: true });
  });

  test.each([
    ['the PHP page', '/'],
    ['a page into which a tag manager puts the widget', '/managed.html'],
  ])('%s shows what a search finds', async (_name, path) => {
    watched = await openPage(browser);
    const { page, complaints } = watched;
    await page.goto(origin + path);
    await page.getByRole('searchbox').fill('mug');
    const results = (): Promise<string[]> => page.getByRole('search').getByRole('link').allTextContents();
    const found = await eventually(results, (titles) => titles.length > 0);
    expect(found).toEqual([expect.stringContaining('Stoneware mug')]);
    expect(complaints).toEqual([]);
  });
});
