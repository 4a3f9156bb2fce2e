import type { Request } from 'playwright-core';
import { describeInBrowser, type WatchedPage } from '../support/chromium.ts';
import { type ConsoleWorld, logInAs, startConsoleWorld } from '../support/console-page.ts';

describeInBrowser('the login of the console', (launch) => {
  let world: ConsoleWorld;
  let watched: WatchedPage;
  beforeAll(async () => {
    world = await startConsoleWorld(launch);
  });
  beforeEach(async () => {
    watched = await world.open();
  });
  afterEach(async () => {
    const { complaints } = watched;
    await watched.close();
    expect(complaints).toEqual([]);
  });
  afterAll(() => world.close());

  test('lets an administrator in, and the secret access key leaves the page in no request and stays nowhere in it', async () => {
    const { page } = watched;
    const requests: Request[] = [];
    page.on('request', (request) => requests.push(request));
    await logInAs(page, world.admin);
    await page.getByRole('heading', { name: 'Shops' }).waitFor();
    await page.getByText(world.gate.shop.shopId).waitFor();
    const sent = await Promise.all(
      requests.map(async (request) => [request.url(), request.postData(), await request.allHeaders()]),
    );
    expect(sent.length).toBeGreaterThanOrEqual(4);
    const { secretAccessKey } = world.admin;
    expect(JSON.stringify(sent)).toContain(world.admin.accessKeyId);
    for (const form of [secretAccessKey, encodeURIComponent(secretAccessKey), btoa(secretAccessKey)])
      expect(JSON.stringify(sent)).not.toContain(form);
    const kept = await page.evaluate(
      'JSON.stringify([document.documentElement.outerHTML, { ...localStorage }, { ...sessionStorage }, document.cookie, location.href])',
    );
    expect(kept).not.toContain(secretAccessKey);
    expect(await page.evaluate('document.cookie')).toBe('');
  });
});
