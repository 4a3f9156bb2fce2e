import type { Browser } from 'playwright-core';
import { describeInBrowser } from '../support/chromium.ts';
import { eventually, openWidgetPage, searching, type WidgetPage } from '../support/widget-page.ts';

const tag = (container: string, token = 'old'): string =>
  `<script src="http://gate.test/widget.js" data-token="${token}" data-token-url="/token" data-container="${container}"></script>`;
const ONE = `<div id="w"></div>${tag('#w')}`;
const TEN = Array.from({ length: 10 }, (_, at) => `<div id="w${at}"></div>${tag(`#w${at}`)}`).join('');
const BARE = '<div id="w"></div><script src="http://gate.test/widget.js"></script>';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describeInBrowser("a widget whose token is renewed by the page's own server", (launch) => {
  let browser: Browser;
  let shop: WidgetPage;
  beforeAll(async () => {
    browser = await launch();
  });
  afterEach(() => shop?.close());
  afterAll(() => browser?.close());

  const open = async (html = ONE): Promise<void> => {
    shop = await openWidgetPage(browser, { html });
  };
  const find = async (words: string, nth = 0): Promise<void> => {
    await shop.type(words, nth);
    await eventually(
      () => shop.results(nth),
      (results) => results.length > 0,
    );
  };
  const failWith = async (words: string, sentence: RegExp): Promise<void> => {
    await shop.type(words);
    await eventually(
      () => shop.status(),
      (status) => sentence.test(status),
    );
  };
  const names = async (): Promise<string[]> => (await shop.events()).map(({ name }) => name);
  const lastEvent = async () => (await shop.events()).at(-1);
  const takeCalls = (): { gate: number; tokenUrl: number } => {
    const counted = { gate: shop.gateCalls.length, tokenUrl: shop.tokenCalls.length };
    shop.gateCalls.length = 0;
    shop.tokenCalls.length = 0;
    return counted;
  };

  test('a call that the gate refuses in mid-flight is repeated once, with a new token', async () => {
    await open();
    await find('mug');
    expect(shop.gateCalls.map(({ headers }) => headers['x-widget-token'])).toEqual(['old', 'good']);
    expect(shop.tokenCalls).toHaveLength(1);
    expect(await names()).toEqual(['ready', 'token:refresh']);
    await find('mugs');
    expect(shop.tokenCalls).toHaveLength(1);
  });

  test('a call that is refused with the new token, too, is not repeated again', async () => {
    await open();
    shop.answerGate(searching());
    await failWith('mug', /Session expired/);
    expect(takeCalls()).toEqual({ gate: 2, tokenUrl: 1 });
    expect(await lastEvent()).toMatchObject({ name: 'token:expired', detail: { code: 'unauthorized', status: 401 } });
  });

  test('ten widgets of a page share one refresh', async () => {
    await open(TEN);
    const given: (() => void)[] = [];
    shop.answerTokenUrl(() => new Promise((resolve) => given.push(() => resolve({ body: { token: 'good' } }))));
    for (let at = 0; at < 10; at += 1) await shop.type('mug', at);
    await eventually(
      async () => given.length,
      (asked) => asked === 1,
    );
    for (const give of given) give();
    for (let at = 0; at < 10; at += 1)
      await eventually(
        () => shop.results(at),
        (results) => results.length > 0,
      );
    expect(takeCalls()).toEqual({ gate: 11, tokenUrl: 1 });
  });

  test('a page that slept for days gets a new token by itself', async () => {
    await open();
    await find('mug');
    shop.answerGate(searching('new'));
    shop.answerTokenUrl(() => ({ body: { token: 'new' } }));
    await shop.page.clock.fastForward(3 * 24 * HOUR);
    await find('mugs');
    await eventually(names, (all) => all.filter((name) => name === 'token:refresh').length === 2);
    expect(takeCalls()).toEqual({ gate: 4, tokenUrl: 2 });
  });

  test.each([
    ['ahead', HOUR],
    ['behind', -HOUR],
  ])('a clock that is set an hour %s stops nothing', async (_name, shift) => {
    await open();
    shop.answerTokenUrl(() => ({ status: 500 }));
    await failWith('mug', /Not available right now/);
    await shop.page.clock.setSystemTime(Date.now() + shift);
    shop.answerTokenUrl(() => ({ body: { token: 'good' } }));
    await find('mugs');
  });

  test('an offline page says so, and goes on when it is back', async () => {
    await open();
    shop.answerGate(() => 'fail');
    await shop.page.context().setOffline(true);
    await failWith('mug', /You are offline/);
    expect(await lastEvent()).toMatchObject({ name: 'error', detail: { code: 'offline', retryable: true } });
    shop.answerGate(searching('good'));
    await shop.page.context().setOffline(false);
    await eventually(
      () => shop.results(),
      (results) => results.length > 0,
    );
  });

  test.each<[string, { status?: number; body?: object | string } | 'fail']>([
    ['answers 500', { status: 500 }],
    ['answers HTML', { body: '<h1>Log in</h1>' }],
    ['answers JSON without a token', { body: { error: 'no' } }],
    ['answers with something else as a token', { body: { token: { a: 1 } } }],
    ['breaks off', 'fail'],
  ])('a token URL that %s is asked once in a while, not with every key', async (_name, answer) => {
    await open();
    // Else the pause is over before the words are typed, where the machine is slow.
    await shop.page.clock.pauseAt(Date.now() + MINUTE);
    shop.answerTokenUrl(() => answer);
    await failWith('mug', /Not available right now/);
    expect(await lastEvent()).toMatchObject({ name: 'error', detail: { code: 'token_url_failed', retryable: true } });
    for (const words of ['m', 'mu', 'mug']) await failWith(words, /Not available right now/);
    expect(takeCalls()).toEqual({ gate: 1, tokenUrl: 1 });
    for (let minute = 0; minute < 20; minute += 1) {
      await shop.page.clock.fastForward(10_000);
      await shop.type(`mug ${minute}`);
      await eventually(
        () => shop.status(),
        (status) => /Not available/.test(status),
      );
    }
    expect(takeCalls().tokenUrl).toBeLessThan(10);
    shop.answerTokenUrl(() => ({ body: { token: 'good' } }));
    await shop.page.clock.fastForward(2 * MINUTE);
    await find('mug again');
  });

  test('a token URL that hangs is given up', async () => {
    await open();
    shop.answerTokenUrl(() => 'hang');
    await shop.type('mug');
    await eventually(
      async () => shop.tokenCalls.length,
      (calls) => calls === 1,
    );
    await shop.page.clock.runFor(16_000);
    await eventually(
      () => shop.status(),
      (status) => /Not available right now/.test(status),
    );
    expect(await lastEvent()).toMatchObject({ detail: { code: 'token_url_failed', retryable: true } });
  });

  test('a token URL that gives the refused token again is not believed', async () => {
    await open();
    shop.answerTokenUrl(() => ({ body: { token: 'old' } }));
    await failWith('mug', /Session expired/);
    expect(await lastEvent()).toMatchObject({ name: 'error', detail: { code: 'token_url_stale', retryable: true } });
    expect(takeCalls()).toEqual({ gate: 1, tokenUrl: 1 });
  });

  test.each([401, 403])('a host that logged out (%d) is not asked again until the page says so', async (status) => {
    await open(BARE);
    await shop.mount({ token: 'old', tokenUrl: '/token' });
    shop.answerTokenUrl(() => ({ status }));
    await failWith('mug', /Session expired/);
    expect(await lastEvent()).toMatchObject({
      name: 'token:expired',
      detail: { code: 'signed_out', retryable: false },
    });
    takeCalls();
    for (const words of ['m', 'mu', 'mug']) await failWith(words, /Session expired/);
    await shop.page.clock.fastForward(24 * HOUR);
    await failWith('mugs', /Session expired/);
    expect(takeCalls()).toEqual({ gate: 0, tokenUrl: 0 });
    shop.answerTokenUrl(() => ({ body: { token: 'good' } }));
    await shop.page.evaluate('mounted.refresh()');
    await eventually(
      () => shop.results(),
      (results) => results.length > 0,
    );
  });

  test('a widget that is removed while it calls says and shows nothing any more', async () => {
    await open(BARE);
    await shop.mount({ token: 'good' });
    let release = (): void => undefined;
    shop.answerGate(() => new Promise((resolve) => (release = () => resolve({ status: 403, body: { code: 'x' } }))));
    await shop.type('mug');
    await eventually(
      async () => shop.gateCalls.length,
      (calls) => calls === 1,
    );
    await shop.page.evaluate('mounted.destroy()');
    release();
    await shop.page.clock.runFor(20_000);
    expect(await names()).toEqual(['ready']);
    expect(await shop.page.evaluate('document.querySelector("#w").childElementCount')).toBe(0);
  });

  test('a page that comes back from the back/forward cache goes on where a call was lost', async () => {
    await open();
    shop.answerGate(() => 'fail');
    await failWith('mug', /Not available right now/);
    shop.answerGate(searching('good'));
    await shop.page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))");
    await eventually(
      () => shop.results(),
      (results) => results.length > 0,
    );
  });

  test('an answer to earlier words is never shown under later ones', async () => {
    await open();
    await find('mug');
    let release = (): void => undefined;
    shop.answerGate(({ path }) =>
      path.endsWith('slow')
        ? new Promise((resolve) => (release = () => resolve({ body: { results: [{ title: 'slow' }] } })))
        : { body: { results: [{ title: 'fast', url: '/f' }] } },
    );
    await shop.type('slow');
    await shop.type('fast');
    await eventually(
      () => shop.results(),
      ([title]) => title === 'fast',
    );
    release();
    await shop.page.clock.runFor(1_000);
    expect(await shop.results()).toEqual(['fast']);
  });
});
