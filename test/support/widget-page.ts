import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Browser, Page, Route } from 'playwright-core';
import type { WidgetFailure, WidgetOptions } from '#web/widget/widget.d.ts';
import { openPage } from './chromium.ts';

export const SHOP = 'http://shop.test';
export const GATE = 'http://gate.test';
const script = readFileSync(join(import.meta.dirname, '../../dist/web/widget.js'), 'utf8');

/** The strictest policy that a shop can have. */
const POLICY = [
  "default-src 'none'",
  `script-src 'self' ${GATE}`,
  `connect-src 'self' ${GATE}`,
  "style-src 'self'",
  'img-src data:',
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

export interface Answer {
  readonly status?: number;
  readonly body?: object | string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One call that the page made, of the gate or of its own server. */
export interface PageCall {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

type Answering = (call: PageCall) => Answer | 'hang' | 'fail' | Promise<Answer | 'hang' | 'fail'>;

/** A shop's page with a gate and a server that a test plays, in a browser whose clock it may move. */
export interface WidgetPage {
  readonly page: Page;
  readonly complaints: readonly string[];
  /** Calls of the gate and of the shop's token URL since the last look. */
  readonly gateCalls: PageCall[];
  readonly tokenCalls: PageCall[];
  answerGate(answering: Answering): void;
  answerTokenUrl(answering: Answering): void;
  /** Mounts a widget at `#w` by script, as the page's own `mounted`. */
  mount(options: WidgetOptions): Promise<void>;
  /** Events of all widgets so far, by name. */
  events(): Promise<{ readonly name: string; readonly detail: Partial<WidgetFailure> }[]>;
  type(words: string, nth?: number): Promise<void>;
  /** What the widget's status line says. */
  status(nth?: number): Promise<string>;
  results(nth?: number): Promise<string[]>;
  close(): Promise<void>;
}

export interface PageOptions {
  /** The content of the body. */
  readonly html: string;
  /** The content of the head, before everything else. */
  readonly head?: string;
  /** The page's own script, as a file: its policy allows no other. */
  readonly inline?: string;
  readonly colorScheme?: 'light' | 'dark';
  /** @default the strictest that a shop can have */
  readonly policy?: string;
}

/** By what token the gate lets a call of `searching` pass. */
export const searching =
  (...good: string[]): Answering =>
  ({ headers }) =>
    good.includes(headers['x-widget-token'] ?? '')
      ? {
          body: { results: [{ title: 'Stoneware mug', text: '35 cl', price: '€ 14.00', url: 'http://shop.test/mug' }] },
        }
      : { status: 401, body: { code: 'unauthorized', message: 'Get a new token.', requestId: 'r-1' } };

export async function openWidgetPage(
  browser: Browser,
  { html, head = '', inline = '', colorScheme, policy = POLICY }: PageOptions,
): Promise<WidgetPage> {
  const { page, complaints, close } = await openPage(browser, colorScheme ? { colorScheme } : {});
  await page.clock.install();
  const gateCalls: PageCall[] = [];
  const tokenCalls: PageCall[] = [];
  let gate: Answering = searching('good');
  let tokenUrl: Answering = () => ({ body: { token: 'good' } });
  const listen = `
    window.heard = [];
    for (const name of ['ready', 'token:refresh', 'token:expired', 'denied', 'error'])
      addEventListener('widget:' + name, (event) => { heard.push({ name, detail: event.detail }); if (!window.deaf) event.preventDefault(); });
    ${inline}`;
  const document = `<!doctype html><html lang="en"><head><title>Shop</title><script src="/listen.js"></script>${head}</head><body>${html}</body></html>`;
  await page.route(`${SHOP}/**`, (route) => {
    const path = new URL(route.request().url()).pathname;
    if (path === '/listen.js') return route.fulfill({ contentType: 'text/javascript', body: listen });
    if (path === '/token') return answer(route, tokenCalls, tokenUrl);
    return route.fulfill({ contentType: 'text/html', body: document, headers: { 'Content-Security-Policy': policy } });
  });
  await page.route(`${GATE}/**`, (route) => {
    if (route.request().url() === `${GATE}/widget.js`)
      return route.fulfill({ contentType: 'text/javascript', body: script });
    return answer(route, gateCalls, gate);
  });
  await page.goto(SHOP);
  // From here on time passes when a test says so.
  await page.clock.pauseAt(Date.now() + 60_000);
  const box = (nth: number) => page.getByRole('searchbox').nth(nth);
  return {
    page,
    complaints,
    gateCalls,
    tokenCalls,
    answerGate(answering) {
      gate = answering;
    },
    answerTokenUrl(answering) {
      tokenUrl = answering;
    },
    async mount(options) {
      const stated = JSON.stringify({ apiUrl: GATE, ...options });
      await page.evaluate(`{ window.mounted = Widget.mount(document.querySelector('#w'), ${stated}); }`);
    },
    events: () => page.evaluate('window.heard'),
    async type(words, nth = 0) {
      await box(nth).fill(words);
      await page.clock.runFor(200);
    },
    status: async (nth = 0) => (await page.getByRole('status').nth(nth).textContent()) ?? '',
    results: (nth = 0) => page.getByRole('search').nth(nth).getByRole('link').allTextContents(),
    close,
  };
}

/** Waits until something holds, for five seconds at most; the browser's clock may be frozen meanwhile. */
export async function eventually<Value>(look: () => Promise<Value>, holds: (value: Value) => boolean): Promise<Value> {
  for (let attempt = 0; ; attempt += 1) {
    const value = await look();
    if (holds(value)) return value;
    if (attempt === 100) throw new Error(`it still was ${JSON.stringify(value)}`);
    await setTimeout(50);
  }
}

async function answer(route: Route, calls: PageCall[], answering: Answering): Promise<void> {
  const request = route.request();
  const { pathname, search } = new URL(request.url());
  const call = {
    method: request.method(),
    path: pathname + search,
    headers: request.headers(),
    body: request.postData(),
  };
  calls.push(call);
  const given = await answering(call);
  if (given === 'hang') return;
  if (given === 'fail') return route.abort('connectionreset');
  const { status = 200, body = {}, headers = {} } = given;
  await route
    .fulfill({
      status,
      contentType: 'application/json',
      headers: { 'Access-Control-Allow-Origin': '*', 'Access-Control-Expose-Headers': '*', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
    // The page may have left meanwhile.
    .catch(() => undefined);
}
