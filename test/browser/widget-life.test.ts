import type { Browser } from 'playwright-core';
import { describeInBrowser } from '../support/chromium.ts';
import { eventually, openWidgetPage, type PageOptions, searching, type WidgetPage } from '../support/widget-page.ts';

const SRC = 'src="http://gate.test/widget.js"';
const BARE = `<div id="w"></div><div id="w2"></div><script ${SRC}></script>`;
const TEMP_TOKEN = 'T'.repeat(43);
const rest = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 300));

describeInBrowser('the life of a widget', (launch) => {
  let browser: Browser;
  let shop: WidgetPage;
  beforeAll(async () => {
    browser = await launch();
  });
  afterEach(() => shop?.close());
  afterAll(() => browser?.close());

  const open = async (html = BARE, more: Partial<PageOptions> = {}): Promise<void> => {
    shop = await openWidgetPage(browser, { html, ...more });
  };
  const run = (script: string): Promise<unknown> => shop.page.evaluate(script);
  const boxes = (): Promise<number> => shop.page.getByRole('searchbox').count();
  const names = async (): Promise<string[]> => (await shop.events()).map(({ name }) => name);
  const found = (nth = 0): Promise<string[]> =>
    eventually(
      () => shop.results(nth),
      (results) => results.length > 0,
    );
  const says = (sentence: RegExp): Promise<string> =>
    eventually(
      () => shop.status(),
      (status) => sentence.test(status),
    );

  test('many that ask for a refresh at a time get the same, also where the token URL gives the same token again', async () => {
    await open();
    await shop.mount({ token: 'good', tokenUrl: '/token' });
    await run(
      `{ window.other = Widget.mount(document.querySelector('#w2'), { apiUrl: 'http://gate.test', token: 'good', tokenUrl: '/token' }); }`,
    );
    for (const nth of [0, 1]) await shop.type('mug', nth);
    await run('Promise.all([mounted, other, mounted].map((each) => each.refresh()))');
    expect(shop.tokenCalls).toHaveLength(1);
    expect(await names()).not.toContain('error');
  });

  test('a new token is taken by widgets that share a refresh, after the host logged out', async () => {
    await open();
    shop.answerTokenUrl(() => ({ status: 401 }));
    await shop.mount({ token: 'old', tokenUrl: '/token' });
    await run(
      `{ Widget.mount(document.querySelector('#w2'), { apiUrl: 'http://gate.test', token: 'old', tokenUrl: '/token' }); }`,
    );
    await shop.type('mug');
    await says(/Session expired/);
    await run("mounted.update({ token: 'good' })");
    await found();
  });

  test('an update keeps what was typed, and the token that was renewed', async () => {
    await open();
    await shop.mount({ token: 'old', tokenUrl: '/token' });
    await shop.type('mug');
    await found();
    await run("mounted.update({ theme: 'dark' })");
    await found();
    expect(await shop.page.getByRole('searchbox').inputValue()).toBe('mug');
    expect(shop.tokenCalls).toHaveLength(1);
  });

  test('an update takes another spelling for the same option', async () => {
    await open();
    await shop.mount({ qvToken: 'bad', view: 'search' });
    await run("mounted.update({ token: 'good' })");
    await shop.type('mug');
    await found();
  });

  test('a session outlives an update and a refresh without a token URL', async () => {
    await open();
    let exchanges = 0;
    shop.answerGate(({ method }) => {
      if (method === 'OPTIONS') return {};
      if (method !== 'POST') return { body: { title: 'Sales' } };
      exchanges += 1;
      return exchanges === 1 ? { body: { token: 'session' } } : { status: 401, body: { code: 'unauthorized' } };
    });
    await shop.mount({ token: TEMP_TOKEN });
    await shop.page.getByRole('heading', { name: 'Sales' }).waitFor();
    await run("mounted.update({ theme: 'dark' })");
    await run('mounted.refresh()');
    await rest();
    expect([exchanges, (await names()).filter((name) => name !== 'ready')]).toEqual([1, []]);
  });

  test('a spent temp token of a page that was kept gives way to one of the token URL', async () => {
    await open();
    const given = 'G'.repeat(43);
    shop.answerTokenUrl(() => ({ body: { token: given } }));
    shop.answerGate(({ method, headers }) => {
      if (method !== 'POST') return { body: { title: 'Sales' } };
      return headers.authorization === given
        ? { body: { token: 'session' } }
        : { status: 401, body: { code: 'unauthorized' } };
    });
    await shop.mount({ token: TEMP_TOKEN, tokenUrl: '/token', auth: 'header' });
    await shop.page.getByRole('heading', { name: 'Sales' }).waitFor();
    expect(shop.tokenCalls).toHaveLength(1);
  });

  test('a token URL whose every new token the gate refuses is left alone for longer and longer', async () => {
    await open();
    let serial = 0;
    shop.answerTokenUrl(() => {
      serial += 1;
      return { body: { token: `new-${serial}` } };
    });
    shop.answerGate(searching());
    await shop.mount({ token: 'old', tokenUrl: '/token' });
    for (let at = 0; at < 12; at += 1) {
      await shop.type(`mug ${at}`);
      await says(/Session expired/);
      await shop.page.clock.fastForward(5_000);
    }
    expect(shop.tokenCalls.length).toBeLessThan(8);
  });

  test('being offline for long is not held against the token URL', async () => {
    await open();
    shop.answerTokenUrl(() => 'fail');
    await shop.mount({ token: '', tokenUrl: '/token' });
    await shop.page.context().setOffline(true);
    for (const words of ['m', 'mu', 'mug']) {
      await shop.type(words);
      await says(/You are offline/);
    }
    shop.answerTokenUrl(() => ({ body: { token: 'good' } }));
    await shop.page.context().setOffline(false);
    await found();
  });

  test('words that others replaced while the token was fetched are never sent', async () => {
    await open();
    let give = (): void => undefined;
    shop.answerTokenUrl(() => new Promise((resolve) => (give = () => resolve({ body: { token: 'good' } }))));
    await shop.mount({ tokenUrl: '/token' });
    for (const words of ['m', 'mu', 'mug']) await shop.type(words);
    give();
    await found();
    expect(shop.gateCalls.map(({ path }) => path)).toEqual(['/api/widget/search?q=mug']);
  });

  test.each([
    [
      'typed words wait',
      "document.querySelector('#w').firstChild.shadowRoot.querySelector('input').dispatchEvent(new Event('input')); gone.destroy()",
    ],
    ['it is updated', "gone.destroy(); gone.update({ theme: 'dark' })"],
    ['it is refreshed', 'gone.destroy(); gone.refresh()'],
  ])('a widget that was removed stays silent when %s', async (_name, script) => {
    await open();
    await shop.mount({ token: 'good' });
    await shop.type('mug');
    await found();
    const told = await names();
    shop.gateCalls.length = 0;
    await run(`{ window.gone = mounted; ${script}; }`);
    await shop.page.clock.runFor(1_000);
    await rest();
    expect([shop.gateCalls, await names(), await boxes()]).toEqual([[], told, 0]);
  });

  test('removing a widget twice leaves its successor alone', async () => {
    await open();
    await shop.mount({ token: 'good' });
    await run('{ window.first = mounted; first.destroy(); }');
    await shop.mount({ token: 'good' });
    await run('first.destroy()');
    await shop.mount({ token: 'good' });
    expect(await boxes()).toBe(1);
  });

  test('a container that the page emptied is filled again', async () => {
    await open();
    await shop.mount({ token: 'good' });
    await run("document.querySelector('#w').replaceChildren()");
    await shop.mount({ token: 'good' });
    expect(await boxes()).toBe(1);
  });

  test('a callback that throws stops neither the others nor the widget', async () => {
    await open();
    await shop.mount({ token: 'old', tokenUrl: '/token' });
    await run(
      `for (const does of [() => { throw new Error('of the page'); }, () => (window.called = true)]) mounted.on('token:refresh', does)`,
    );
    await shop.type('mug');
    await found();
    expect(await run('called')).toBe(true);
  });

  test.each([
    ['an invalid selector', `<script ${SRC} data-token="good" data-container="#1"></script>`],
    ['a script of somebody else that has a token', '<script src="/other.js" data-token="x"></script>'],
    ['an element named currentScript', '<img name="currentScript" alt="" data-token="x">'],
  ])('is not hindered by %s', async (_name, html) => {
    await open(`${html}<div id="w"></div><script ${SRC} data-token="good" data-container="#w"></script>`);
    expect(await boxes()).toBe(1);
    await shop.type('mug');
    await found();
  });

  test('calls no address that an element in place of currentScript names', async () => {
    const clobber = '<img name="currentScript" alt="" src="http://evil.test/x">';
    await open(`${clobber}<div id="w"></div><script ${SRC}></script>`);
    const called: string[] = [];
    shop.page.on('request', (request) => called.push(new URL(request.url()).host));
    await run("{ Widget.mount(document.querySelector('#w'), { token: 'good' }); }");
    await shop.type('mug');
    await rest();
    expect(called).toEqual(['shop.test']);
  });

  test.each([
    ['qv_token', { qv_token: 'a.b.c.d.e', domain: 'http://gate.test' }],
    ['api_key', { api_key: 'k', domain: 'http://gate.test' }],
  ])('takes a config object with %s alone', async (_name, config) => {
    await open(`<script ${SRC}></script>`, { inline: `var config = ${JSON.stringify(config)};` });
    shop.answerGate(() => ({ body: { title: 'Sales' } }));
    await shop.page.reload();
    await shop.page.getByRole('heading', { name: 'Sales' }).waitFor();
  });

  test('data-debug needs no value', async () => {
    await open(`<div id="w"></div><script ${SRC} data-token="good" data-container="#w" data-debug></script>`);
    const said: string[] = [];
    shop.page.on('console', (message) => said.push(message.text()));
    await shop.type('mug');
    await found();
    expect(said).toEqual(['[widget] read /api/widget/search?q=mug']);
  });

  test('results that are invalid are left out', async () => {
    await open();
    shop.answerGate(() => ({ body: { results: [null, { title: { toString: 1 } }, { title: 'fine', url: '/fine' }] } }));
    await shop.mount({ token: 'good' });
    await shop.type('mug');
    expect(await found()).toEqual(['fine']);
  });

  test('a dashboard shows what of its rows is there', async () => {
    await open();
    const rows = [null, { label: 'Mug' }, { label: 'Cup', value: { valueOf: 1, toString: 1 } }];
    shop.answerGate(() => ({ body: { title: 'Sales', figures: rows, series: { label: 'x', rows } } }));
    await shop.mount({ token: 'a.b.c.d.e' });
    await shop.page.getByRole('heading', { name: 'Sales' }).waitFor();
    expect(await shop.page.getByRole('row').allTextContents()).toEqual(['Mug', 'Cup']);
  });

  test('a probe of the session that fails is reported as what it is, not as a cookie that is blocked', async () => {
    await open();
    const headers = {
      'Access-Control-Allow-Origin': 'http://shop.test',
      'Access-Control-Allow-Credentials': 'true',
      'Access-Control-Allow-Headers': 'authorization,x-requested-with',
    };
    shop.answerGate(({ method }) =>
      method === 'GET' ? { status: 503, body: { code: 'service_unavailable' }, headers } : { headers },
    );
    await shop.mount({ token: TEMP_TOKEN, auth: 'cookie' });
    const event = await eventually(
      async () => (await shop.events()).at(-1),
      (last) => last !== undefined,
    );
    expect(event).toMatchObject({ name: 'error', detail: { code: 'service_unavailable', retryable: true } });
  });
});
