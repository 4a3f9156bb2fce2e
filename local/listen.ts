import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

class PortInUseError extends Error {
  override readonly name = 'PortInUseError';
}

/** Listens on 127.0.0.1 and returns the port. Throws `PortInUseError`, which names the option that chooses another. */
export function listen(server: Server, port: number, option: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const inUse = error.code === 'EADDRINUSE';
      const text = `port ${port} on 127.0.0.1 is in use; stop the process that uses it, or choose another port with ${option}`;
      reject(inUse ? new PortInUseError(text) : error);
    });
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}
