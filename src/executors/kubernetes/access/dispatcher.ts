import { readFile } from 'node:fs/promises';
import tls, { type ConnectionOptions } from 'node:tls';
import { Agent, ProxyAgent, type Dispatcher } from 'undici';
import { messageOf } from '../../../core/errors.ts';
import type { Credentials } from './credentials.ts';
import { proxyFor } from './proxy.ts';
import type { ResolvedTarget } from './target.ts';

export interface TlsAddress {
  readonly host: string;
  readonly port: number;
  readonly serverName: string;
  /** Authority, client certificate and key, as the requests use them. */
  readonly options: ConnectionOptions;
}

/** Connections to one cluster with one client certificate. */
export interface ClusterConnections {
  readonly dispatcher: Dispatcher;
  /** The proxy on the way, without its password. */
  readonly proxy: string | undefined;
  /** The name that the server's certificate must carry. */
  readonly serverName: string;
  /** For a closer look at what TLS refuses; undefined over plain HTTP and behind a proxy. */
  readonly tls: TlsAddress | undefined;
}

/**
 * An undici dispatcher with the cluster's authority, the client certificate, `tls-server-name` and proxy (http, https,
 * socks5). Throws an Error with a sentence when a certificate, key or proxy URL cannot be used.
 */
export async function createDispatcher(
  { cluster, user }: ResolvedTarget,
  credentials: Credentials,
  env: Readonly<Record<string, string | undefined>>,
  timeoutMs: number,
): Promise<ClusterConnections> {
  const url = new URL(cluster.server);
  const secure = url.protocol === 'https:';
  const authority = cluster.certificateAuthorityData
    ? Buffer.from(cluster.certificateAuthorityData, 'base64').toString('utf8')
    : cluster.certificateAuthorityFile && (await readFile(cluster.certificateAuthorityFile, 'utf8'));
  const { certificate, key } = credentials;
  if (secure && authority) checkAuthority(authority, cluster.name);
  if (secure && (certificate || key)) checkPair(certificate, key, user?.name ?? '');
  const options = {
    ...(authority ? { ca: authority } : {}),
    ...(certificate ? { cert: certificate } : {}),
    ...(key ? { key } : {}),
    ...(cluster.tlsServerName ? { servername: cluster.tlsServerName } : {}),
    rejectUnauthorized: !cluster.insecureSkipTlsVerify,
  };
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const serverName = cluster.tlsServerName ?? host;
  // HTTP/1.1 only: a WebSocket needs it, and one slow log must not hold back the others on a shared connection.
  const common = { allowH2: false, pipelining: 1, keepAliveTimeout: 30_000 };
  const proxy = proxyFor(cluster.server, cluster.proxyUrl, env);
  if (proxy === undefined) {
    const direct = { host, port: Number(url.port || (secure ? 443 : 80)), serverName, options };
    return {
      dispatcher: new Agent({ ...common, connect: { ...options, timeout: timeoutMs } }),
      proxy: undefined,
      serverName,
      tls: secure ? direct : undefined,
    };
  }
  const proxyUrl = usableProxy(proxy);
  return {
    dispatcher: new ProxyAgent({
      ...common,
      uri: proxyUrl.href,
      requestTls: options,
      // As in Go, the cluster's own authority counts for the proxy too; so do the machine's.
      ...(authority && proxyUrl.protocol === 'https:'
        ? { proxyTls: { ca: [authority, ...tls.rootCertificates] } }
        : {}),
      // As in Go: a proxy takes a request for a plain http server as it is, without a tunnel.
      proxyTunnel: secure,
      connectTimeout: timeoutMs,
    }),
    proxy: `${proxyUrl.protocol}//${proxyUrl.host}`,
    serverName,
    tls: undefined,
  };
}

function usableProxy(proxy: string): URL {
  const url = URL.canParse(proxy) ? new URL(proxy) : undefined;
  if (url !== undefined && ['http:', 'https:', 'socks5:', 'socks5h:'].includes(url.protocol)) {
    // socks5h only says that the proxy looks the name up, which is always so here.
    return url.protocol === 'socks5h:' ? new URL(proxy.replace(/^socks5h:/i, 'socks5:')) : url;
  }
  const scheme = url === undefined ? 'it is not a URL' : `${url.protocol.slice(0, -1)} is not one of them`;
  throw new Error(`the proxy must be an http, https or socks5 URL, and ${scheme}`);
}

function checkAuthority(authority: string, cluster: string): void {
  try {
    if (!authority.includes('-----BEGIN')) throw new Error('it holds no PEM');
    tls.createSecureContext({ ca: authority });
  } catch (thrown) {
    throw new Error(`the certificate authority of cluster ${cluster} cannot be used: ${messageOf(thrown)}`);
  }
}

function checkPair(certificate: string | undefined, key: string | undefined, user: string): void {
  if (!certificate || !key) {
    const [there, missing] = certificate ? ['certificate', 'key'] : ['key', 'certificate'];
    throw new Error(`user ${user} has a client ${there} without its ${missing}`);
  }
  try {
    tls.createSecureContext({ cert: certificate, key });
  } catch (thrown) {
    const said = messageOf(thrown);
    const why = /values mismatch/.test(said)
      ? 'the key is not the certificate’s'
      : /interrupted or cancelled|bad decrypt|bad password/i.test(said)
        ? 'the key is encrypted, which kubeconfigs cannot be'
        : said;
    throw new Error(`the client certificate and key of user ${user} cannot be used: ${why}`);
  }
}
