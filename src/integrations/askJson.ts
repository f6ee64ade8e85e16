import * as v from 'valibot';
import type { Failure, Result } from '../core/errors.ts';
import { messageOf } from '../core/errors.ts';
import type { DeliveryResult } from '../core/deliveries/deliveryPort.ts';
import type { DeliveryRetry } from '../core/deliveries/delivery.ts';
import type { Signal } from '../core/ports.ts';
import type { Asked } from './callFailure.ts';
import { halfAnswer, noAnswer, refusal, tooLong, unsendable } from './callFailure.ts';

/** Global `fetch` (the person's proxy and certificate authorities), or a test's own. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** Ten seconds without an answer count as none, ms. */
export const answerTimeoutMs = 10_000;
/** An answer longer than this is not read on, bytes: nothing we ask for is near it. */
export const longestAnswer = 8 * 1024 * 1024;

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
  /** `ignored`: any 2xx is the whole answer; what comes behind its head is not waited for. JSON unless told. */
  readonly answer?: 'json' | 'ignored';
  /** What is done about a call whose end is not known, as a sentence; unless told, the service is asked first. */
  readonly inDoubt?: string;
}

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
 * One JSON request to a service on the web. Never throws. No answer, a cut connection, 408, 420, 429 and 5xx are worth
 * another try by themselves; a refusal waits for a person. `explain` finds the service's own words in a refusal's body.
 */
export async function askJson(
  fetch: Fetch,
  request: JsonRequest,
  signal: Signal,
  explain: (body: unknown, status: number) => string | undefined,
): Promise<ApiResult<JsonAnswer>> {
  const headers = headersOf(request);
  if (!headers) return { ok: false, failure: unsendable(request) };
  const stop = new AbortController();
  const onAbort = (): void => stop.abort();
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  const timeout = AbortSignal.timeout(request.timeoutMs ?? answerTimeoutMs);
  try {
    const response = await fetch(request.url, {
      method: request.method,
      headers,
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      // A redirect would carry the token to a place nobody connected.
      redirect: 'manual',
      signal: AbortSignal.any([stop.signal, timeout]),
    });
    const { status } = response;
    if (!response.ok) {
      const body = parse(await readRefusal(response, signal));
      return { ok: false, failure: refusal(request, response, body, explain(body, status)) };
    }
    if (request.answer === 'ignored') {
      response.body?.cancel().catch(() => undefined);
      return { ok: true, value: { status, headers: response.headers, body: undefined } };
    }
    const text = await readText(response);
    if (text === undefined) return { ok: false, failure: tooLong(request, status) };
    const body = parse(text);
    if (text !== '' && body === undefined) return { ok: false, failure: halfAnswer(request, status) };
    return { ok: true, value: { status, headers: response.headers, body } };
  } catch (thrown) {
    return { ok: false, failure: noAnswer(request, thrown, signal.aborted, timeout.aborted) };
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** Undefined where fetch would throw, with the token or the address's password in its words. */
function headersOf({ url, headers, body }: JsonRequest): Headers | undefined {
  if (!URL.canParse(url)) return undefined;
  const { username, password } = new URL(url);
  if (username || password) return undefined;
  try {
    return new Headers({
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    });
  } catch {
    return undefined;
  }
}

/** Undefined when it is longer than anything we ask for. */
export async function readText(response: Response): Promise<string | undefined> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  // Leaving the loop early ends the connection: the rest is not fetched.
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > longestAnswer) return undefined;
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** The status has said what counts: a refusal whose words are lost on the way is a refusal still. */
const readRefusal = (response: Response, signal: Signal): Promise<string> =>
  readText(response).then(
    (text) => text ?? '',
    (thrown: unknown) => {
      if (signal.aborted) throw thrown;
      return '';
    },
  );

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
