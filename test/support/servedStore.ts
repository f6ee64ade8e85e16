import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What came back: the body as JSON where it is that, else as text; undefined when there was none. */
export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

export interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A text is sent as it is, all else as JSON with its content type. */
  readonly body?: unknown;
}

export interface ServedServer {
  readonly url: string;
  ask(path: string, asked?: Asked): Promise<Answered>;
  close(): Promise<void>;
}

/** Puts a server of the simulator on a free port of 127.0.0.1; `headers` go with every request. */
export async function serveStore(
  server: Server,
  headers: Readonly<Record<string, string>> = {},
): Promise<ServedServer> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    async ask(path, { method, headers: own = {}, body } = {}) {
      const response = await fetch(url + path, {
        method: method ?? (body === undefined ? 'GET' : 'POST'),
        headers: {
          ...(body === undefined || typeof body === 'string' ? {} : { 'content-type': 'application/json' }),
          ...headers,
          ...own,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      const isJson = response.headers.get('content-type')?.includes('json') === true;
      const parsed = text === '' ? undefined : isJson ? (JSON.parse(text) as unknown) : text;
      return { status: response.status, headers: response.headers, body: parsed };
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
