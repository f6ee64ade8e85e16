import type { Duplex } from 'node:stream';
import type { Dispatcher } from 'undici';
import { messageOf } from '../../../core/errors.ts';
import { classifyConnectionError } from '../../../core/connectionError.ts';
import type { ApiFailure, ApiResult, RequestPlace } from './apiFailure.ts';
import { answerFailure, apiFailed, isDeadConnection, transportFailure } from './apiFailure.ts';
import type { Credentials } from './credentials.ts';
import { expiredCertificateWords, explainTlsFailure, findRefusal } from './certificateFailure.ts';
import { createCredentialSource } from './credentials.ts';
import { createDispatcher, type ClusterConnections } from './dispatcher.ts';
import { retryAfterMs } from '../../../core/retryAfter.ts';
import { busyAttempts, longestWaitMs, waitUnlessStopped } from './waitForBusy.ts';
import type { ResolvedTarget } from './target.ts';
import { openUpgrade } from './upgrade.ts';

export type Query = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** One request to the API server; `path` starts with a slash and is already encoded. */
export interface ApiRequest {
  readonly method?: 'GET' | 'PATCH' | 'PUT' | 'POST' | 'DELETE';
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
  /** True when a request would start a credential plugin, which may open a browser. */
  wouldRunPlugin(): boolean;
  /** Tells what credential plugins print on standard error while they run; gives the way to end that. */
  onPluginOutput(listener: (text: string) => void): () => void;
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

/** The connections made with one client certificate. */
interface Connection {
  readonly made: Promise<ClusterConnections>;
  readonly certificate: string | undefined;
  readonly key: string | undefined;
}

/** One way to the server: its connections and who is asking. */
interface Way {
  readonly connections: ClusterConnections;
  readonly current: Credentials;
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
/** Where one asks about permissions: nothing is kept of what is posted there. */
const reviewPath = '/apis/authorization.k8s.io/';

const stoppedCommand = (): ApiResult<never> =>
  apiFailed({
    code: 'cancelled',
    message: 'Stopped while the command was being started; it may be running in the container.',
    reason: 'Sent',
  });
/** A dry run keeps nothing, and a review of one's own permissions is a question though it is posted. */
const changes = ({ method = 'GET', query, path }: ApiRequest): boolean =>
  method !== 'GET' && query?.['dryRun'] === undefined && !(method === 'POST' && path.startsWith(reviewPath));

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

  const placeOf = (change: boolean, way?: Way): RequestPlace => {
    const signIn = way && signInWords(way.current, target);
    return {
      server: cluster.server,
      context: context.name,
      timeoutMs,
      change,
      ...(signIn === undefined ? {} : { signIn }),
      ...(way?.connections.proxy === undefined ? {} : { proxy: way.connections.proxy }),
    };
  };

  async function connect(current: Credentials): Promise<ApiResult<ClusterConnections>> {
    const last = connections.at(-1);
    const { certificate, key } = current;
    const same = last?.certificate === certificate && last?.key === key;
    // Kept before it is awaited, so that requests which start together share it. One made with an older certificate
    // may still carry requests: its connections end when idle, the rest on dispose.
    const connection =
      same && last ? last : { certificate, key, made: createDispatcher(target, current, env, timeoutMs) };
    if (connection !== last) connections.push(connection);
    try {
      return { ok: true, value: await connection.made };
    } catch (thrown) {
      connections = connections.filter((other) => other !== connection);
      return apiFailed({
        code: 'invalid',
        message: `The connection to ${cluster.server} (context ${context.name}) cannot be set up: ${messageOf(thrown)}. Nothing was sent; correct the kubeconfig.`,
      });
    }
  }

  /** Why there was no answer; a certificate authority that has been renewed in its file is read for the next one. */
  async function noAnswer(thrown: unknown, change: boolean, way: Way, signal: AbortSignal) {
    const { kind } = classifyConnectionError(thrown);
    const { tls } = way.connections;
    const mayBeRefused = kind === 'cut' && !change && way.current.certificate !== undefined;
    const refusal = mayBeRefused && tls !== undefined ? await findRefusal(tls, signal) : undefined;
    if (kind !== 'certificate' && refusal === undefined)
      return apiFailed(transportFailure(thrown, placeOf(change, way)));
    connections = connections.filter(({ certificate }) => certificate !== way.current.certificate);
    return apiFailed(
      await explainTlsFailure(refusal ?? thrown, placeOf(change, way), way.connections, way.current, signal),
    );
  }

  /** Runs one attempt with credentials, and once more after a 401 that newer credentials may cure. */
  async function authorized<T>(
    signal: AbortSignal,
    attempt: (way: Way) => Promise<ApiResult<T>>,
  ): Promise<ApiResult<T>> {
    for (let round = 1; ; round++) {
      if (signal.aborted) return cancelled();
      const current = await credentials.get(signal);
      if (!current.ok) return current;
      const made = await connect(current.value);
      if (!made.ok) return made;
      const answer = await attempt({ connections: made.value, current: current.value });
      if (answer.ok || answer.failure.status !== 401 || round === 2) return answer;
      if (!credentials.renew(current.value)) return answer;
    }
  }

  async function open(request: ApiRequest, signal: AbortSignal): Promise<ApiResult<ResponseBody>> {
    const change = changes(request);
    return authorized<ResponseBody>(signal, async (way) => {
      const { dispatcher } = way.connections;
      let reconnected = false;
      for (let attempt = 1; ; attempt++) {
        try {
          const { statusCode, headers, body } = await dispatcher.request({
            origin: base.origin,
            path: basePath + request.path + queryText(request.query),
            method: request.method ?? 'GET',
            headers: headersOf(request, way.current.headers),
            body: request.body ?? null,
            headersTimeout: request.endless ? 0 : timeoutMs,
            bodyTimeout: request.endless ? 0 : Math.max(timeoutMs, 60_000),
            signal,
          });
          if (statusCode < 300) return { ok: true, value: body };
          const failure = answerFailure(statusCode, await body.text(), placeOf(change, way));
          const wait = retryAfterMs(statusCode, headers['retry-after'], Date.now());
          if (wait === undefined) return apiFailed(failure);
          if (change || attempt >= busyAttempts || wait > longestWaitMs)
            return apiFailed(busy(failure, wait));
          await waitUnlessStopped(wait, signal);
          if (signal.aborted) return cancelled();
        } catch (thrown) {
          if (signal.aborted) return change ? stoppedChange() : cancelled();
          if (reconnected || change || !isDeadConnection(thrown))
            return noAnswer(thrown, change, way, signal);
          reconnected = true;
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
        if (signal.aborted) return changes(request) ? stoppedChange() : cancelled();
        return apiFailed(transportFailure(thrown, placeOf(changes(request))));
      }
      try {
        return { ok: true, value: JSON.parse(text) as unknown };
      } catch {
        return apiFailed({
          code: 'failed',
          message: `${cluster.server} (context ${context.name}) did not answer like a Kubernetes API: its answer is not JSON. ${changes(request) ? 'The change was sent and may have been applied: check with get before trying again, and look at' : 'Check'} the server in the kubeconfig, or a proxy on the way.`,
          cause: text.slice(0, 2000),
        });
      }
    },
    upgrade: (request, protocols, signal) =>
      authorized<Upgraded>(signal, async (way) => {
        const answer = await openUpgrade(
          way.connections.dispatcher,
          {
            origin: base.origin,
            path: basePath + request.path + queryText(request.query),
            headers: { 'user-agent': userAgent, ...way.current.headers },
            timeoutMs,
          },
          protocols,
          signal,
        );
        if (answer.kind === 'open')
          return { ok: true, value: { socket: answer.socket, protocol: answer.protocol } };
        if (answer.kind === 'refused')
          return apiFailed(answerFailure(answer.status, answer.body, placeOf(true, way)));
        return signal.aborted ? stoppedCommand() : noAnswer(answer.thrown, true, way, signal);
      }),
    cutOff: (thrown, signal) =>
      signal.aborted ? { code: 'cancelled', message: 'Stopped.' } : transportFailure(thrown, placeOf(false)),
    wouldRunPlugin: () => credentials.wouldRunPlugin(),
    onPluginOutput: (listener) => credentials.onPluginOutput(listener),
    async dispose() {
      const all = connections.splice(0);
      const ends = all.map(async (connection) => (await connection.made).dispatcher.destroy());
      await Promise.allSettled(ends);
    },
  };
}

const userAgent = 'incident-response';

/** What a busy server asked for, told where nobody waits for it: before a change, or when it is too long. */
function busy(failure: ApiFailure, waitMs: number): ApiFailure {
  const seconds = Math.ceil(waitMs / 1000);
  return {
    ...failure,
    message: `${failure.message.trimEnd().replace(/[.]$/, '')}. The server is busy and asks to wait ${seconds} s; nothing was changed, run this step again then.`,
  };
}

/** What is known about the credentials that a 401 was the answer to. */
function signInWords(current: Credentials, { user, cluster }: ResolvedTarget): string | undefined {
  const expired = expiredCertificateWords(current.certificate);
  if (expired !== undefined) return expired;
  if (current.headers['Authorization'] !== undefined || current.certificate !== undefined) return undefined;
  return /^http:/i.test(cluster.server)
    ? 'Nothing was changed; credentials are never sent over plain http: the server in the kubeconfig must begin with https:.'
    : `Nothing was changed; ${user === undefined ? 'the context has no user' : `user ${user.name} has no credentials`} in the kubeconfig.`;
}

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
