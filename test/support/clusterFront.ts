import { once } from 'node:events';
import { mkdir, readFile } from 'node:fs/promises';
import type { IncomingMessage, RequestOptions, ServerResponse } from 'node:http';
import { request as requestHttp } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { createCertificates, otherName } from '../lab/kubernetes/certificates.ts';
import type { KeyPair } from '../lab/kubernetes/certificates.ts';

/** The front of a real API server before the simulator: TLS, authentication, a little of RBAC. */
export interface ClusterFront {
  /** `https://127.0.0.1:port` */
  readonly url: string;
  /** The PEM file of the authority that signed the server's certificate and the client's. */
  readonly authority: string;
  /** A name in the server's certificate that is not its address. */
  readonly otherName: string;
  readonly tokens: Readonly<Record<'admin' | 'responder' | 'reader', string>>;
  /** PEM files; this user only reads. */
  readonly client: KeyPair;
  /** Who asked what, in order. */
  readonly requests: readonly { readonly user: string; readonly method: string; readonly path: string }[];
  dispose(): Promise<void>;
}

interface User {
  readonly name: string;
  readonly groups: readonly string[];
}

const groupsOf = { admin: 'system:masters', responder: 'lab:responders', reader: 'lab:readers' } as const;
const tokens = { admin: 'word-of-admin', responder: 'word-of-responder', reader: 'word-of-reader' } as const;

/** Starts it before a simulator's plain `http:` API; `folder` takes the certificates. */
export async function startClusterFront(upstream: string, folder: string): Promise<ClusterFront> {
  await mkdir(folder, { recursive: true });
  const made = await createCertificates(folder, { name: 'certificate-user', group: 'lab:readers' });
  const target = new URL(upstream);
  const requests: { user: string; method: string; path: string }[] = [];
  const server = createServer({
    cert: await readFile(made.server.certificate),
    key: await readFile(made.server.key),
    ca: await readFile(made.authority.certificate),
    requestCert: true,
    rejectUnauthorized: false,
  });
  const optionsOf = ({ method, url, headers }: IncomingMessage): RequestOptions => ({
    host: target.hostname,
    port: target.port,
    method: method ?? 'GET',
    path: url ?? '/',
    headers,
  });
  /** Undefined when the request may go on, else the Status in its place. */
  const refusalOf = (request: IncomingMessage): object | undefined => {
    const user = authenticate(request);
    const [method = 'GET', path = '/'] = [request.method, request.url];
    requests.push({ user: user?.name ?? '', method, path });
    if (user === undefined) return statusOf(401, 'Unauthorized', 'Unauthorized');
    return authorize(user, method, path);
  };
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const refusal = refusalOf(request);
    if (refusal !== undefined) {
      request.resume();
      const { code } = refusal as { code: number };
      response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(refusal));
      return;
    }
    const onward = requestHttp(optionsOf(request), (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      response.flushHeaders();
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    request.pipe(onward);
  });
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const refusal = refusalOf(request);
    if (refusal !== undefined) {
      const body = JSON.stringify(refusal);
      const { code } = refusal as { code: number };
      socket.end(
        `HTTP/1.1 ${code} Refused\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      );
      return;
    }
    const onward = requestHttp(optionsOf(request));
    onward.on('error', () => socket.destroy());
    onward.on('upgrade', (answer, upstreamSocket: Socket, first: Buffer) => {
      socket.write(headOf(answer));
      socket.write(first);
      upstreamSocket.write(head);
      upstreamSocket.on('error', () => socket.destroy()).on('close', () => socket.destroy());
      socket.on('close', () => upstreamSocket.destroy());
      upstreamSocket.pipe(socket).pipe(upstreamSocket);
    });
    onward.on('response', (answer) => {
      socket.write(headOf(answer));
      answer.pipe(socket);
    });
    onward.end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    authority: made.authority.certificate,
    otherName,
    tokens,
    client: { certificate: join(folder, 'client.crt'), key: join(folder, 'client.key') },
    requests,
    async dispose() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function authenticate(request: IncomingMessage): User | undefined {
  const real = realUser(request);
  const as = request.headers['impersonate-user'];
  if (real === undefined || as === undefined) return real;
  const groups = request.headersDistinct['impersonate-group'] ?? [];
  // Only the admin may; anybody else is refused below as nobody.
  return real.groups.includes('system:masters') ? { name: String(as), groups } : { ...real, groups: [] };
}

function realUser(request: IncomingMessage): User | undefined {
  const socket = request.socket as TLSSocket;
  if (socket.authorized) {
    const { subject } = socket.getPeerCertificate();
    return { name: String(subject?.CN), groups: [String(subject?.O)] };
  }
  const { authorization } = request.headers;
  if (authorization === undefined) return { name: 'system:anonymous', groups: ['system:unauthenticated'] };
  for (const name of ['admin', 'responder', 'reader'] as const) {
    if (authorization === `Bearer ${tokens[name]}`) return { name, groups: [groupsOf[name]] };
  }
  return undefined;
}

const verbs: Readonly<Record<string, string>> = {
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};

/** As the lab's roles: readers read in `production`, responders change there too, so with Argo CD's apps; discovery is for everybody known. */
function authorize(user: User, method: string, path: string): object | undefined {
  if (user.groups.includes('system:masters')) return undefined;
  const [, group = '', , rest = ''] = /^\/(?:api|apis\/([^/]+))\/([^/?]+)\/([^?]+)/.exec(path) ?? [];
  if (rest === '' && !user.groups.includes('system:unauthenticated')) return undefined;
  if (group === 'authorization.k8s.io') return undefined;
  const parts = rest.split('/').map(decodeURIComponent);
  const [namespace, resource = '', name, subresource] =
    parts[0] === 'namespaces' && parts.length > 2 ? parts.slice(1) : [undefined, ...parts];
  const whole = subresource === undefined ? resource : `${resource}/${subresource}`;
  const verb = subresource === 'exec' ? 'create' : (verbs[method] ?? (name === undefined ? 'list' : 'get'));
  const reads = verb === 'get' || verb === 'list';
  const allowed =
    (namespace === 'production' || (namespace === 'argocd' && whole === 'applications')) &&
    ((reads && user.groups.includes('lab:readers')) || user.groups.includes('lab:responders'));
  if (allowed) return undefined;
  const qualified = group === '' ? resource : `${resource}.${group}`;
  const object = name === undefined ? qualified : `${qualified} "${name}"`;
  const where = namespace === undefined ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  return statusOf(
    403,
    'Forbidden',
    `${object} is forbidden: User "${user.name}" cannot ${verb} resource "${whole}" in API group "${group}" ${where}`,
  );
}

const statusOf = (code: number, reason: string, message: string) => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Failure',
  reason,
  message,
  code,
});

function headOf({ statusCode, statusMessage, rawHeaders }: IncomingMessage): string {
  const lines = [`HTTP/1.1 ${statusCode} ${statusMessage}`];
  for (let index = 0; index < rawHeaders.length; index += 2)
    lines.push(`${rawHeaders[index]}: ${rawHeaders[index + 1]}`);
  return `${lines.join('\r\n')}\r\n\r\n`;
}
