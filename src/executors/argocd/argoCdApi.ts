import { readFile } from 'node:fs/promises';
import { Agent, fetch as ownFetch } from 'undici';
import { messageOf } from '../../core/errors.ts';
import { classifyConnectionError } from '../../core/connectionError.ts';
import { answerFailure, transportFailure } from './apiFailure.ts';
import type { ArgoCdResult } from './applications.ts';
import { argoCdFailed } from './applications.ts';

/** An Argo CD server and who asks it. */
export interface ArgoCdServer {
  /** `https://argocd.example.com`, with the root path where it has one. */
  readonly baseUrl: string;
  /** An account's or a person's token; undefined while there is none. */
  readonly token: string | undefined;
  /** PEM file of a private certificate authority. */
  readonly caFile?: string | undefined;
  /** Do not check the server's certificate. */
  readonly insecure?: boolean | undefined;
}

export interface ApiRequest {
  readonly method?: 'GET' | 'POST' | 'PATCH';
  /** Behind the base URL, encoded, with a slash. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: object;
  /** What was to be done, to go on after "may not" and "could not": `roll back web`. */
  readonly doing: string;
}

/** The way to one Argo CD server's API. */
export interface ArgoCdApi {
  readonly baseUrl: string;
  /** The parsed JSON of a successful answer. A change is sent once, whatever happens. */
  json(request: ApiRequest, signal: AbortSignal): Promise<ArgoCdResult<unknown>>;
}

type Fetch = typeof fetch;

export interface ArgoCdApiOptions {
  readonly server: ArgoCdServer;
  /** Global `fetch` when absent: in VS Code it takes the person's proxy and certificate authorities. */
  readonly fetch?: Fetch | undefined;
  /** Milliseconds from the request to the whole answer. */
  readonly timeoutMs: number;
}

/** Speaks https://argo-cd.readthedocs.io/en/stable/developer-guide/api-docs/ with a bearer token. */
export function createArgoCdApi({ server, fetch: given, timeoutMs }: ArgoCdApiOptions): ArgoCdApi {
  const baseUrl = server.baseUrl.replace(/\/+$/, '');
  let trusting: Promise<Fetch> | undefined;

  /** A private authority needs an own agent: VS Code drops one that is given to global `fetch`. */
  const fetchOf = async (): Promise<Fetch> => {
    if (given) return given;
    if (server.caFile === undefined && !server.insecure) return fetch;
    trusting ??= trust(server);
    return trusting.catch((thrown: unknown) => {
      trusting = undefined;
      throw thrown;
    });
  };

  return {
    baseUrl,
    async json(request, signal) {
      const method = request.method ?? 'GET';
      const change = method !== 'GET';
      const place = { baseUrl, change, timeoutMs, doing: request.doing };
      if (!URL.canParse(baseUrl) || !/^https?:\/\//.test(baseUrl)) {
        return argoCdFailed({
          code: 'invalid',
          message: `${baseUrl} is not the address of an Argo CD server. Nothing was sent; correct the setting incident.argoCd.baseUrl.`,
        });
      }
      let send: Fetch;
      try {
        send = await fetchOf();
      } catch (thrown) {
        return argoCdFailed({
          code: 'invalid',
          message: `The certificate authority file for ${baseUrl} cannot be read: ${messageOf(thrown)}. Nothing was sent; correct the setting.`,
        });
      }
      if (signal.aborted) return argoCdFailed({ code: 'cancelled', message: 'Stopped.' });
      const timeout = AbortSignal.timeout(timeoutMs);
      let status: number | undefined;
      try {
        const response = await send(baseUrl + request.path + queryText(request.query), {
          method,
          headers: {
            accept: 'application/json',
            'user-agent': 'incident-response',
            ...(server.token === undefined ? {} : { authorization: `Bearer ${server.token}` }),
            // Argo CD refuses a change without it: https://argo-cd.readthedocs.io/en/stable/operator-manual/security/
            ...(change ? { 'content-type': 'application/json' } : {}),
          },
          ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
          redirect: 'manual',
          signal: AbortSignal.any([signal, timeout]),
        });
        status = response.status;
        const text = await response.text();
        if (!response.ok)
          return argoCdFailed(answerFailure(status, text, response.headers.get('retry-after'), place));
        return parseAnswer(text, baseUrl, change);
      } catch (thrown) {
        if (signal.aborted) {
          return argoCdFailed({
            code: 'cancelled',
            message: 'Stopped.',
            ...(change ? { uncertain: true } : {}),
          });
        }
        const error = classifyConnectionError(thrown);
        return argoCdFailed(
          transportFailure(timeout.aborted ? { ...error, kind: 'answer-timeout' } : error, place),
        );
      }
    },
  };
}

function parseAnswer(text: string, baseUrl: string, change: boolean): ArgoCdResult<unknown> {
  try {
    return { ok: true, value: JSON.parse(text) as unknown };
  } catch {
    return argoCdFailed({
      code: 'failed',
      message: `${baseUrl} did not answer like an Argo CD API: its answer is not JSON. Check incident.argoCd.baseUrl, its root path, or a proxy or sign-in page on the way.`,
      cause: text.slice(0, 2000),
      ...(change ? { uncertain: true } : {}),
    });
  }
}

async function trust({ caFile, insecure }: ArgoCdServer): Promise<Fetch> {
  const ca = caFile === undefined ? undefined : await readFile(caFile, 'utf8');
  const dispatcher = new Agent({
    connect: { ...(ca === undefined ? {} : { ca }), rejectUnauthorized: !insecure },
  });
  return ((url: string, init: object) => ownFetch(url, { ...init, dispatcher })) as unknown as Fetch;
}

function queryText(query: ApiRequest['query']): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {}))
    if (value !== undefined && value !== '') parameters.set(name, value);
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}
