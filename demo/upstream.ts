import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { articles, search } from './catalog.ts';

export interface RunningServer {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * The API behind the gate, operated by the provider of the widgets. It trusts the identity headers because only the gate can reach it,
 * which sets them itself; it links to the pages of the shop.
 */
export async function startDemoUpstream(shopUrl: string): Promise<RunningServer> {
  const server = createServer((request, response) => answer(request, response, shopUrl));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answer({ url = '/', headers }: IncomingMessage, response: ServerResponse, shopUrl: string): void {
  const [status, body] = read(url, headers, shopUrl);
  response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
  response.end(JSON.stringify(body));
}

function read(url: string, headers: IncomingHttpHeaders, shopUrl: string): readonly [status: number, body: object] {
  // Appended to the host, not resolved against it: a path such as `//` is not an address by itself.
  const { pathname, searchParams } = new URL(`http://upstream${url}`);
  if (pathname === '/search' && headers['x-shop-id'] !== undefined) {
    const results = search(searchParams.get('q') ?? '').map(({ sold, ...article }) => ({
      ...article,
      url: `${shopUrl}/#${encodeURIComponent(article.title)}`,
    }));
    return [200, { results }];
  }
  if (pathname === '/dashboard' && headers['x-user-id'] !== undefined) return [200, dashboard()];
  return [404, { code: 'not_found', message: 'The demo API has /search for shops and /dashboard for users.' }];
}

function dashboard(): object {
  const best = [...articles].sort((a, b) => b.sold - a.sold).slice(0, 6);
  const sold = articles.reduce((sum, article) => sum + article.sold, 0);
  return {
    title: 'Sales this month',
    figures: [
      { label: 'Sold', value: sold },
      { label: 'Articles', value: articles.length },
      { label: 'Best seller', value: best[0]?.title },
    ],
    series: { label: 'Sold by article', rows: best.map(({ title: label, sold: value }) => ({ label, value })) },
  };
}
