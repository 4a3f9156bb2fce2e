import type { Agent, IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { setImmediate } from 'node:timers/promises';

function end(this: Duplex): void {
  this.destroy();
}

/**
 * An agent that ends a kept connection when it receives bytes that belong to no response. Callers share connections: the next call would
 * read those bytes as its own response, and every later call the response of the call before (RFC 9112 §9.2).
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
 * Resolves when the data on kept connections has been read: stray bytes, or their end. While Lambda freezes a function nothing is read, and
 * the next call would be sent first.
 */
export async function settled(agent: Agent): Promise<void> {
  if (Object.keys(agent.freeSockets).length > 0) await setImmediate();
}

/**
 * Whether a response has no body by its method or status (RFC 9112 §6.3) but announces one. A server that sends the body anyway may do so
 * at any time, so its connection must not be reused.
 */
export function mayLeaveBytes(method: string, { statusCode, headers }: IncomingMessage): boolean {
  const isBodiless = method === 'HEAD' || statusCode === 204 || statusCode === 304;
  const { 'content-length': length = '0', 'transfer-encoding': coding } = headers;
  return isBodiless && (coding !== undefined || Number(length) !== 0);
}
