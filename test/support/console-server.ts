import { existsSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import type { RunningGate } from './gate.ts';

const WEB = join(import.meta.dirname, '../../dist/web');

export interface RunningConsole {
  readonly adminUrl: string;
  close(): Promise<void>;
}

const TYPES = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
]);

const SECURITY_HEADERS = {
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self' data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; '),
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
};

/** Serves the console as it is deployed, from one origin with the API of a running gate. */
export async function startConsole({ host: { baseUrl } }: RunningGate): Promise<RunningConsole> {
  const server = createServer((message, response) => {
    const { pathname } = new URL(message.url ?? '/', baseUrl);
    if (/^\/(admin\/)?api\//.test(pathname)) forward(message, response, baseUrl);
    else serve(pathname === '/admin/' ? '/admin/index.html' : pathname, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    adminUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/admin/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** With its own Host, which the gate compares with the Origin. */
function forward(message: IncomingMessage, response: ServerResponse, baseUrl: string): void {
  const { hostname, port } = new URL(baseUrl);
  const { method, url: path, rawHeaders: headers } = message;
  const call = request({ hostname, port, method, path, headers, setHost: false }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
    answer.pipe(response);
  });
  call.on('error', () => response.destroy());
  message.pipe(call);
}

function serve(pathname: string, response: ServerResponse): void {
  const file = join(WEB, pathname);
  const found = file.startsWith(WEB) && extname(file) !== '' && existsSync(file);
  response.writeHead(found ? 200 : 404, {
    ...SECURITY_HEADERS,
    'Content-Type': TYPES.get(extname(file)) ?? 'application/octet-stream',
  });
  response.end(found ? readFileSync(file) : undefined);
}
