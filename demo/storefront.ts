import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { GateClient } from './gate-client.ts';
import { foreignPage, type PageContext, portalPage, shopPage } from './pages.ts';

/** What the storefront needs to know once the gate is up. */
export interface Storefront {
  readonly gate: GateClient;
  readonly gateUrl: string;
}

type Answer = readonly [status: number, type: string, body: string];
type Route = (shop: Storefront, page: PageContext) => Promise<Answer> | Answer;

const html = (body: string): Answer => [200, 'text/html; charset=utf-8', body];
const json = (body: object, status = 200): Answer => [status, 'application/json', JSON.stringify(body)];
const file = (name: string, type: string): Route => {
  const text = readFileSync(join(import.meta.dirname, 'public', name), 'utf8');
  return () => [200, type, text];
};

const ROUTES: ReadonlyMap<string, Route> = new Map<string, Route>([
  ['/', async ({ gate }, page) => html(shopPage(page, await gate.widgetToken()))],
  ['/portal', (_shop, page) => html(portalPage(page))],
  ['/foreign', (_shop, page) => html(foreignPage(page))],
  ['/widget-token', async ({ gate }) => json({ token: await gate.widgetToken() })],
  ['/security-token', async ({ gate }) => json({ token: await gate.securityToken() })],
  ['/temp-token', async ({ gate }) => json({ token: await gate.tempToken() })],
  ['/try/expired', ({ gate }) => json({ token: gate.expiredToken() })],
  ['/try/revoked', async ({ gate }) => json(await gate.issueWithRevokedKey())],
  ['/shop.css', file('shop.css', 'text/css; charset=utf-8')],
  ['/shop.js', file('shop.js', 'text/javascript; charset=utf-8')],
  ['/foreign.js', file('foreign.js', 'text/javascript; charset=utf-8')],
]);

/** A server of the customer's, for `listen`. Whatever it is asked before `open`, it answers 503. */
export class StorefrontServer {
  readonly server = createServer((request, response) => void this.#serve(request, response));
  #shop: Storefront | undefined;

  open(shop: Storefront): void {
    this.#shop = shop;
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }

  async #serve({ url = '/', method, headers }: IncomingMessage, response: ServerResponse): Promise<void> {
    const shop = this.#shop;
    const port = /:(\d+)$/.exec(headers.host ?? '')?.[1] ?? '80';
    // A name that somebody else's server has and points to this machine, so that its pages may read what this one answers.
    const isOurs = OWN_NAMES.includes((headers.host ?? '').replace(/:\d+$/, ''));
    const page = { gateUrl: shop?.gateUrl ?? '', foreignUrl: `http://${FOREIGN_NAME}:${port}` };
    const [status, type, body] = isOurs
      ? await this.#answer(method, url.split('?')[0] ?? '/', page)
      : json({ message: 'This server has no such name.' }, 421);
    response.writeHead(status, {
      'Content-Type': type,
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'same-origin',
      'Content-Security-Policy': policy(page),
    });
    response.end(method === 'HEAD' ? undefined : body);
  }

  async #answer(method: string | undefined, path: string, page: PageContext): Promise<Answer> {
    const route = ROUTES.get(path);
    if (this.#shop === undefined) return json({ message: 'The gate is not up yet.' }, 503);
    if (route === undefined || (method !== 'GET' && method !== 'HEAD'))
      return json({ message: 'There is no such page.' }, 404);
    try {
      return await route(this.#shop, page);
    } catch (error) {
      return json({ message: error instanceof Error ? error.message : String(error) }, 502);
    }
  }
}

/** A name of this machine whose pages no stage allows by default, unlike those of localhost and 127.0.0.1. */
const FOREIGN_NAME = 'another-site.localhost';
const OWN_NAMES = ['localhost', '127.0.0.1', FOREIGN_NAME];

/** As strict as a shop's policy can be: the widget needs no exception but its script and the gate. */
const policy = ({ gateUrl, foreignUrl }: PageContext): string =>
  [
    "default-src 'none'",
    `script-src 'self' ${gateUrl}`,
    `connect-src 'self' ${gateUrl}`,
    "style-src 'self'",
    'img-src data:',
    `frame-src ${foreignUrl}`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
