import { once } from 'node:events';
import type { Server, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';

/** PEM. */
export interface ProxyCertificate {
  readonly certificate: string;
  readonly key: string;
}

/** What goes wrong between a client and a server, from the next connection or piece of data on. */
export type Fault =
  | { readonly kind: 'none' }
  /** Each piece of the answer comes this much later. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** The connection is reset once this many bytes of the answer have passed; 0 loses the whole answer. */
  | { readonly kind: 'cut'; readonly afterBytes: number }
  /** The request arrives, its answer never does. */
  | { readonly kind: 'silence' }
  /** The request goes no further, and no answer comes. */
  | { readonly kind: 'hold' }
  /** The proxy answers itself: 429, 500, …; the server sees nothing. `times`: then it is over. */
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly body: string;
      readonly headers?: Readonly<Record<string, string>>;
      readonly times?: number;
    }
  /** The request arrives; in the place of its answer comes this. */
  | { readonly kind: 'garbage'; readonly bytes: string }
  /** The request arrives, then the server's side ends without a byte. */
  | { readonly kind: 'half-close' }
  /** New connections are shown this certificate; only a proxy that was started with one can do it. */
  | { readonly kind: 'certificate'; readonly shown: ProxyCertificate };

/** A request that the proxy has seen the beginning of. */
export interface ProxiedRequest {
  readonly method: string;
  readonly path: string;
  /** False when the proxy answered in the server's place, or held it. */
  readonly reached: boolean;
}

export interface FaultProxy {
  /** `http://127.0.0.1:port` (`https:` with a certificate), to be used instead of the server's own. */
  readonly url: string;
  fault: Fault;
  /** Which requests the fault strikes; every one when undefined. */
  only: ((request: { readonly method: string; readonly path: string }) => boolean) | undefined;
  /** Connections accepted so far. */
  readonly connections: number;
  /** Every request so far, in order; they must not be pipelined. */
  readonly requests: readonly ProxiedRequest[];
  /** How many requests that `only` names wait for the first byte of their answer, with their client still there. */
  readonly unanswered: number;
  /** Resolves with the next request of such a method, once the proxy has handled its beginning. */
  nextRequest(method?: string): Promise<ProxiedRequest>;
  /** Resolves when the server answers a request that the fault strikes: whatever it asked for has been done. */
  nextStruckAnswer(): Promise<void>;
  /** Ends every connection that is open now, in the middle of whatever passes. */
  dropConnections(): void;
  dispose(): Promise<void>;
}

export interface FaultProxyOptions {
  /** Speaks TLS with this certificate to its clients. */
  readonly certificate?: ProxyCertificate;
  /** PEM of who signed the certificate of an `https:` server. */
  readonly authority?: string;
}

const requestLine = /^([A-Z]+) (\S+) HTTP\/1\.1\r\n/;

/** Starts a proxy on 127.0.0.1 in front of a server; it sees and spoils what is inside of TLS, not TLS itself. */
export async function startFaultProxy(
  upstream: string,
  options: FaultProxyOptions = {},
): Promise<FaultProxy> {
  const target = new URL(upstream);
  const open = new Set<Socket>();
  const requests: ProxiedRequest[] = [];
  let waiting: { readonly method: string | undefined; resolve(request: ProxiedRequest): void }[] = [];
  const waitingForAnswer: (() => void)[] = [];
  let fault: Fault = { kind: 'none' };
  let only: FaultProxy['only'];
  let answered = 0;
  let connections = 0;
  const unanswered = new Set<Socket>();

  const keep = (socket: Socket): Socket => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => socket.destroy());
    return socket;
  };
  const connectUpstream = (): Socket => {
    const address = { port: Number(target.port), host: target.hostname };
    if (target.protocol !== 'https:') return connect(address);
    return tls.connect({ ...address, ...(options.authority ? { ca: options.authority } : {}) });
  };
  const note = (request: ProxiedRequest): void => {
    requests.push(request);
    const served = waiting.filter((one) => one.method === undefined || one.method === request.method);
    waiting = waiting.filter((one) => !served.includes(one));
    for (const one of served) one.resolve(request);
  };

  const over = (): void => void (fault = { kind: 'none' });
  const accept = (accepted: Socket): void => {
    connections++;
    const client = keep(accepted);
    const remote = keep(connectUpstream());
    let passed = 0;
    let struck = true;
    const now = (): Fault => (struck ? fault : { kind: 'none' });
    client.on('data', (chunk: Buffer) => {
      const [, method, path] = requestLine.exec(chunk.toString('latin1')) ?? [];
      const begun = method === undefined || path === undefined ? undefined : { method, path };
      if (begun) struck = only === undefined || only(begun);
      if (begun && struck) unanswered.add(client);
      const fault = now();
      if (fault.kind === 'hold') {
        if (begun) note({ ...begun, reached: false });
        return;
      }
      if (fault.kind !== 'answer') {
        remote.write(chunk);
        if (begun) note({ ...begun, reached: true });
        return;
      }
      const { status, body, headers = {}, times = Infinity } = fault;
      const lines = Object.entries({
        ...headers,
        'content-length': String(Buffer.byteLength(body)),
        connection: 'close',
      }).map(([name, value]) => `${name}: ${value}\r\n`);
      client.end(`HTTP/1.1 ${status} Fault\r\n${lines.join('')}\r\n${body}`);
      unanswered.delete(client);
      answered++;
      if (answered >= times) over();
      if (begun) note({ ...begun, reached: false });
    });
    remote.on('data', (chunk: Buffer) => {
      const fault = now();
      if (fault.kind !== 'silence') unanswered.delete(client);
      if (fault.kind !== 'none') for (const resolve of waitingForAnswer.splice(0)) resolve();
      switch (fault.kind) {
        case 'silence':
          return;
        case 'half-close':
          return void client.end();
        case 'garbage':
          return void client.end(fault.bytes);
        case 'delay':
          return void setTimeout(() => client.write(chunk), fault.ms);
        case 'cut': {
          const left = fault.afterBytes - passed;
          passed += chunk.length;
          if (left > 0) client.write(chunk.subarray(0, left));
          return passed >= fault.afterBytes ? void reset(client) : undefined;
        }
        case 'none':
        case 'hold':
        case 'answer':
        case 'certificate':
          return void client.write(chunk);
      }
    });
    client.on('close', () => {
      unanswered.delete(client);
      remote.destroy();
    });
    // What comes late is not overtaken by the end of it.
    const end = (): void => {
      const fault = now();
      if (fault.kind === 'delay') setTimeout(() => client.end(), fault.ms);
      else client.end();
    };
    remote.on('end', end);
    // Of a server that is not there or hangs up, the client hears at once.
    remote.on('close', end);
  };

  const shown = options.certificate;
  const secure = shown && tls.createServer({ cert: shown.certificate, key: shown.key }, accept);
  secure?.on('tlsClientError', () => undefined);
  const server: Server = secure ?? createServer(accept);
  if (secure) server.on('connection', keep);
  await once(server.listen(0, '127.0.0.1'), 'listening');

  return {
    url: `${secure ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get fault() {
      return fault;
    },
    set fault(next) {
      fault = next;
      answered = 0;
      if (!secure || !shown) return;
      const now = next.kind === 'certificate' ? next.shown : shown;
      secure.setSecureContext({ cert: now.certificate, key: now.key });
    },
    get only() {
      return only;
    },
    set only(next) {
      only = next;
    },
    get connections() {
      return connections;
    },
    get unanswered() {
      return unanswered.size;
    },
    requests,
    nextRequest: (method) => new Promise((resolve) => waiting.push({ method, resolve })),
    nextStruckAnswer: () => new Promise((resolve) => waitingForAnswer.push(resolve)),
    dropConnections() {
      for (const socket of open) socket.destroy();
    },
    async dispose() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}

/** A reset where the system has one; over TLS the connection ends without its farewell, which clients take the same. */
function reset(client: Socket): void {
  if (client instanceof tls.TLSSocket) client.destroy();
  else client.resetAndDestroy();
}
