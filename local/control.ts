import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type ControlAnswer, refuse } from './control-answer.ts';
import { routeControl } from './control-routes.ts';
import type { Host } from './host.ts';

/** The operator's door to a running local host. */
export interface Control {
  readonly address: string;
  /** Takes the way in away, lets calls in flight end, for ten seconds at most, then stops. */
  close(): Promise<void>;
}

const MAX_BODY_BYTES = 64 * 1_024;
const CLOSE_MILLISECONDS = 10_000;

/**
 * Opens the control endpoint on 127.0.0.1 and writes how to reach it to `<dataDirectory>/control.json`, for its owner only: whoever reads
 * that file administers the gate. Throws inside Lambda, where it would be a back door.
 */
export async function startControl(host: Host, dataDirectory: string, stage: string): Promise<Control> {
  if (process.env.AWS_LAMBDA_FUNCTION_NAME !== undefined)
    throw new Error('the control endpoint does not run inside Lambda');
  const secret = randomBytes(32).toString('base64url');
  const server = createServer((request, response) => void serve(host, secret, request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const file = join(dataDirectory, 'control.json');
  rmSync(`${file}.new`, { force: true });
  writeFileSync(`${file}.new`, JSON.stringify({ address, secret, baseUrl: host.baseUrl, stage }), {
    mode: 0o600,
    flag: 'wx',
  });
  renameSync(`${file}.new`, file);
  return { address, close: () => close(server, file) };
}

function close(server: Server, file: string): Promise<void> {
  rmSync(file, { force: true });
  const cutOff = setTimeout(() => server.closeAllConnections(), CLOSE_MILLISECONDS);
  return new Promise((resolve) => {
    server.close(() => {
      clearTimeout(cutOff);
      resolve();
    });
  });
}

async function serve(host: Host, secret: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { status, body } =
    refuseStranger(request, secret) ?? (await answer(host, request).catch(() => refuse(500, 'failed', 'It failed.')));
  const headers = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' };
  response.writeHead(status, { ...headers, ...(!request.complete && { Connection: 'close' }) });
  response.end(JSON.stringify(body));
}

/** A page that rebinds its name to 127.0.0.1 sends its own Host, one that just tries sends its Origin; neither knows the secret. */
function refuseStranger({ headersDistinct, socket }: IncomingMessage, secret: string): ControlAnswer | undefined {
  const { host, origin, authorization } = headersDistinct;
  if (!isOnly(host, `127.0.0.1:${socket.localPort}`))
    return refuse(403, 'foreign_host', 'The Host header is not this address.');
  if (origin !== undefined) return refuse(403, 'foreign_origin', 'Web pages are not served.');
  if (!isOnly(authorization, `Bearer ${secret}`))
    return refuse(401, 'unauthorized', 'The bearer secret of control.json is missing or not this one.');
  return undefined;
}

/** Compared in constant time, and only where the header came once. */
const isOnly = (values: readonly string[] | undefined, expected: string): boolean =>
  values?.length === 1 &&
  timingSafeEqual(hash('sha256', values[0] as string, 'buffer'), hash('sha256', expected, 'buffer'));

async function answer(host: Host, request: IncomingMessage): Promise<ControlAnswer> {
  const text = await readBody(request);
  if (text === undefined) return refuse(413, 'request_too_large', `The body is larger than ${MAX_BODY_BYTES} bytes.`);
  return routeControl(host, `${request.method} ${request.url}`, text);
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  // Left without being read to its end: the connection must not be destroyed before it is answered.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
