import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HangingUpstream {
  readonly url: string;
  /** How many calls have reached it so far. */
  calls(): number;
  /** Answers what it holds, and from now on every call at once. */
  recover(): void;
  close(): Promise<void>;
}

/** A server that takes every call and answers none, until it recovers. */
export async function startHangingUpstream(): Promise<HangingUpstream> {
  let calls = 0;
  let hangs = true;
  const held = new Set<ServerResponse>();
  const answer = (response: ServerResponse): void => {
    response.writeHead(200, { 'Content-Type': 'application/json' }).end('{"from":"upstream"}');
  };
  const server = createServer((request, response) => {
    calls += 1;
    request.resume();
    if (!hangs) return answer(response);
    held.add(response);
    response.once('close', () => held.delete(response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: () => calls,
    recover: () => {
      hangs = false;
      for (const response of held) answer(response);
    },
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
