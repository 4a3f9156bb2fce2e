import AxeBuilder from '@axe-core/playwright';
import type { Browser } from 'playwright-core';
import { describeInBrowser } from '../support/chromium.ts';
import { eventually, openWidgetPage, type PageOptions, searching, type WidgetPage } from '../support/widget-page.ts';

const SRC = 'src="http://gate.test/widget.js"';
const JWE = 'eyJhbGciOiJkaXIifQ..aaaaaaaaaaaaaaaa.bbbbbbbb.cccccccccccccccccccccc';
const dashboard = {
  title: 'Sales',
  figures: [{ label: 'Sold', value: 1234 }],
  series: {
    label: 'By article',
    rows: [
      { label: 'Mug', value: 3 },
      { label: 'Cup', value: 1 },
    ],
  },
};

describeInBrowser("the widget's tag", (launch) => {
  let browser: Browser;
  let shop: WidgetPage;
  beforeAll(async () => {
    browser = await launch();
  });
  afterEach(() => shop?.close());
  afterAll(() => browser?.close());

  const open = async (html: string, more: Partial<PageOptions> = {}): Promise<void> => {
    shop = await openWidgetPage(browser, { html, ...more });
  };
  const boxes = (): Promise<number> => shop.page.getByRole('searchbox').count();
  const find = async (): Promise<void> => {
    await shop.type('mug');
    await eventually(
      () => shop.results(),
      ([title]) => title?.includes('Stoneware mug') === true,
    );
  };
  const lastEvent = async () =>
    eventually(
      async () => (await shop.events()).at(-1),
      (event) => event !== undefined,
    );

  test.each<[string, PageOptions]>([
    [
      'as it is documented',
      { html: `<div id="w"></div><script ${SRC} data-token="good" data-container="#w" data-theme="auto"></script>` },
    ],
    ['with async', { html: `<div id="w"></div><script async ${SRC} data-token="good" data-container="#w"></script>` }],
    [
      'with defer, before its container',
      { html: `<script defer ${SRC} data-token="good" data-container="#w"></script><div id="w"></div>` },
    ],
    [
      'as a module',
      { html: `<div id="w"></div><script type="module" ${SRC} data-token="good" data-container="#w"></script>` },
    ],
    [
      'in the head',
      { html: '<div id="w"></div>', head: `<script ${SRC} data-token="good" data-container="#w"></script>` },
    ],
    [
      'without a container, at the position of the tag',
      { html: `<main><script ${SRC} data-token="good"></script></main>` },
    ],
    [
      'twice for one container',
      { html: `<div id="w"></div>${`<script ${SRC} data-token="good" data-container="#w"></script>`.repeat(2)}` },
    ],
    [
      'beside a plain load of the file',
      {
        html: `<div id="w"></div><script ${SRC}></script><script ${SRC} data-token="good" data-container="#w"></script>`,
      },
    ],
  ])('embeds one widget %s', async (_name, options) => {
    await open(options.html, options);
    await eventually(boxes, (count) => count === 1);
    await find();
    expect(shop.gateCalls[0]).toMatchObject({
      path: '/api/widget/search?q=mug',
      headers: { 'x-widget-token': 'good' },
    });
    expect([await boxes(), shop.complaints]).toEqual([1, []]);
  });

  test('embeds a widget for a tag that a tag manager puts in later', async () => {
    await open('<div id="w"></div>', { policy: '' });
    await shop.page.evaluate(`{
      const tag = document.createElement('script');
      Object.assign(tag.dataset, { token: 'good', container: '#w' });
      tag.src = 'http://gate.test/widget.js';
      document.head.append(tag);
    }`);
    await eventually(boxes, (count) => count === 1);
    await find();
  });

  test('says on the console that there is no such container', async () => {
    await open(`<script ${SRC} data-token="good" data-container="#gone"></script>`);
    expect(shop.complaints).toEqual(['[widget] No such data-container: #gone']);
  });

  test('keeps the token out of everything that other scripts can read of it', async () => {
    await open(`<div id="w"></div><script ${SRC}></script>`);
    await shop.mount({ token: 'good' });
    await find();
    const seen = await shop.page.evaluate(
      `JSON.stringify([Object.entries(Widget), Object.keys(mounted), { ...localStorage }, { ...sessionStorage }, document.cookie, document.documentElement.outerHTML, document.querySelector('#w').firstChild.shadowRoot.innerHTML])`,
    );
    expect(seen).not.toContain('good');
  });

  test.each<[string, string]>([
    ['a token', `var config = { qvToken: '${JWE}', domain: 'http://gate.test' };`],
    ['an older spelling', `var config = { qv_token: '${JWE}', qvToken: '${JWE}', domain: 'http://gate.test/' };`],
  ])('shows a dashboard by a config object with %s', async (_name, inline) => {
    await open(`<script ${SRC}></script>`, { inline: `${inline}` });
    shop.answerGate(() => ({ body: dashboard }));
    await shop.page.reload();
    await shop.page.getByRole('heading', { name: 'Sales' }).waitFor();
    expect(shop.gateCalls.at(-1)).toMatchObject({
      path: '/api/analytics/dashboard',
      headers: { authorization: `Bearer ${JWE}` },
    });
    expect(await shop.page.getByRole('row').allTextContents()).toEqual(['Mug3', 'Cup1']);
    expect(await lastEvent()).toMatchObject({ name: 'ready', detail: { view: 'dashboard' } });
  });

  test('sends a dev key with whom it states, and says loudly what that is', async () => {
    const config = { apiKey: 'dev_test_x', domain: 'http://gate.test', userId: 'u-1', appid: 'a-1', client_id: 'c-1' };
    await open(`<script ${SRC}></script>`, { inline: `var config = ${JSON.stringify(config)};` });
    const said: string[] = [];
    shop.page.on('console', (message) => said.push(message.text()));
    shop.answerGate(() => ({ body: dashboard }));
    await shop.page.reload();
    await shop.page.getByRole('heading', { name: 'Sales' }).waitFor();
    expect(shop.gateCalls.at(-1)?.headers).toMatchObject({
      'x-api-key': 'dev_test_x',
      'x-user-id': 'u-1',
      'x-app-id': 'a-1',
      'x-client-id': 'c-1',
    });
    expect(said.join()).toMatch(/DEV KEY: anyone can read it/);
  });

  test.each<[string, string, string, RegExp]>([
    ['neither token nor config', '', 'token_missing', /Set data-token or data-token-url/],
    ['no token', 'data-token=""', 'token_missing', /Set data-token or data-token-url/],
    ['an unknown theme', 'data-token="good" data-theme="blue"', 'invalid_options', /theme/],
    ['an unknown way of authentication', 'data-token="good" data-auth="basic"', 'invalid_options', /auth/],
    ['an address of another kind', 'data-token="good" data-api-url="ftp://gate.test"', 'invalid_options', /ftp/],
    [
      'a script in place of an address',
      'data-token="good" data-api-url="javascript:alert(1)"',
      'invalid_options',
      /javascript/,
    ],
    ['two different tokens', 'data-token="good" data-qv-token="other"', 'invalid_options', /[tT]oken/],
  ])('refuses %s, and says so once', async (_name, attributes, code, message) => {
    await open(`<div id="w"></div><script ${SRC} ${attributes} data-container="#w"></script>`);
    expect(await lastEvent()).toMatchObject({
      name: 'error',
      detail: { code, message: expect.stringMatching(message) },
    });
    expect(await shop.events()).toHaveLength(1);
  });

  test('a failure that nobody listens to is one line on the console, with where to read on', async () => {
    await open(`<div id="w"></div><script ${SRC} data-token="bad" data-container="#w"></script>`, {
      inline: 'window.deaf = true;',
    });
    await shop.type('mug');
    await eventually(
      async () => shop.complaints.length,
      (lines) => lines > 0,
    );
    expect(shop.complaints).toEqual([
      expect.stringMatching(
        /^\[widget\] unauthorized: Get a new token\. http:\/\/gate\.test\/widget\/[\d.]+\/errors\.html#unauthorized$/,
      ),
    ]);
  });

  test.each<[number, string, string, RegExp]>([
    [403, 'origin_not_allowed', 'denied', /Not available on this page/],
    [401, 'unauthorized', 'token:expired', /Session expired/],
    [429, 'too_many_requests', 'error', /Not available right now/],
    [503, 'service_unavailable', 'error', /Not available right now/],
    [404, 'not_found', 'error', /Something went wrong/],
  ])('reports a refusal with %d as %s by the event %s, and in words', async (status, code, name, words) => {
    await open(`<div id="w"></div><script ${SRC} data-token="good" data-container="#w"></script>`);
    shop.answerGate(() => ({ status, body: { code, message: 'M.', requestId: 'r-9' } }));
    await shop.type('mug');
    await eventually(
      () => shop.status(),
      (text) => words.test(text),
    );
    const detail = { code, message: 'M.', status, requestId: 'r-9', retryable: status === 429 || status === 503 };
    expect(await lastEvent()).toMatchObject({ name, detail });
  });

  test('an upstream can put neither a script nor markup into the page', async () => {
    await open(`<div id="w"></div><script ${SRC} data-token="good" data-container="#w"></script>`);
    const title = '<img src=x onerror=alert(1)>';
    shop.answerGate(() => ({
      body: {
        results: [
          { title, url: 'javascript:alert(1)' },
          { title: 'fine', url: '/fine' },
        ],
      },
    }));
    await shop.type('x');
    await eventually(
      () => shop.results(),
      (links) => links.length > 0,
    );
    expect(await shop.results()).toEqual(['fine']);
    expect(await shop.page.getByRole('search').locator('img').count()).toBe(0);
    expect(await shop.page.getByText(title).count()).toBe(1);
  });

  test('is used by the keyboard alone', async () => {
    await open(`<div id="w"></div><script ${SRC} data-token="good" data-container="#w"></script>`);
    const rows = [1, 2, 3].map((at) => ({ title: `result ${at}`, url: `/r${at}` }));
    shop.answerGate(() => ({ body: { results: rows } }));
    await shop.page.keyboard.press('Tab');
    await shop.page.keyboard.type('mug');
    await shop.page.clock.runFor(200);
    await eventually(
      () => shop.results(),
      (links) => links.length === 3,
    );
    const focused = (): Promise<string> =>
      shop.page.evaluate(
        `{ const { activeElement } = document.querySelector('#w').firstChild.shadowRoot; activeElement.textContent || activeElement.localName; }`,
      );
    const walked: string[] = [];
    for (const key of [
      'ArrowDown',
      'ArrowDown',
      'ArrowDown',
      'ArrowDown',
      'ArrowUp',
      'ArrowUp',
      'ArrowUp',
      'ArrowDown',
      'Escape',
    ]) {
      await shop.page.keyboard.press(key);
      walked.push(await focused());
    }
    const [r1, r2, r3] = ['result 1', 'result 2', 'result 3'];
    expect(walked).toEqual([r1, r2, r3, r3, r2, r1, 'input', r1, 'input']);
  });

  test.each<['light' | 'dark', string]>([
    ['light', 'auto'],
    ['dark', 'auto'],
    ['light', 'dark'],
    ['dark', 'light'],
  ])('has no fault of accessibility in a %s page with data-theme=%s', async (colorScheme, theme) => {
    const widget = `<main><h1>Shop</h1><div id="w"></div><div id="d"></div><script ${SRC} data-token="good" data-container="#w" data-theme="${theme}"></script><script ${SRC} data-token="${JWE}" data-container="#d" data-theme="${theme}"></script></main>`;
    await open(widget, { colorScheme });
    shop.answerGate((call) => (call.path.includes('dashboard') ? { body: dashboard } : searching('good')(call)));
    await shop.page.reload();
    await shop.page.getByRole('heading', { name: 'Sales' }).waitFor();
    await find();
    await shop.page.clock.resume();
    const found = await new AxeBuilder({ page: shop.page })
      .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
      .analyze();
    expect(found.violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  });

  test.each([
    ['de', 'Suche'],
    ['en-GB', 'Search'],
    ['xx', 'Search'],
  ])('speaks the language of the locale %s', async (locale, label) => {
    await open(
      `<div id="w"></div><script ${SRC} data-token="good" data-container="#w" data-locale="${locale}"></script>`,
    );
    expect(await shop.page.getByRole('searchbox', { name: label }).count()).toBe(1);
  });
});
