import { createServer, type IncomingMessage, type RequestListener, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RunningGate } from './gate.ts';

export interface StreamingUpstream {
  readonly url: string;
  /** What every call gets from now on. */
  respondWith(listener: RequestListener): void;
  close(): Promise<void>;
}

/** A server whose every step is the test's. */
export async function startStreamingUpstream(): Promise<StreamingUpstream> {
  let listener: RequestListener = (_request, response) => response.end();
  const server: Server = createServer((call, response) => {
    response.on('error', () => undefined);
    listener(call, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    respondWith: (next) => {
      listener = next;
    },
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** Calls the gate and resolves with the head; the body is still to be read. */
export function openStream(
  gate: RunningGate,
  path: string,
  headers: Readonly<Record<string, string>>,
  method = 'GET',
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const call = request(`${gate.host.baseUrl}${path}`, { method, headers, agent: false });
    call.on('response', (message) => {
      // A cut is seen by who reads.
      message.on('error', () => undefined);
      resolve(message);
    });
    call.on('error', reject);
    call.end();
  });
}

/** What came, and whether the response was whole. */
export async function readToEnd(message: IncomingMessage): Promise<{ readonly text: string; readonly whole: boolean }> {
  let text = '';
  try {
    for await (const chunk of message) text += String(chunk);
  } catch {
    return { text, whole: false };
  }
  return { text, whole: message.complete };
}
