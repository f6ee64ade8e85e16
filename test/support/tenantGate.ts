import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Stands before a server and answers nobody who names no tenant, as Mimir and Cortex do. */
export interface TenantGate {
  readonly url: string;
  /** `GET /path of tenant`, in the order they came. */
  readonly asked: readonly string[];
  close(): void;
}

export async function startTenantGate(upstream: string): Promise<TenantGate> {
  const asked: string[] = [];
  const gate = createServer((incoming, response) => {
    const { method = 'GET', url = '/', headers } = incoming;
    const tenant = headers['x-scope-orgid'];
    asked.push(`${method} ${url} of ${String(tenant)}`);
    if (tenant === undefined) return void response.writeHead(401).end('no org id');
    const passed = request(`${upstream}${url}`, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    passed.on('error', () => response.destroy());
    incoming.pipe(passed);
  });
  await new Promise<void>((resolve) => gate.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(gate.address() as AddressInfo).port}`,
    asked,
    close: () => {
      gate.close();
      gate.closeAllConnections();
    },
  };
}
