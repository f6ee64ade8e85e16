import { once } from 'node:events';
import type { Server, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

/** What goes wrong between a client and a server, from the next connection or piece of data on. */
export type Fault =
  | { readonly kind: 'none' }
  /** Each piece of the answer comes this much later. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** The connection is reset once this many bytes of the answer have passed; 0 loses the whole answer. */
  | { readonly kind: 'cut'; readonly afterBytes: number }
  /** The request arrives, its answer never does. */
  | { readonly kind: 'silence' }
  /** The proxy answers itself: 429, 500, …; the server sees nothing. */
  | { readonly kind: 'answer'; readonly status: number; readonly body: string }
  /** The request arrives, then the server's side ends without a byte. */
  | { readonly kind: 'half-close' };

export interface FaultProxy {
  /** `http://127.0.0.1:port`, to be used instead of the server's own. */
  readonly url: string;
  fault: Fault;
  /** Connections accepted so far. */
  readonly connections: number;
  dispose(): Promise<void>;
}

/** Starts a TCP proxy on 127.0.0.1 in front of an `http:` server. */
export async function startFaultProxy(upstream: string): Promise<FaultProxy> {
  const target = new URL(upstream);
  const open = new Set<Socket>();
  let fault: Fault = { kind: 'none' };
  let connections = 0;

  const keep = (socket: Socket): Socket => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => socket.destroy());
    return socket;
  };

  const server: Server = createServer((accepted) => {
    connections++;
    const client = keep(accepted);
    const remote = keep(connect(Number(target.port), target.hostname));
    let passed = 0;
    client.on('data', (chunk) => {
      if (fault.kind !== 'answer') return void remote.write(chunk);
      const { status, body } = fault;
      const head = `HTTP/1.1 ${status} Fault\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n`;
      return void client.end(head + body);
    });
    remote.on('data', (chunk: Buffer) => {
      switch (fault.kind) {
        case 'silence':
          return;
        case 'half-close':
          return void client.end();
        case 'delay':
          return void setTimeout(() => client.write(chunk), fault.ms);
        case 'cut': {
          const left = fault.afterBytes - passed;
          passed += chunk.length;
          if (left > 0) client.write(chunk.subarray(0, left));
          return passed >= fault.afterBytes ? void client.resetAndDestroy() : undefined;
        }
        case 'none':
        case 'answer':
          return void client.write(chunk);
      }
    });
    client.on('close', () => remote.destroy());
    remote.on('end', () => client.end());
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get fault() {
      return fault;
    },
    set fault(next) {
      fault = next;
    },
    get connections() {
      return connections;
    },
    async dispose() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}
