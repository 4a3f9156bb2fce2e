import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FakeAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object | string;
}

/** What was asked: `POST /admin/api/login` with its body and headers. */
export interface Asked {
  readonly call: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface FakeGate {
  readonly baseUrl: string;
  readonly asked: Asked[];
  close(): Promise<void>;
}

/** A server on 127.0.0.1 that answers as specified: what a hostile, a broken or a busy gate does. */
export async function startFakeGate(answer: (asked: Asked, nth: number) => FakeAnswer): Promise<FakeGate> {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    asked.push({ call: `${request.method} ${request.url}`, headers: request.headers, body });
    const { status, headers = {}, body: answered = '' } = answer(asked.at(-1) as Asked, asked.length);
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
    response.end(typeof answered === 'string' ? answered : JSON.stringify(answered));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
