import type { Page, Request } from 'playwright-core';
import { refusalWords } from '#web/admin/src/words/refusals.ts';
import { describeInBrowser, type WatchedPage } from '../support/chromium.ts';
import { type ConsoleWorld, logInAs, startConsoleWorld } from '../support/console-page.ts';

describeInBrowser('the login of the console', (launch) => {
  let world: ConsoleWorld;
  let watched: WatchedPage;
  let page: Page;
  beforeAll(async () => {
    world = await startConsoleWorld(launch);
  });
  beforeEach(async () => {
    watched = await world.open();
    ({ page } = watched);
  });
  afterEach(async () => {
    await watched.close();
    expect(watched.complaints).toEqual([]);
  });
  afterAll(() => world.close());

  const heading = (name: string) => page.getByRole('heading', { name, exact: true });
  const secretField = () => page.getByLabel('Secret access key');

  test('lets an administrator in; the secret access key is in no request, and nowhere in the page afterwards', async () => {
    const requests: Request[] = [];
    page.on('request', (request) => requests.push(request));
    await logInAs(page, world.admin);
    await heading('Shops').waitFor();
    await page.getByText(world.gate.shop.shopId).waitFor();
    const sent = JSON.stringify(
      await Promise.all(
        requests.map(async (request) => [request.url(), request.postData(), await request.allHeaders()]),
      ),
    );
    const { secretAccessKey, accessKeyId } = world.admin;
    expect(sent).toContain(accessKeyId);
    const kept = await page.evaluate(
      'JSON.stringify([document.documentElement.outerHTML, [...document.querySelectorAll("input")].map((input) => input.value), { ...localStorage }, { ...sessionStorage }, location.href, history.state])',
    );
    for (const form of [secretAccessKey, encodeURIComponent(secretAccessKey), btoa(secretAccessKey)]) {
      expect(sent).not.toContain(form);
      expect(kept).not.toContain(form);
    }
    // The session is out of reach for scripts.
    expect(await page.evaluate('document.cookie')).toBe('');
  });

  test('says what to check where the proof fails, and keeps no secret for the next attempt', async () => {
    await logInAs(page, { ...world.admin, secretAccessKey: 'x'.repeat(40) });
    await page.getByRole('alert').getByText(refusalWords.login_failed).waitFor();
    expect([
      await secretField().inputValue(),
      await secretField().evaluate((field) => field.matches(':focus')),
    ]).toEqual(['', true]);
    expect(await page.getByLabel('User name').inputValue()).toBe(world.admin.userName);
  });

  test('shows who is proven but no administrator the very line that makes them one', async () => {
    const outsider = world.gate.createUser('mallory', false);
    await logInAs(page, outsider);
    await page.getByRole('alert').getByText(refusalWords.not_in_admin_group).waitFor();
    const group = world.gate.deployment.groups[0]?.groupName ?? '';
    await page
      .getByText(`aws iam add-user-to-group --group-name ${group} --user-name mallory`, { exact: true })
      .waitFor();
    await page.getByRole('button', { name: 'Copy the line' }).waitFor();
  });

  test.each([
    ['a gate that lacks a dependency', 503, 'service_unavailable'],
    ['a throttled login', 429, 'too_many_requests'],
    ['no network', 0, 'no_network'],
    ["something between that answers in the gate's place", 200, 'no_gate'],
  ] as const)('says what to do about %s', async (_name, status, code) => {
    await page.route('**/login/challenge', (route) =>
      status === 0
        ? route.abort('connectionrefused')
        : route.fulfill({
            status,
            headers: { 'Retry-After': '0' },
            body: status === 200 ? '<html>' : JSON.stringify({ code, message: 'Busy.', requestId: 'r-1' }),
          }),
    );
    await logInAs(page, world.admin);
    await page.getByRole('alert').getByText(refusalWords[code]).waitFor();
    expect(await secretField().inputValue()).toBe('');
  });

  test('signs nothing but the question who one is', async () => {
    const sent: string[] = [];
    page.on('request', (request) => sent.push(request.url()));
    await page.route('**/login/challenge', async (route) => {
      const answer = await route.fetch();
      const json = (await answer.json()) as object;
      await route.fulfill({ response: answer, json: { ...json, body: 'Action=GetSessionToken&Version=2011-06-15' } });
    });
    await logInAs(page, world.admin);
    await page.getByRole('alert').getByText(refusalWords.challenge_refused).waitFor();
    expect(sent.filter((url) => url.endsWith('/login'))).toEqual([]);
  });

  test('says so where the browser keeps no session', async () => {
    await page.route('**/admin/api/login', async (route) => {
      const answer = await route.fetch();
      await page.context().clearCookies();
      await route.fulfill({ status: answer.status(), body: await answer.text() });
    });
    await logInAs(page, world.admin);
    await page.getByText('the browser did not store the session cookie').waitFor();
  });

  test('a one-time link lets in once; its code is out of the address before it is sent', async () => {
    const { code } = await world.gate.administer({ action: 'create-login-link' });
    const sent: unknown[] = [];
    page.on('request', (request) => {
      if (request.url().endsWith('/login/link')) sent.push([request.postDataJSON(), page.url()]);
    });
    const openLink = async (): Promise<void> => {
      await page.goto('about:blank');
      await page.goto(`${world.adminUrl}#link=${String(code)}`);
    };
    await openLink();
    await heading('Shops').waitFor();
    expect(sent).toEqual([[{ code }, world.adminUrl]]);
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByText('You are logged out.').waitFor();
    await openLink();
    await page.getByText('This login link was already used').waitFor();
    expect(page.url()).toBe(world.adminUrl);
  });

  test('a session that ends elsewhere leads to the login, and that back to where one was', async () => {
    await page.goto(`${world.adminUrl}#/audit?action=log-in`);
    await logInAs(page, world.admin);
    await heading('Audit').waitFor();
    await page.context().clearCookies();
    await page.getByRole('button', { name: 'Filter' }).click();
    await page.keyboard.press('g');
    await page.keyboard.press('s');
    await page.getByText('Your session has ended').waitFor();
    expect(await page.locator('main').getByRole('navigation').count()).toBe(0);
    await logInAs(page, world.admin);
    await heading('Shops').waitFor();
    await page.goBack();
    await heading('Audit').waitFor();
    expect(await page.getByLabel('Action').inputValue()).toBe('log-in');
  });

  test('logging out ends the session at the gate', async () => {
    await logInAs(page, world.admin);
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByText('You are logged out.').waitFor();
    await page.reload();
    await heading('Log in').waitFor();
  });
});
