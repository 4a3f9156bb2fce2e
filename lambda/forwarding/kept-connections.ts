import type { Agent, IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { setImmediate } from 'node:timers/promises';

function end(this: Duplex): void {
  this.destroy();
}

/**
 * An agent that ends a kept connection when bytes come on it that answer no call. Callers share connections: the next call would take those
 * bytes for its own answer, and every later call the answer of the one before (RFC 9112 §9.2).
 */
export function endedByStrayBytes<Kept extends Agent>(agent: Kept): Kept {
  const { keepSocketAlive, reuseSocket } = agent;
  agent.keepSocketAlive = (socket) => {
    socket.on('data', end);
    return keepSocketAlive.call(agent, socket);
  };
  agent.reuseSocket = (socket, request) => {
    socket.off('data', end);
    reuseSocket.call(agent, socket, request);
  };
  return agent;
}

/**
 * Resolves when what has come on kept connections is known: stray bytes, or their end. While Lambda freezes a function nothing is read, and
 * the next call would go out first.
 */
export async function settled(agent: Agent): Promise<void> {
  if (Object.keys(agent.freeSockets).length > 0) await setImmediate();
}

/**
 * Whether a response has no body by its method or status (RFC 9112 §6.3) but announces one. A server that sends it all the same does so at any
 * time, so its connection is good for no other call.
 */
export function mayLeaveBytes(method: string, { statusCode, headers }: IncomingMessage): boolean {
  const isBodiless = method === 'HEAD' || statusCode === 204 || statusCode === 304;
  const { 'content-length': length = '0', 'transfer-encoding': coding } = headers;
  return isBodiless && (coding !== undefined || Number(length) !== 0);
}
