import * as v from 'valibot';
import { classifyConnectionError } from '../core/connectionError.ts';
import type { ErrorCode, Failure, Result } from '../core/errors.ts';
import { messageOf } from '../core/errors.ts';
import type { DeliveryResult } from '../core/deliveries/deliveryPort.ts';
import type { DeliveryRetry } from '../core/deliveries/delivery.ts';
import type { Signal } from '../core/ports.ts';
import { retryAfterMs } from '../core/retryAfter.ts';

/** Global `fetch` (the person's proxy and certificate authorities), or a test's own. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** Ten seconds without an answer count as none, ms. */
export const answerTimeoutMs = 10_000;
/** An answer longer than this is not read on, bytes: nothing we ask for is near it. */
const longestAnswer = 8 * 1024 * 1024;

export interface JsonRequest {
  /** How the system is called in sentences: `GitHub`. */
  readonly system: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** What to call what is asked, after "could not": `create the issue`. */
  readonly what: string;
  readonly timeoutMs?: number;
}

/** What a sentence about a request has to name. */
export type Asked = Pick<JsonRequest, 'system' | 'what'>;

/** A failed call with what decides about trying again. */
export interface ApiFailure extends Failure {
  readonly status?: number;
  readonly retry: DeliveryRetry;
  readonly retryAfterMs?: number;
  /** The other side's own code or message, for a caller that branches on it. */
  readonly said?: string;
  /** The body of the refusal, when it was JSON. */
  readonly body?: unknown;
  /** The refusal's headers: what a service says of its limits. */
  readonly headers?: Headers;
  /** The other side may have done it all the same: no answer, half an answer, or an error of its own. */
  readonly mayBeDone?: boolean;
}

export type ApiResult<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: ApiFailure };

export interface JsonAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed; undefined for an empty answer. */
  readonly body: unknown;
}

/**
 * One JSON request to a service on the web. Never throws. No answer, a cut connection, 429 and 5xx are worth another
 * try by themselves; a refusal waits for a person. `explain` finds the service's own words in a refusal's body.
 */
export async function askJson(
  fetch: Fetch,
  request: JsonRequest,
  signal: Signal,
  explain: (body: unknown, status: number) => string | undefined,
): Promise<ApiResult<JsonAnswer>> {
  const stop = new AbortController();
  const onAbort = (): void => stop.abort();
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  const timeout = AbortSignal.timeout(request.timeoutMs ?? answerTimeoutMs);
  try {
    const response = await fetch(request.url, {
      method: request.method,
      headers: {
        accept: 'application/json',
        ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...request.headers,
      },
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      // A redirect would carry the token to a place nobody connected.
      redirect: 'manual',
      signal: AbortSignal.any([stop.signal, timeout]),
    });
    const text = await readText(response);
    const body = parse(text);
    if (response.ok) {
      if (text !== '' && body === undefined)
        return { ok: false, failure: halfAnswer(request, response.status) };
      return { ok: true, value: { status: response.status, headers: response.headers, body } };
    }
    return { ok: false, failure: refusal(request, response, body, explain(body, response.status)) };
  } catch (thrown) {
    return { ok: false, failure: noAnswer(request, thrown, signal.aborted, timeout.aborted) };
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

async function readText(response: Response): Promise<string> {
  const bytes = await response.arrayBuffer();
  if (bytes.byteLength > longestAnswer) throw new Error('the answer is too long');
  return new TextDecoder().decode(bytes);
}

function parse(text: string): unknown {
  try {
    return text === '' ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return undefined;
  }
}

/** Reads an answer's body by a schema; one that does not fit was not understood, and that is said. */
export function readAnswer<T>(
  { system, what }: Asked,
  schema: v.GenericSchema<unknown, T>,
  body: unknown,
): ApiResult<T> {
  const parsed = v.safeParse(schema, body);
  if (parsed.success) return { ok: true, value: parsed.output };
  const [issue] = parsed.issues;
  return {
    ok: false,
    failure: {
      code: 'failed',
      message: `${system} answered, but not as its documentation says, so it is not known whether it could ${what}. Look there, then retry or mark it as done by hand.`,
      cause: `${v.getDotPath(issue) ?? 'the answer'}: ${issue.message}`,
      retry: 'person',
      mayBeDone: true,
    },
  };
}

/** An answer that ended in the middle. */
export const halfAnswer = ({ system, what }: Asked, status: number): ApiFailure => ({
  code: 'failed',
  message: `${system} broke off in the middle of its answer, so it is not known whether it could ${what}. Before another try it is asked.`,
  status,
  retry: 'automatic',
  mayBeDone: true,
});

/** An answer whose HTTP status is no success; `said` are the service's own words. */
export function refusal(
  { system, what }: Asked,
  { status, headers }: Pick<Response, 'status' | 'headers'>,
  body: unknown,
  said: string | undefined,
): ApiFailure {
  const words = said === undefined ? '' : `: ${said.replace(/\s+/g, ' ').slice(0, 300)}`;
  const wait = retryAfterMs(status, headers.get('retry-after') ?? undefined, Date.now());
  const more = {
    status,
    headers,
    ...(said === undefined ? {} : { said }),
    ...(body === undefined ? {} : { body }),
    ...(status >= 500 ? { mayBeDone: true } : {}),
  };
  const as = (code: ErrorCode, message: string, retry: DeliveryRetry = 'person'): ApiFailure => ({
    code,
    message,
    retry,
    ...more,
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
  });
  if (status === 429)
    return as('failed', `${system} asks to wait (429). It is tried again by itself.`, 'automatic');
  if (status >= 500)
    return as(
      'failed',
      `${system} failed (${status}) and could not ${what}${words}. It is tried again by itself.`,
      'automatic',
    );
  if (status === 401)
    return as(
      'unauthorized',
      `${system} refused the token (401)${words}. Reconnect with Incident: Connect, then retry.`,
    );
  if (status === 403)
    return as(
      'forbidden',
      `${system} does not allow this token to ${what} (403)${words}. Give it the permission, then retry.`,
    );
  if (status === 404)
    return as('not-found', `${system} does not know what was addressed, to ${what} (404)${words}.`);
  if (status >= 300 && status < 400)
    return as(
      'failed',
      `${system} answered with a redirect (${status}), which is not followed with a token. Check its base URL.`,
    );
  return as(
    status === 409 ? 'conflict' : 'invalid',
    `${system} refused to ${what} (${status})${words}. Nothing of the incident is lost; change it and retry.`,
  );
}

/** What `fetch` threw: `stopped` by us, or too `late`. */
export function noAnswer(
  { system, what }: Asked,
  thrown: unknown,
  stopped: boolean,
  late: boolean,
): ApiFailure {
  if (stopped)
    return {
      code: 'cancelled',
      message: `Stopped before ${system} answered.`,
      retry: 'automatic',
      mayBeDone: true,
    };
  if (late)
    return {
      code: 'timeout',
      message: `${system} gave no answer in time, so it is not known whether it could ${what}. Before another try it is asked.`,
      retry: 'automatic',
      mayBeDone: true,
    };
  const { kind, said, cause } = classifyConnectionError(thrown);
  const as = (message: string, retry: DeliveryRetry = 'automatic'): ApiFailure => ({
    code: 'unreachable',
    message,
    cause,
    retry,
  });
  switch (kind) {
    case 'not-reached':
    case 'connect-timeout':
      return as(`${system} cannot be reached (${said}). It is sent as soon as it can be.`);
    case 'certificate':
      return as(
        `${system} showed a certificate that is not trusted (${said}). Nothing was sent; check its base URL and your certificate authorities.`,
        'person',
      );
    case 'proxy':
      return as(
        `The proxy refused the way to ${system} (${said}). Nothing was sent; check the proxy.`,
        'person',
      );
    case 'aborted':
    case 'answer-timeout':
    case 'cut':
      return {
        ...as(
          `The connection to ${system} broke before it answered, so it is not known whether it could ${what}. Before another try it is asked.`,
        ),
        mayBeDone: true,
      };
  }
}

/** A failed call as a delivery's end. */
export const deliveryFailed = (failure: ApiFailure): DeliveryResult => ({
  kind: 'failed',
  failure: told(failure),
  retry: failure.retry,
  ...(failure.retryAfterMs === undefined ? {} : { retryAfterMs: failure.retryAfterMs }),
});

/** What of a failure may be kept and shown: nothing of the answer itself. */
const told = ({ code, message, cause, status }: ApiFailure): Failure & { readonly status?: number } => ({
  code,
  message,
  ...(cause === undefined ? {} : { cause }),
  ...(status === undefined ? {} : { status }),
});

/** What went wrong inside of ours: told, not thrown. */
export const unexpected = (system: string, thrown: unknown): DeliveryResult => ({
  kind: 'failed',
  failure: {
    code: 'failed',
    message: `Sending to ${system} went wrong on our side, so it is not known whether it got through. Look there, then retry.`,
    cause: messageOf(thrown),
  },
  retry: 'person',
});

/** A plain Result of a call, for what is no delivery. */
export const plainResult = <T>(result: ApiResult<T>): Result<T> =>
  result.ok ? result : { ok: false, failure: told(result.failure) };
