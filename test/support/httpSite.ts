import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer, request as requestHttp } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Web servers of every kind of answer, over http and over https with good and bad certificates. */
export interface HttpSite {
  readonly url: string;
  readonly secureUrl: string;
  /** Its certificate ended on 2020-02-01. */
  readonly expiredUrl: string;
  /** Its certificate is for `other.example.test`. */
  readonly otherNameUrl: string;
  /** PEM file of the authority behind the three. */
  readonly authority: string;
  /** What was asked since the last time; forgets it. */
  reset(): readonly ReceivedRequest[];
  /** Resolves with the next request, or with one that has come since the last `reset`. */
  received(): Promise<void>;
  startProxy(): Promise<HttpProxy>;
  dispose(): Promise<void>;
}

export interface HttpProxy {
  readonly url: string;
  /** First lines of what it was asked, without the protocol. */
  readonly asked: readonly string[];
  dispose(): Promise<void>;
}

export async function startHttpSite(folder: string): Promise<HttpSite> {
  const received: ReceivedRequest[] = [];
  const waiting: (() => void)[] = [];
  const servers: Server[] = [];
  let busy = true;
  let elsewhere = '';

  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      const one = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body };
      received.push(one);
      for (const resolve of waiting.splice(0)) resolve();
      answer(one, response);
    });
  };
  const answer = ({ method, path, headers, body }: ReceivedRequest, response: ServerResponse): void => {
    const redirect = /^\/redirect\/(\d+)(\/.*)$/.exec(path);
    const status = /^\/status\/(\d+)$/.exec(path);
    const text = (code: number, said: string, more: Record<string, string> = {}): void => {
      response.writeHead(code, { 'Content-Type': 'text/plain', 'X-Mixed-Case': 'kept', ...more });
      response.end(said);
    };
    if (redirect) text(Number(redirect[1]), 'moved\n', { Location: redirect[2] ?? '' });
    else if (status) text(Number(status[1]), `status ${status[1]}\n`);
    else if (path === '/elsewhere') text(302, 'moved\n', { Location: `${elsewhere}/echo` });
    else if (path === '/loop') text(302, 'again\n', { Location: '/loop' });
    else if (path === '/empty') response.writeHead(204).end();
    else if (path === '/long') text(200, 'line\n'.repeat(1000));
    else if (path === '/gzip')
      text(200, gzipSync('hello\n') as unknown as string, { 'Content-Encoding': 'gzip' });
    else if (path === '/once-busy') {
      busy = !busy;
      if (busy) text(200, 'hello\n');
      else text(503, '', { 'Retry-After': '0' });
    } else if (path.startsWith('/echo')) {
      const { authorization, cookie, referer, host } = headers;
      const shown = { method, path, authorization, cookie, referer, named: host?.includes('example'), body };
      text(200, `${JSON.stringify(shown)}\n`);
    } else text(200, 'hello\n');
  };

  const listen = async (server: Server): Promise<number> => {
    servers.push(server);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return (server.address() as AddressInfo).port;
  };
  const certificates = makeCertificates(folder);
  const secure = async (name: string): Promise<string> =>
    `https://127.0.0.1:${await listen(createSecureServer(certificates.of(name), handle))}`;

  const port = await listen(createServer(handle));
  elsewhere = `http://127.0.0.1:${await listen(createServer(handle))}`;
  return {
    url: `http://127.0.0.1:${port}`,
    secureUrl: await secure('good'),
    expiredUrl: await secure('expired'),
    otherNameUrl: await secure('other'),
    authority: certificates.authority,
    reset: () => received.splice(0),
    received: () =>
      received.length > 0 ? Promise.resolve() : new Promise<void>((resolve) => waiting.push(resolve)),
    startProxy,
    async dispose() {
      await Promise.all(servers.map(close));
    },
  };
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}

/** A forward proxy: whole URLs, and CONNECT. */
async function startProxy(): Promise<HttpProxy> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    const { method, headers } = request;
    const onward = requestHttp(request.url ?? '', { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    request.pipe(onward);
  });
  server.on('connect', (request, client) => {
    asked.push(`CONNECT ${request.url}`);
    const [host = '', port = ''] = (request.url ?? '').split(':');
    const onward = connect(Number(port), host, () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.pipe(client).pipe(onward);
    });
    for (const [one, other] of [
      [client, onward],
      [onward, client],
    ] as const)
      // prettier-ignore
      one.on('error', () => other.destroy()).on('close', () => other.destroy());
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    dispose: () => close(server),
  };
}

/** An authority and three servers' certificates, made by openssl at test time: none is of use to anybody. */
function makeCertificates(folder: string): {
  readonly authority: string;
  of(name: string): { readonly key: Buffer; readonly cert: Buffer };
} {
  const own = join(folder, 'certificates');
  mkdirSync(join(own, 'issued'), { recursive: true });
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: own, stdio: 'pipe' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl(
    'req',
    '-x509',
    ...key,
    '-keyout',
    'ca.key',
    '-out',
    'ca.crt',
    '-subj',
    '/CN=test authority',
    '-days',
    '4',
  );
  writeFileSync(join(own, 'index.txt'), '');
  writeFileSync(
    join(own, 'ca.cnf'),
    '[ca]\ndefault_ca=own\n[own]\ndatabase=index.txt\nnew_certs_dir=issued\nrand_serial=yes\ndefault_md=sha256\n' +
      'policy=any\nunique_subject=no\nx509_extensions=ext\n[any]\ncommonName=supplied\n' +
      '[ext]\nsubjectAltName=${ENV::NAMES}\n',
  );
  const stamp = (at: number): string => new Date(at).toISOString().replace(/[-:T]|\.\d+/g, '');
  const issue = (name: string, names: string, from: string, until: string): void => {
    openssl('req', '-new', ...key, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`);
    const args = [
      'ca',
      '-batch',
      '-config',
      'ca.cnf',
      '-cert',
      'ca.crt',
      '-keyfile',
      'ca.key',
      '-startdate',
      from,
    ];
    execFileSync(
      'openssl',
      [...args, '-enddate', until, '-in', `${name}.csr`, '-out', `${name}.crt`, '-notext'],
      {
        cwd: own,
        stdio: 'pipe',
        env: { ...process.env, NAMES: names },
      },
    );
  };
  const now = Date.now();
  const [from, until] = [stamp(now - 3_600_000), stamp(now + 36 * 3_600_000)];
  issue('good', 'IP:127.0.0.1', from, until);
  issue('expired', 'IP:127.0.0.1', '20200101000000Z', '20200201000000Z');
  issue('other', 'DNS:other.example.test', from, until);
  return {
    authority: join(own, 'ca.crt'),
    of: (name) => ({
      key: readFileSync(join(own, `${name}.key`)),
      cert: readFileSync(join(own, `${name}.crt`)),
    }),
  };
}
