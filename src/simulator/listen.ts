import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Opens the port (0 picks a free one) on 127.0.0.1 and gives the base URL; rejects when it is taken. */
export async function listen(server: Server, port: number): Promise<string> {
  // Idle connections stay open as long as a real API server's, else a pausing client meets a reset.
  server.keepAliveTimeout = 120_000;
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Ends the server and every connection to it, in the middle of whatever passes. */
export const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
