import { lookup } from 'node:dns/promises';
import type { LookupAddress } from 'node:dns';
import { once } from 'node:events';
import type { LookupFunction, Socket } from 'node:net';
import { connect, isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { Client } from 'undici';
import { classifyConnectionError } from '../../core/connectionError.ts';
import type { Certificate } from './certificate.ts';
import { certificateOf, distrust } from './certificate.ts';

/** How to get to a server. */
export interface Way {
  readonly url: URL;
  readonly proxy: URL | undefined;
  /** PEM text of the only authorities to trust. */
  readonly authorities: string | undefined;
  readonly insecure: boolean;
  readonly connectTimeoutMs: number;
  readonly ipFamily: 4 | 6 | undefined;
  /** `--resolve`: `host:port:address[,address]` */
  readonly resolve: readonly string[];
}

/** Moments on the clock of `performance.now()`, in ms. */
export interface ConnectTimes {
  dnsAt: number;
  connectedAt: number;
  secureAt: number | undefined;
}

export interface Connection {
  readonly socket: Duplex;
  readonly times: ConnectTimes;
  readonly certificate: Certificate | undefined;
  /** An http proxy wants the whole URL in the request line. */
  readonly wholeUrl: boolean;
  readonly address: { readonly ip: string; readonly port: number };
}

/** `exitCode` is curl's: https://curl.se/libcurl/c/libcurl-errors.html */
export interface ConnectFailure {
  readonly message: string;
  readonly exitCode: number;
  readonly aborted?: true;
  readonly certificate?: Certificate;
}

export type Opened =
  | { readonly ok: true; readonly connection: Connection }
  | { readonly ok: false; readonly failure: ConnectFailure };

const portOf = (url: URL): number => Number(url.port || (url.protocol === 'https:' ? 443 : 80));
const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '');

/** Opens the way to a server, with TLS and through the proxy where asked. Nothing of the request is sent. */
export async function openConnection(way: Way, stop: AbortSignal): Promise<Opened> {
  const { url, proxy } = way;
  const late = AbortSignal.timeout(way.connectTimeoutMs);
  const signal = AbortSignal.any([stop, late]);
  const first = proxy ?? url;
  const origin = url.origin;
  const fail = (message: string, exitCode: number, certificate?: Certificate): Opened => ({
    ok: false,
    failure: {
      message,
      exitCode,
      ...(certificate ? { certificate } : {}),
      ...(stop.aborted ? { aborted: true } : {}),
    },
  });
  if (proxy && proxy.protocol !== 'http:' && proxy.protocol !== 'https:')
    return fail(
      `A ${proxy.protocol.slice(0, -1)} proxy is not covered here. Nothing was sent; run this step in a terminal.`,
      5,
    );

  const times: ConnectTimes = { dnsAt: 0, connectedAt: 0, secureAt: undefined };
  let socket: Socket | undefined;
  try {
    socket = await openTcp(way, first, times, signal);
    const ip = socket.remoteAddress ?? '';
    const address = { ip, port: socket.remotePort ?? 0 };
    let stream: Duplex = socket;
    if (proxy?.protocol === 'https:') {
      const secure = await openTls(stream, hostOf(proxy), way, signal);
      if (secure.certificate?.problem !== undefined && !way.insecure) {
        secure.socket.destroy();
        const why = distrust(secure.certificate, hostOf(proxy), Date.now());
        return fail(
          `No trusted connection to the proxy ${proxy.host}: its certificate ${why}. Nothing was sent.`,
          60,
        );
      }
      stream = secure.socket;
    }
    if (url.protocol === 'http:')
      return {
        ok: true,
        connection: { socket: stream, times, certificate: undefined, wholeUrl: !!proxy, address },
      };
    if (proxy) stream = await openTunnel(stream, proxy, url, signal);
    const secure = await openTls(stream, hostOf(url), way, signal);
    times.secureAt = performance.now();
    const { certificate } = secure;
    if (certificate?.problem !== undefined && !way.insecure) {
      secure.socket.destroy();
      const why = distrust(certificate, hostOf(url), Date.now());
      return fail(
        `No trusted connection to ${origin}: its certificate ${why}. Nothing was sent.`,
        60,
        certificate,
      );
    }
    return { ok: true, connection: { socket: secure.socket, times, certificate, wholeUrl: false, address } };
  } catch (thrown) {
    socket?.destroy();
    if (late.aborted && !stop.aborted)
      return fail(
        `No connection to ${origin} within ${way.connectTimeoutMs} ms. Nothing was sent; check the network or VPN.`,
        28,
      );
    return fail(...connectSentence(thrown, origin, proxy, times));
  }
}

/** Basic credentials of a proxy's URL. */
export const proxyAuthorization = (proxy: URL): Readonly<Record<string, string>> => {
  if (proxy.username === '' && proxy.password === '') return {};
  const pair = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` };
};

async function openTcp(way: Way, to: URL, times: ConnectTimes, signal: AbortSignal): Promise<Socket> {
  const host = hostOf(to);
  const port = portOf(to);
  const entry = way.resolve.find((each) => each.toLowerCase().startsWith(`${host}:${port}:`));
  const family = way.ipFamily ?? 0;
  const listed = entry
    ?.slice(`${host}:${port}:`.length)
    .split(',')
    .map((each) => each.replace(/^\[|\]$/g, ''));
  const addresses: readonly LookupAddress[] =
    listed?.map((address) => ({ address, family: isIP(address) })) ??
    (isIP(host) === 0
      ? await race(lookup(host, { all: true, family, order: 'verbatim' }), signal)
      : [{ address: host, family: isIP(host) }]);
  times.dnsAt = performance.now();
  const given: LookupFunction = (_host, options, callback) => {
    const [one] = addresses;
    if (options.all) callback(null, [...addresses]);
    else callback(null, one?.address ?? '', one?.family);
  };
  const socket = connect({ host, port, lookup: given, autoSelectFamily: true });
  await settled(socket, 'connect', signal);
  times.connectedAt = performance.now();
  return socket;
}

async function openTls(over: Duplex, host: string, way: Way, signal: AbortSignal) {
  const socket = connectTls({
    socket: over,
    host,
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ALPNProtocols: ['http/1.1'],
    ...(way.authorities === undefined ? {} : { ca: way.authorities }),
    // Looked at by us instead, so that a refusal can say until when and for whom the certificate is.
    rejectUnauthorized: false,
  });
  await settled(socket, 'secureConnect', signal);
  return { socket, certificate: certificateOf(socket) };
}

async function openTunnel(over: Duplex, proxy: URL, to: URL, signal: AbortSignal): Promise<Duplex> {
  const client = new Client(proxy.origin, {
    connect: (_options, done) => queueMicrotask(() => done(null, over as Socket)),
  });
  const path = `${to.hostname}:${portOf(to)}`;
  const answer = await client.connect({
    path,
    signal,
    headers: { host: path, ...proxyAuthorization(proxy) },
  });
  if (answer.statusCode !== 200) {
    answer.socket.destroy();
    throw new Error(`Proxy response (${answer.statusCode})`);
  }
  return answer.socket;
}

/** Waits for the socket's event; its error and the signal reject, and the signal ends the socket. */
async function settled(socket: Socket, event: string, signal: AbortSignal): Promise<void> {
  try {
    await once(socket, event, { signal });
  } catch (thrown) {
    socket.destroy();
    throw thrown;
  } finally {
    // What happens to it later is told by who reads from it.
    socket.on('error', () => undefined);
  }
}

/** The promise's result, unless the signal comes first. */
function race<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

function connectSentence(
  thrown: unknown,
  origin: string,
  proxy: URL | undefined,
  times: ConnectTimes,
): [message: string, exitCode: number] {
  const error = classifyConnectionError(thrown);
  const way = proxy ? `The proxy ${proxy.host} on the way to ${origin}` : origin;
  if (error.kind === 'proxy')
    return [
      `The proxy on the way to ${origin} answered ${error.said}. Nothing was sent; check the proxy settings.`,
      56,
    ];
  if (error.kind === 'not-reached' || error.kind === 'connect-timeout') {
    const said = error.kind === 'not-reached' ? error.said : 'did not accept a connection in time';
    const code = error.code === 'ENOTFOUND' || error.code === 'EAI_AGAIN' ? (proxy ? 5 : 6) : 7;
    return [`${way} ${said}. Nothing was sent; check the address, the network or VPN.`, code];
  }
  if (times.connectedAt > 0)
    return [`No TLS with ${origin}: ${error.said}. Nothing was sent; check that this port speaks https.`, 35];
  return [`No connection to ${origin}: ${error.said}. Nothing was sent; check the network or VPN.`, 7];
}
