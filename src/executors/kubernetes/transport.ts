import { readFile } from 'node:fs/promises';
import type { Duplex } from 'node:stream';
import { Agent, ProxyAgent, type Dispatcher } from 'undici';
import { messageOf } from '../../core/errors.ts';
import type { ApiFailure, ApiResult, RequestPlace } from './apiFailure.ts';
import { answerFailure, apiFailed, isDeadConnection, transportFailure } from './apiFailure.ts';
import type { Credentials } from './credentials.ts';
import { createCredentialSource } from './credentials.ts';
import { proxyFor } from './proxy.ts';
import type { ResolvedTarget } from './target.ts';
import { openUpgrade } from './upgrade.ts';

export type Query = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** One request to the API server; `path` starts with a slash and is already encoded. */
export interface ApiRequest {
  readonly method?: 'GET' | 'PATCH' | 'PUT' | 'POST';
  readonly path: string;
  readonly query?: Query;
  readonly accept?: string;
  readonly contentType?: string;
  readonly body?: string;
  /** An endless answer (watch, follow): no limit on the silence before and between bytes. */
  readonly endless?: boolean;
}

/** The way to one cluster as one user: kept-alive connections, credentials, whole error bodies. */
export interface Transport {
  readonly server: string;
  readonly context: string;
  /** The parsed JSON of a successful answer. */
  json(request: ApiRequest, signal: AbortSignal): Promise<ApiResult<unknown>>;
  /** The bytes of a successful answer as they come; iterating throws when the connection is cut (see `cutOff`). */
  stream(request: ApiRequest, signal: AbortSignal): Promise<ApiResult<AsyncIterable<Uint8Array>>>;
  /** A WebSocket's raw connection after the handshake. */
  upgrade(
    request: ApiRequest,
    protocols: readonly string[],
    signal: AbortSignal,
  ): Promise<ApiResult<Upgraded>>;
  /** The failure for something thrown while reading a stream of this transport. */
  cutOff(thrown: unknown, signal: AbortSignal): ApiFailure;
  dispose(): Promise<void>;
}

export interface Upgraded {
  readonly socket: Duplex;
  readonly protocol: string;
}

export interface TransportOptions {
  readonly target: ResolvedTarget;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds for a connection, and again from the request to the first byte of its answer. */
  readonly timeoutMs: number;
}

/** One dispatcher, and the client certificate it was made with. */
interface Connection {
  readonly dispatcher: Promise<Dispatcher>;
  readonly certificate: string | undefined;
  readonly key: string | undefined;
}

type ResponseBody = Dispatcher.ResponseData['body'];

const cancelled = (): ApiResult<never> => apiFailed({ code: 'cancelled', message: 'Stopped.' });
/** Stopped with a change on its way: the one thing that must not be said is that nothing happened. */
const stoppedChange = (): ApiResult<never> =>
  apiFailed({
    code: 'cancelled',
    message:
      'Stopped after the change was sent: it may have been applied. Check with get before trying again.',
    reason: 'Sent',
  });
const changes = (request: ApiRequest): boolean => (request.method ?? 'GET') !== 'GET';

/**
 * Makes the transport of one target. Nothing is sent before the first request. Uses its own undici agent because
 * VS Code drops client certificates from patched `https` and `fetch` for every host but localhost.
 */
export function createTransport({ target, env, timeoutMs }: TransportOptions): Transport {
  const { cluster, context } = target;
  const credentials = createCredentialSource(target, env);
  const base = new URL(cluster.server);
  const basePath = base.pathname.replace(/\/+$/, '');
  let connections: Connection[] = [];

  const placeOf = (change: boolean): RequestPlace => ({
    server: cluster.server,
    context: context.name,
    timeoutMs,
    change,
  });

  async function connect(current: Credentials): Promise<ApiResult<Dispatcher>> {
    const last = connections.at(-1);
    const { certificate, key } = current;
    const same = last?.certificate === certificate && last?.key === key;
    // Kept before it is awaited, so that requests which start together share it. One made with an older certificate
    // may still carry requests: its connections end when idle, the rest on dispose.
    const connection =
      same && last
        ? last
        : { certificate, key, dispatcher: createDispatcher(target, current, env, timeoutMs) };
    if (connection !== last) connections.push(connection);
    try {
      return { ok: true, value: await connection.dispatcher };
    } catch (thrown) {
      connections = connections.filter((other) => other !== connection);
      return apiFailed({
        code: 'invalid',
        message: `The connection to ${cluster.server} (context ${context.name}) cannot be set up: ${messageOf(thrown)}. Nothing was sent; correct the kubeconfig.`,
      });
    }
  }

  /** Runs one attempt with credentials, and once more after a 401 that newer credentials may cure. */
  async function authorized<T>(
    signal: AbortSignal,
    attempt: (dispatcher: Dispatcher, headers: Credentials['headers']) => Promise<ApiResult<T>>,
  ): Promise<ApiResult<T>> {
    for (let round = 1; ; round++) {
      if (signal.aborted) return cancelled();
      const current = await credentials.get(signal);
      if (!current.ok) return current;
      const dispatcher = await connect(current.value);
      if (!dispatcher.ok) return dispatcher;
      const answer = await attempt(dispatcher.value, current.value.headers);
      if (answer.ok || answer.failure.status !== 401 || round === 2 || !credentials.renew()) return answer;
    }
  }

  async function open(request: ApiRequest, signal: AbortSignal): Promise<ApiResult<ResponseBody>> {
    return authorized<ResponseBody>(signal, async (dispatcher, headers) => {
      for (let attempt = 1; ; attempt++) {
        try {
          const { statusCode, body } = await dispatcher.request({
            origin: base.origin,
            path: basePath + request.path + queryText(request.query),
            method: request.method ?? 'GET',
            headers: headersOf(request, headers),
            body: request.body ?? null,
            headersTimeout: request.endless ? 0 : timeoutMs,
            bodyTimeout: request.endless ? 0 : Math.max(timeoutMs, 60_000),
            signal,
          });
          if (statusCode < 300) return { ok: true, value: body };
          return apiFailed(answerFailure(statusCode, await body.text(), placeOf(changes(request))));
        } catch (thrown) {
          if (signal.aborted) return changes(request) ? stoppedChange() : cancelled();
          if (attempt === 1 && !changes(request) && isDeadConnection(thrown)) continue;
          return apiFailed(transportFailure(thrown, placeOf(changes(request))));
        }
      }
    });
  }

  return {
    server: cluster.server,
    context: context.name,
    stream: open,
    async json(request, signal) {
      const opened = await open(request, signal);
      if (!opened.ok) return opened;
      let text: string;
      try {
        text = await opened.value.text();
      } catch (thrown) {
        return signal.aborted ? cancelled() : apiFailed(transportFailure(thrown, placeOf(changes(request))));
      }
      try {
        return { ok: true, value: JSON.parse(text) as unknown };
      } catch {
        return apiFailed({
          code: 'failed',
          message: `${cluster.server} (context ${context.name}) did not answer like a Kubernetes API: its answer is not JSON. Check the server in the kubeconfig, or a proxy on the way.`,
          cause: text.slice(0, 2000),
        });
      }
    },
    upgrade: (request, protocols, signal) =>
      authorized<Upgraded>(signal, async (dispatcher, headers) => {
        const answer = await openUpgrade(
          dispatcher,
          {
            origin: base.origin,
            path: basePath + request.path + queryText(request.query),
            headers: { 'user-agent': userAgent, ...headers },
            timeoutMs,
          },
          protocols,
          signal,
        );
        if (answer.kind === 'open')
          return { ok: true, value: { socket: answer.socket, protocol: answer.protocol } };
        if (answer.kind === 'refused')
          return apiFailed(answerFailure(answer.status, answer.body, placeOf(true)));
        return signal.aborted ? cancelled() : apiFailed(transportFailure(answer.thrown, placeOf(true)));
      }),
    cutOff: (thrown, signal) =>
      signal.aborted ? { code: 'cancelled', message: 'Stopped.' } : transportFailure(thrown, placeOf(false)),
    async dispose() {
      const all = connections.splice(0);
      const ends = all.map(async (connection) => (await connection.dispatcher).destroy());
      await Promise.allSettled(ends);
    },
  };
}

const userAgent = 'incident-response';

function headersOf(
  request: ApiRequest,
  credentials: Credentials['headers'],
): Record<string, string | string[]> {
  return {
    accept: request.accept ?? 'application/json',
    'user-agent': userAgent,
    ...(request.body === undefined ? {} : { 'content-type': request.contentType ?? 'application/json' }),
    ...credentials,
  };
}

function queryText(query: Query | undefined): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value === undefined || value === false) continue;
    for (const one of Array.isArray(value) ? value : [value]) parameters.append(name, String(one));
  }
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}

async function createDispatcher(
  { cluster }: ResolvedTarget,
  credentials: Credentials,
  env: Readonly<Record<string, string | undefined>>,
  timeoutMs: number,
): Promise<Dispatcher> {
  const authority = cluster.certificateAuthorityData
    ? Buffer.from(cluster.certificateAuthorityData, 'base64').toString('utf8')
    : cluster.certificateAuthorityFile && (await readFile(cluster.certificateAuthorityFile, 'utf8'));
  const tls = {
    ...(authority ? { ca: authority } : {}),
    ...(credentials.certificate ? { cert: credentials.certificate } : {}),
    ...(credentials.key ? { key: credentials.key } : {}),
    ...(cluster.tlsServerName ? { servername: cluster.tlsServerName } : {}),
    rejectUnauthorized: !cluster.insecureSkipTlsVerify,
  };
  // HTTP/1.1 only: a WebSocket needs it, and one slow log must not hold back the others on a shared connection.
  const common = { allowH2: false, pipelining: 1, keepAliveTimeout: 30_000 };
  const proxy = proxyFor(cluster.server, cluster.proxyUrl, env);
  if (proxy === undefined) return new Agent({ ...common, connect: { ...tls, timeout: timeoutMs } });
  return new ProxyAgent({
    ...common,
    uri: proxy,
    requestTls: tls,
    proxyTunnel: true,
    connectTimeout: timeoutMs,
  });
}
