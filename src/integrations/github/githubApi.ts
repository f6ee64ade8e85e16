import type * as v from 'valibot';
import type { Signal } from '../../core/ports.ts';
import { retryAfterMs } from '../../core/retryAfter.ts';
import type { ApiFailure, ApiResult, Fetch, JsonAnswer, JsonRequest } from '../askJson.ts';
import { askJson, readAnswer } from '../askJson.ts';
import { inWordsOf } from '../callFailure.ts';

export interface GitHubCall {
  readonly method: JsonRequest['method'];
  /** From the base URL on, with its query. */
  readonly path: string;
  readonly body?: unknown;
  /** After "could not": `create the issue`. */
  readonly what: string;
  /** What is addressed, for a 404: `techcorp/payments`. */
  readonly addressed: string;
}

export interface GitHubApi {
  ask(call: GitHubCall): Promise<ApiResult<JsonAnswer>>;
  /** `ask`, with the answer's body read by a schema. */
  read<T>(call: GitHubCall, schema: v.GenericSchema<unknown, T>): Promise<ApiResult<T>>;
}

export interface GitHubConnection {
  readonly fetch: Fetch;
  /** `https://api.github.com`, or `https://HOST/api/v3` of an Enterprise Server. */
  readonly baseUrl: string;
  readonly token: string;
  readonly signal: Signal;
  readonly timeoutMs: number;
}

/**
 * GitHub's REST API, version 2022-11-28: https://docs.github.com/rest. A renamed repository or a transferred issue is
 * followed to where GitHub says it is, on the same server.
 */
export function createGitHubApi({ fetch, baseUrl, token, signal, timeoutMs }: GitHubConnection): GitHubApi {
  const base = baseUrl.replace(/\/+$/, '');
  const send = (url: string, { method, body, what }: GitHubCall): Promise<ApiResult<JsonAnswer>> =>
    askJson(
      fetch,
      {
        system: 'GitHub',
        method,
        url,
        what,
        timeoutMs,
        headers: {
          accept: 'application/vnd.github+json',
          authorization: `Bearer ${token}`,
          'user-agent': 'incident-response',
          'x-github-api-version': '2022-11-28',
        },
        ...(body === undefined ? {} : { body }),
      },
      signal,
      explainGitHub,
    );
  const ask = async (call: GitHubCall): Promise<ApiResult<JsonAnswer>> => {
    const asked = await send(`${base}${call.path}`, call);
    const moved = asked.ok ? undefined : movedTo(asked.failure, base);
    const answer = moved === undefined ? asked : await send(moved, call);
    return answer.ok ? answer : { ok: false, failure: sayMore(answer.failure, call) };
  };
  return {
    ask,
    async read(call, schema) {
      const answer = await ask(call);
      return answer.ok
        ? readAnswer({ system: 'GitHub', what: call.what }, schema, answer.value.body)
        : answer;
    },
  };
}

/**
 * GitHub's own words: its message and what it has against single fields
 * (https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api#validation-failed).
 */
export function explainGitHub(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const { message, errors } = body as { readonly message?: unknown; readonly errors?: unknown };
  const details = (Array.isArray(errors) ? (errors as readonly unknown[]) : []).map((error) => {
    if (typeof error === 'string') return error;
    const { field, code, message: said } = (error ?? {}) as Readonly<Record<string, unknown>>;
    if (typeof said === 'string' && said !== '') return said;
    return [field, code].filter((part) => typeof part === 'string').join(' ');
  });
  const words = [typeof message === 'string' ? message : '', details.filter(Boolean).join(', ')];
  return words.filter(Boolean).join(': ') || undefined;
}

/** Where GitHub says it is now; never another server, which would get the token. */
function movedTo({ status, headers, body }: ApiFailure, base: string): string | undefined {
  if (status === undefined || ![301, 302, 307, 308].includes(status)) return undefined;
  const said = (body as { readonly url?: unknown } | undefined)?.url;
  const address = headers?.get('location') ?? (typeof said === 'string' ? said : '');
  if (!URL.canParse(address, base)) return undefined;
  const url = new URL(address, base);
  return url.origin === new URL(base).origin ? url.href : undefined;
}

function sayMore(failure: ApiFailure, { what, addressed }: GitHubCall): ApiFailure {
  const words = inWordsOf(failure.said);
  const wait = limitWaitMs(failure);
  if (wait !== undefined)
    return {
      ...failure,
      code: 'failed',
      message: `GitHub asks to wait (${failure.status})${words}. It is tried again by itself in ${Math.ceil(wait / 60_000)} min.`,
      retry: 'automatic',
      retryAfterMs: wait,
    };
  switch (failure.status) {
    case 404:
      return {
        ...failure,
        message: `GitHub answers that ${addressed} is not there or that this token does not see it (404), so it could not ${what}. Check its name and the token's access, then retry.`,
      };
    case 410:
      return {
        ...failure,
        code: 'conflict',
        message: addressed.includes('#')
          ? `${addressed} was deleted, so GitHub could not ${what} (410)${words}. Mark it as done by hand.`
          : `GitHub could not ${what} (410)${words}. Turn issues on in the settings of ${addressed} and retry, or mark it as done by hand.`,
      };
    default:
      return failure;
  }
}

/**
 * How long a rate limit asks to wait, ms; undefined when it is none. Both kinds come as 403 or 429:
 * https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit
 */
function limitWaitMs({ status, headers, said = '' }: ApiFailure): number | undefined {
  if ((status !== 403 && status !== 429) || !headers) return undefined;
  const now = Date.parse(headers.get('date') ?? '') || Date.now();
  const asked = retryAfterMs(429, headers.get('retry-after') ?? undefined, now);
  if (asked !== undefined) return asked;
  const reset = Number(headers.get('x-ratelimit-reset') ?? NaN) * 1000;
  if (headers.get('x-ratelimit-remaining') === '0' && !Number.isNaN(reset)) return Math.max(0, reset - now);
  // Without either header GitHub asks for at least a minute.
  return status === 429 || /secondary rate limit|abuse detection/i.test(said) ? 60_000 : undefined;
}
