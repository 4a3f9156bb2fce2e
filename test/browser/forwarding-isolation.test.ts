import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { environment } from '#contract/environment.ts';
import { describeInBrowser, openPage, type WatchedPage } from '../support/chromium.ts';
import { type RunningGate, startGate, type TestShop } from '../support/gate.ts';
import { Portal } from '../support/portal.ts';
import { startUpstream, type Upstream, type UpstreamCall } from '../support/upstream.ts';
import { eventually } from '../support/widget-page.ts';

const ELSEWHERE = 'elsewhere.example.com';
const LONG_AGO = 'Wed, 21 Oct 2015 07:28:00 GMT';

/** What upstreams state about keeping an answer, each of which a browser that is left alone acts upon for a long time. */
const CACHING: [string, Readonly<Record<string, string>>][] = [
  ['Last-Modified alone', { 'Last-Modified': LONG_AGO }],
  ['an ETag', { ETag: '"1"', 'Last-Modified': LONG_AGO }],
  ['Expires', { Expires: 'Fri, 01 Jan 2100 00:00:00 GMT' }],
  ['private, max-age', { 'Cache-Control': 'private, max-age=600', Vary: 'X-User-Id' }],
  ['max-age', { 'Cache-Control': 'max-age=600' }],
  ['public, s-maxage', { 'Cache-Control': 'public, s-maxage=600, max-age=600' }],
  ['private without a time', { 'Cache-Control': 'private', 'Last-Modified': LONG_AGO }],
  ['immutable', { 'Cache-Control': 'public, max-age=31536000, immutable' }],
  ['Vary: *', { Vary: '*', 'Last-Modified': LONG_AGO }],
  ['nothing', {}],
];

/** What a page's script sees of a call. */
type Seen = readonly [status: number, whose: string];

interface PageFetch {
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: string;
  readonly cookies?: boolean;
}

describeInBrowser('in one browser', (launch) => {
  let browser: Browser;
  let gate: RunningGate;
  let upstream: Upstream;
  let pages: Server;
  let pageUrl: string;
  let portal: Portal;
  let [first, second]: TestShop[] = [];
  let html = '';
  let watched: WatchedPage;
  let page: Page;

  beforeAll(async () => {
    upstream = await startUpstream();
    pages = createServer((_request, response) => {
      response.setHeader('Content-Type', 'text/html').end(`<!doctype html><html lang="en"><title>Page</title>${html}`);
    });
    await new Promise<void>((resolve) => pages.listen(0, '127.0.0.1', resolve));
    pageUrl = `http://localhost:${(pages.address() as AddressInfo).port}`;
    [browser, gate] = await Promise.all([
      // A public name, which is nobody's (RFC 2606), for the other origin of a redirect.
      launch(`--host-resolver-rules=MAP ${ELSEWHERE} 127.0.0.1`),
      startGate({
        environment: { [environment.upstreamUrl]: upstream.url, [environment.analyticsUpstreamUrl]: upstream.url },
      }),
    ]);
    first = await gate.createShop(pageUrl);
    second = await gate.createShop(pageUrl);
    portal = await Portal.open(gate, { allowedOrigins: [pageUrl] });
  });
  beforeEach(async () => {
    html = '';
    watched = await openPage(browser);
    page = watched.page;
    upstream.takeCalls();
  });
  afterEach(() => watched?.close());
  afterAll(async () => {
    await browser?.close();
    await Promise.all([gate?.close(), upstream?.close()]);
    pages?.closeAllConnections();
    pages?.close();
  });

  /** The upstream answers with whose call it is, under these headers. */
  const answerUnder = (headers: Readonly<Record<string, string>>): void =>
    upstream.answerWith((call) => ({
      headers,
      // As the views of the widget read it, too.
      body: JSON.stringify({ whose: whose(call), title: whose(call), results: [{ title: whose(call) }] }),
    }));
  const whose = ({ headers }: UpstreamCall): string => String(headers['x-user-id'] ?? headers['x-shop-id']);

  /** As a page's own script does it, in the browser's default cache mode. */
  const see = async (call: PageFetch): Promise<Seen> =>
    page.evaluate(
      async ({ url, method, headers, cookies }) => {
        const answer = await fetch(url, { method, headers, credentials: cookies ? 'include' : 'omit' });
        const text = await answer.text();
        return [answer.status, text === '' ? '' : (JSON.parse(text).whose ?? JSON.parse(text).code ?? '')] as const;
      },
      {
        url: gate.host.baseUrl + call.path,
        method: call.method ?? 'GET',
        headers: call.headers ?? {},
        cookies: call.cookies ?? false,
      },
    );
  const login = (userid: string) => ({ userid, appid: 'sales', clientid: 'acme' });
  const authorized = (Authorization: string) => ({ path: '/api/analytics/dashboard', headers: { Authorization } });
  const byCookie = {
    path: '/api/analytics/dashboard',
    headers: { 'X-Requested-With': 'widget' },
    cookies: true,
  };
  const begin = async (userid: string): Promise<Seen> =>
    see({
      path: '/api/auth/session',
      method: 'POST',
      headers: { Authorization: await portal.tempToken(login(userid)) },
      cookies: true,
    });
  const signOut = (): Promise<Seen> => see({ ...byCookie, path: '/api/auth/session', method: 'DELETE' });

  describe.each(CACHING)('an upstream that states %s', (_name, headers) => {
    beforeEach(async () => {
      answerUnder(headers);
      await page.goto(pageUrl);
    });

    test('shows each user of a security token their own answer, and nothing to nobody', async () => {
      const [alice, bob] = [await portal.securityToken(login('alice')), await portal.securityToken(login('bob'))];
      expect(await see(authorized(`Bearer ${alice}`))).toEqual([200, 'alice']);
      expect(await see(authorized(`Bearer ${bob}`))).toEqual([200, 'bob']);
      expect(await see(authorized('nonsense'))).toEqual([401, 'unauthorized']);
      expect(await see({ path: '/api/analytics/dashboard' })).toEqual([401, 'unauthorized']);
      expect(await see(authorized(`Bearer ${alice}`))).toEqual([200, 'alice']);
    });

    test('shows each shop of a widget token its own answer, and nothing without one', async () => {
      const call = (token?: string): PageFetch => ({
        path: '/api/widget/items',
        ...(token !== undefined && { headers: { 'X-Widget-Token': token } }),
      });
      const tokenOf = ({ apiKey, shopId }: TestShop): string => gate.signToken(0, apiKey, shopId);
      const [one, two] = [first as TestShop, second as TestShop];
      expect(await see(call(tokenOf(one)))).toEqual([200, one.shopId]);
      expect(await see(call(tokenOf(two)))).toEqual([200, two.shopId]);
      expect(await see(call('nonsense'))).toEqual([401, 'unauthorized']);
      expect(await see(call())).toEqual([401, 'unauthorized']);
    });

    test("shows a session's user nothing after the sign-out, and the next user their own answer", async () => {
      expect((await begin('alice'))[0]).toBe(204);
      expect(await see(byCookie)).toEqual([200, 'alice']);
      expect((await signOut())[0]).toBe(204);
      expect(await see(byCookie)).toEqual([401, 'unauthorized']);
      expect((await begin('bob'))[0]).toBe(204);
      expect(await see(byCookie)).toEqual([200, 'bob']);
      expect(await see({ path: byCookie.path })).toEqual([401, 'unauthorized']);
    });

    test('shows a user who follows without a sign-out their own answer', async () => {
      await begin('alice');
      expect(await see(byCookie)).toEqual([200, 'alice']);
      await begin('bob');
      expect(await see(byCookie)).toEqual([200, 'bob']);
    });
  });

  describe.each(['private, no-cache', 'private, max-age=600', 'max-age=0, must-revalidate', 'public, max-age=600'])(
    'an upstream that confirms a version of its data, which is the same for all users, under %s',
    (cacheControl) => {
      beforeEach(async () => {
        upstream.answerWith((call) => {
          const headers = { ETag: '"v42"', 'Cache-Control': cacheControl, Vary: 'X-User-Id' };
          if (call.headers['if-none-match']?.includes('"v42"')) return { status: 304, headers, body: '' };
          return { headers, body: JSON.stringify({ whose: whose(call) }) };
        });
        await page.goto(pageUrl);
      });

      test('shows each user of a security token and each shop of a widget token their own answer', async () => {
        const [alice, bob] = [await portal.securityToken(login('alice')), await portal.securityToken(login('bob'))];
        for (const [token, user] of [
          [alice, 'alice'],
          [bob, 'bob'],
          [alice, 'alice'],
        ] as const)
          expect(await see(authorized(`Bearer ${token}`))).toEqual([200, user]);
        for (const shop of [first, second, first] as TestShop[]) {
          const headers = { 'X-Widget-Token': gate.signToken(0, shop.apiKey, shop.shopId) };
          expect(await see({ path: '/api/widget/items', headers })).toEqual([200, shop.shopId]);
        }
      });

      test('shows each user of a session their own answer, and confirms it to them', async () => {
        await begin('alice');
        expect(await see(byCookie)).toEqual([200, 'alice']);
        await begin('bob');
        expect(await see(byCookie)).toEqual([200, 'bob']);
        upstream.takeCalls();
        expect(await see(byCookie)).toEqual([200, 'bob']);
        // Kept, or confirmed under the upstream's own tag.
        for (const { headers } of upstream.takeCalls()) expect(headers['if-none-match']).toBe('"v42"');
        await signOut();
        expect(await see(byCookie)).toEqual([401, 'unauthorized']);
      });
    },
  );

  test("without a gate, it shows one user's answer to the next, and to nobody", async () => {
    answerUnder({ 'Last-Modified': LONG_AGO, 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': '*' });
    await page.goto(pageUrl);
    const seen: string[] = [];
    for (const user of ['alice', 'bob'])
      seen.push(
        await page.evaluate(async ([url, id]) => (await fetch(url, { headers: { 'X-User-Id': id } })).text(), [
          `${upstream.url}/dashboard`,
          user,
        ] as const),
      );
    expect(seen.map((text) => (JSON.parse(text) as { whose: string }).whose)).toEqual(['alice', 'alice']);
  });

  test.each(CACHING)(
    'a page that an upstream with %s opens in a window of its own shows nothing of another user',
    async (_name, headers) => {
      answerUnder(headers);
      await page.goto(pageUrl);
      const token = await portal.securityToken(login('alice'));
      expect(await see(authorized(`Bearer ${token}`))).toEqual([200, 'alice']);
      const opened = await page.goto(`${gate.host.baseUrl}/api/analytics/dashboard`);
      expect([opened?.status(), await opened?.text()]).toEqual([401, expect.not.stringContaining('alice')]);
    },
  );

  test('an answer that its upstream lets a browser keep is for the very same credential alone, and no longer than stated', async () => {
    answerUnder({ 'Cache-Control': 'max-age=600' });
    await page.goto(pageUrl);
    const [alice, again] = [await portal.securityToken(login('alice')), await portal.securityToken(login('alice'))];
    expect(await see(authorized(`Bearer ${alice}`))).toEqual([200, 'alice']);
    expect(await see(authorized(`Bearer ${alice}`))).toEqual([200, 'alice']);
    // From the browser's cache, as the upstream asked.
    expect(upstream.takeCalls()).toHaveLength(1);
    expect(await see(authorized(`Bearer ${again}`))).toEqual([200, 'alice']);
    expect(upstream.takeCalls()).toHaveLength(1);
  });

  test('a call of a revoked user is refused, unless its own answer is still kept as the upstream asked', async () => {
    upstream.answerWith((call) => {
      const [, headers] = CACHING.find(([name]) => call.url.includes(encodeURIComponent(name))) ?? [];
      return { headers: headers ?? {}, body: JSON.stringify({ whose: whose(call) }) };
    });
    await page.goto(pageUrl);
    const [token, other] = [await portal.securityToken(login('dave')), await portal.securityToken(login('erin'))];
    const callOf = (credential: string, caching: string): PageFetch => ({
      ...authorized(`Bearer ${credential}`),
      path: `/api/analytics/dashboard?caching=${encodeURIComponent(caching)}`,
    });
    for (const [name] of CACHING) expect(await see(callOf(token, name))).toEqual([200, 'dave']);
    await gate.administer({ action: 'revoke-subject', kind: 'user', id: 'dave' });
    await eventually(
      () => see({ ...authorized(`Bearer ${token}`), path: '/api/analytics/session' }),
      ([status]) => status === 401,
    );
    upstream.takeCalls();
    for (const [name, headers] of CACHING) {
      const isKept = headers['Cache-Control']?.includes('max-age');
      const seen = [name, ...(await see(callOf(token, name)))];
      expect(seen).toEqual([name, ...(isKept ? [200, 'dave'] : [401, 'unauthorized'])]);
    }
    expect(upstream.takeCalls()).toEqual([]);
    for (const [name] of CACHING) {
      expect(await see(callOf(other, name))).toEqual([200, 'erin']);
      expect(await see(callOf(token, name))).toEqual([401, 'unauthorized']);
    }
  });

  test('an answer that was kept for a second is asked for again after it, and refused', async () => {
    answerUnder({ 'Cache-Control': 'max-age=1' });
    await page.goto(pageUrl);
    const token = await portal.securityToken(login('carol'));
    expect(await see(authorized(`Bearer ${token}`))).toEqual([200, 'carol']);
    await gate.administer({ action: 'revoke-subject', kind: 'user', id: 'carol' });
    await eventually(
      () => see(authorized(`Bearer ${token}`)),
      ([status]) => status === 401,
    );
  });

  describe.each(CACHING)('the widget behind an upstream that states %s', (_name, headers) => {
    const tag = (attributes: string): string =>
      `<div id="w"></div><script src="${gate.host.baseUrl}/widget.js" ${attributes} data-container="#w"></script>`;
    const open = async (attributes: string): Promise<void> => {
      html = tag(attributes);
      await page.goto(pageUrl);
    };
    const shown = (): Promise<string> =>
      eventually(
        async () => (await page.locator('#w .w').textContent()) ?? '',
        (text) => !/^$|Loading/.test(text),
      );
    beforeEach(() => answerUnder(headers));

    test('shows each user of a security token their own dashboard, and nothing of it to nobody', async () => {
      for (const user of ['alice', 'bob', 'alice']) {
        await open(`data-token="${await portal.securityToken(login(user))}"`);
        expect(await shown()).toBe(user);
      }
      const stranger = await portal.securityToken(login('alice'));
      await open(`data-token="${stranger.slice(0, -8)}AAAAAAAA"`);
      expect(await shown()).toMatch(/Session expired/);
    });

    test('shows each user of a session their own dashboard, and to nobody nothing after a sign-out', async () => {
      for (const user of ['alice', 'bob']) {
        await open(`data-token="${await portal.tempToken(login(user))}" data-auth="cookie"`);
        expect(await shown()).toBe(user);
      }
      expect((await signOut())[0]).toBe(204);
      await page.evaluate(() => {
        const { Widget } = globalThis as unknown as {
          Widget: { mount(place: Element, options: object): { refresh(): unknown } };
        };
        return Widget.mount(document.querySelector('#w') as Element, {}).refresh();
      });
      expect(await eventually(shown, (text) => text !== 'bob')).toMatch(/Session expired/);
    });

    test("shows each shop's results on the same words", async () => {
      for (const { apiKey, shopId } of [first, second] as TestShop[]) {
        await open(`data-token="${gate.signToken(0, apiKey, shopId)}"`);
        await page.getByRole('searchbox').fill('mug');
        expect(
          await eventually(
            () => page.locator('#w li').allTextContents(),
            (all) => all.length > 0,
          ),
        ).toEqual([shopId]);
      }
    });
  });

  describe('a redirect of an upstream to another public origin', () => {
    let elsewhere: Upstream;
    beforeAll(async () => {
      elsewhere = await startUpstream();
      elsewhere.answerWith({ headers: { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': '*' } });
    });
    beforeEach(() => {
      elsewhere.takeCalls();
      const address = `http://${ELSEWHERE}:${new URL(elsewhere.url).port}/`;
      upstream.answerWith({ status: 302, headers: { Location: address }, body: '' });
    });
    afterAll(() => elsewhere?.close());

    test('is not followed by the widget, which says so', async () => {
      const token = gate.signToken(0, first?.apiKey, first?.shopId);
      html = `<div id="w"></div><script src="${gate.host.baseUrl}/widget.js" data-token="${token}" data-container="#w"></script>`;
      await page.goto(pageUrl);
      await page.evaluate(() => {
        addEventListener('widget:error', (event) => {
          event.preventDefault();
          Object.assign(globalThis, { failure: (event as CustomEvent).detail });
        });
      });
      await page.getByRole('searchbox').fill('mug');
      const failure = await eventually(
        () => page.evaluate(() => (globalThis as { failure?: { code: string } }).failure),
        (detail) => detail !== undefined,
      );
      expect(failure).toMatchObject({ code: 'upstream_failed', retryable: true });
      expect(upstream.takeCalls()).toHaveLength(1);
      expect(elsewhere.takeCalls()).toEqual([]);
    });

    test("gets nothing of a page's own call that has its credential in a header of the gate", async () => {
      await page.goto(pageUrl);
      const headers = { 'X-Widget-Token': gate.signToken(0, first?.apiKey, first?.shopId) };
      expect(await see({ path: '/api/widget/items', headers })).toEqual([502, 'upstream_failed']);
      expect(elsewhere.takeCalls()).toEqual([]);
    });

    test("sends neither Authorization nor a cookie of the gate to another host in a page's own call", async () => {
      await page.goto(pageUrl);
      const token = await portal.securityToken(login('alice'));
      await see(authorized(`Bearer ${token}`));
      const calls = elsewhere.takeCalls();
      expect(calls.map(({ method }) => method)).toContain('GET');
      for (const { rawHeaders } of calls) expect(rawHeaders.join()).not.toContain(token.slice(-30));
    });
  });
});
