import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A call as an upstream got it. */
export interface UpstreamCall {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** Names and values by turns, as they came. */
  readonly rawHeaders: readonly string[];
  readonly body: string;
  readonly bytes: Buffer;
}

export interface UpstreamAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Buffer;
  /** Cuts the connection in place of an answer. */
  readonly breaksOff?: boolean;
}

export type Answering = (call: UpstreamCall) => UpstreamAnswer;

export interface Upstream {
  readonly url: string;
  /** What came since the last look. */
  takeCalls(): UpstreamCall[];
  /** What every call is answered from now on, or by which each is. */
  answerWith(answer: UpstreamAnswer | Answering): void;
  close(): Promise<void>;
}

/** A server behind the gate, which keeps what it was sent. */
export async function startUpstream(): Promise<Upstream> {
  let calls: UpstreamCall[] = [];
  let answering: Answering = () => ({});
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = '', url = '', headers, rawHeaders } = request;
    const bytes = Buffer.concat(chunks);
    const call = { method, url, headers, rawHeaders, body: bytes.toString(), bytes };
    calls.push(call);
    const answer = answering(call);
    if (answer.breaksOff) return void request.socket.destroy();
    response.writeHead(answer.status ?? 200, { 'Content-Type': 'application/json', ...(answer.headers as object) });
    response.end(answer.body ?? '{"from":"upstream"}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    takeCalls: () => {
      const taken = calls;
      calls = [];
      return taken;
    },
    answerWith: (next) => {
      answering = typeof next === 'function' ? next : () => next;
    },
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
