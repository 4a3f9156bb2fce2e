import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { describeInBrowser, launchWithoutCookies, openPage, type WatchedPage } from '../support/chromium.ts';
import { type LocalProcess, startLocal } from '../support/local-process.ts';
import { eventually } from '../support/widget-page.ts';

describeInBrowser('the demo that npm start runs', (launch) => {
  let browser: Browser;
  let gate: LocalProcess;
  let watched: WatchedPage;
  let page: Page;
  beforeAll(async () => {
    [browser, gate] = await Promise.all([launch(), startLocal('--memory')]);
  });
  beforeEach(async () => {
    watched = await openPage(browser);
    page = watched.page;
  });
  afterEach(() => watched?.close());
  afterAll(async () => {
    await Promise.all([browser?.close(), gate?.end('SIGTERM')]);
  });

  const open = (path = '/'): Promise<unknown> => page.goto(gate.announcement.demoUrl + path);
  const results = (): Promise<string[]> => page.getByRole('search').getByRole('link').allTextContents();
  const find = async (words: string): Promise<string[]> => {
    await page.getByRole('searchbox').fill(words);
    return eventually(results, (found) => found.length > 0);
  };

  test("the tag of the shop's page shows the shop's articles", async () => {
    await open();
    expect(await find('mug')).toEqual([expect.stringContaining('Stoneware mug')]);
    expect(watched.complaints).toEqual([]);
  });

  test.each<[string, RegExp]>([
    ['all is well', /^200 ok/],
    ['the token is tampered with', /^401 unauthorized/],
    ['the token is 25 hours old', /^401 unauthorized/],
    ["the shop's key was revoked", /^401 invalid_api_key/],
  ])('shows what happens when %s', async (name, outcome) => {
    await open();
    await page.getByRole('button', { name }).click();
    await eventually(
      async () => (await page.locator('#outcome').textContent()) ?? '',
      (text) => outcome.test(text),
    );
    expect(watched.complaints).toEqual([]);
  });

  test.each([
    ['runs under the hash that is published', (hash: string) => hash, true],
    ['does not run under another', (hash: string) => hash.replace(/.{4}$/, 'AAAA'), false],
  ])('the versioned file %s', async (_name, change, runs) => {
    const { baseUrl } = gate.announcement;
    const latest = (await (await fetch(`${baseUrl}/widget/latest.json`)).json()) as Record<string, string>;
    const tag = `<script src="${baseUrl}${latest.path}" integrity="${change(latest.integrity ?? '')}" crossorigin="anonymous"></script>`;
    const shop = createServer((_request, response) => {
      response.setHeader('Content-Type', 'text/html').end(`<!doctype html><title>Pinned</title>${tag}`);
    });
    await new Promise<void>((resolve) => shop.listen(0, '127.0.0.1', resolve));
    await page.goto(`http://localhost:${(shop.address() as AddressInfo).port}`);
    expect(await page.evaluate('typeof Widget')).toBe(runs ? 'object' : 'undefined');
    shop.closeAllConnections();
    shop.close();
  });

  test('a page of another site gets nothing by a token that it copied', async () => {
    await open();
    await page.getByRole('button', { name: 'another site' }).click();
    const told = page.frameLocator('#foreign').locator('#outcome');
    await eventually(
      async () => (await told.textContent()) ?? '',
      (text) => /^http:\/\/another-site\.localhost:\d+: 403 origin_not_allowed/.test(text),
    );
  });

  test('the portal shows a dashboard by a session that a cookie of its own partition keeps, and one by a security token', async () => {
    const calls: Record<string, string>[] = [];
    page.on('request', async (request) => {
      if (request.url().endsWith('/api/analytics/dashboard') && request.method() === 'GET')
        calls.push(await request.allHeaders());
    });
    await open('/portal');
    for (const nth of [0, 1]) await page.getByRole('heading', { name: 'Sales this month' }).nth(nth).waitFor();
    await eventually(
      async () => calls.length,
      (count) => count === 2,
    );
    const [bySession, byToken] = calls.sort((a) => (a.cookie === undefined ? 1 : -1));
    expect(bySession?.cookie).toMatch(/^__Host-widget-gate-session=/);
    expect(bySession?.authorization).toBeUndefined();
    expect(byToken?.authorization).toMatch(/^Bearer ey/);
    const [cookie] = await page.context().cookies(gate.announcement.baseUrl);
    expect(cookie).toMatchObject({ httpOnly: true, secure: true, sameSite: 'None', partitionKey: 'http://localhost' });
    expect(watched.complaints).toEqual([]);
  });

  test('a browser that keeps no cookie of the gate gets the session as a bearer value', async () => {
    const profile = mkdtempSync(join(tmpdir(), 'widget-gate-profile-'));
    const context = await launchWithoutCookies(profile);
    const [page] = context.pages() as [Page];
    const calls: (string | undefined)[] = [];
    page.on('request', (request) => {
      if (request.url().endsWith('/api/analytics/dashboard')) calls.push(request.headers().authorization);
    });
    await page.goto(`${gate.announcement.demoUrl}/portal`);
    for (const nth of [0, 1]) await page.getByRole('heading', { name: 'Sales this month' }).nth(nth).waitFor();
    expect(calls.filter((authorization) => authorization?.startsWith('Bearer '))).toHaveLength(2);
    expect(await context.cookies()).toEqual([]);
    await context.close();
    rmSync(profile, { recursive: true, force: true });
  });

  test.each(['/', '/portal'])('%s has no fault of accessibility', async (path) => {
    await open(path);
    await page.getByRole('heading').first().waitFor();
    if (path === '/') await find('oak');
    else for (const nth of [0, 1]) await page.getByRole('heading', { name: 'Sales this month' }).nth(nth).waitFor();
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  });
});
