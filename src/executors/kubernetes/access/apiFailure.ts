import * as v from 'valibot';
import type { ErrorCode, Failure } from '../../../core/errors.ts';
import { classifyConnectionError } from '../../../core/connectionError.ts';

/** A failure of the Kubernetes API, or of the way to it. */
export interface ApiFailure extends Failure {
  /** The HTTP status, when there was an answer. */
  readonly status?: number;
  /** The API's reason, `NotFound`. */
  readonly reason?: string;
  /** What to do next, for the person: not a part of the message, which is worded as kubectl words it. */
  readonly advice?: string;
  /** A command line that a person can run to get over it. */
  readonly remedy?: string;
}

export type ApiResult<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: ApiFailure };

/** Where a request went, for the sentence. */
export interface RequestPlace {
  readonly server: string;
  readonly context: string;
  /** Milliseconds waited for a connection, and then again for the first byte. */
  readonly timeoutMs: number;
  /** True for a request that changes something. */
  readonly change: boolean;
  /** What is known about the credentials that were sent, as a sentence after a 401. */
  readonly signIn?: string;
  /** The proxy on the way, without its password. */
  readonly proxy?: string;
}

const statusSchema = v.object({
  kind: v.literal('Status'),
  message: v.nullish(v.string()),
  reason: v.nullish(v.string()),
  code: v.nullish(v.number()),
});

export const apiFailed = (failure: ApiFailure): { ok: false; failure: ApiFailure } => ({
  ok: false,
  failure,
});

const codeOfStatus = (status: number): ErrorCode => {
  if (status === 401) return 'unauthorized';
  if (status === 403) return 'forbidden';
  if (status === 404) return 'not-found';
  if (status === 409) return 'conflict';
  if (status === 400 || status === 422) return 'invalid';
  return 'failed';
};

/**
 * The failure of an answer with an error status, worded as kubectl words it, with the whole body as its cause.
 * https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/
 */
export function answerFailure(status: number, body: string, place: RequestPlace): ApiFailure {
  const parsed = v.safeParse(statusSchema, parseJson(body));
  const reason = (parsed.success ? parsed.output.reason : undefined) ?? undefined;
  const message = parsed.success ? parsed.output.message : undefined;
  const failure = {
    code: codeOfStatus(status),
    status,
    cause: body,
    ...(reason === undefined ? {} : { reason }),
  };
  if (status === 401) {
    return {
      ...failure,
      message: `${place.server} (context ${place.context}) did not accept your credentials (401 Unauthorized). ${place.signIn ?? signInAgain}`,
    };
  }
  if (message) {
    return {
      ...failure,
      message: `Error from server${reason ? ` (${reason})` : ''}: ${message}`,
      ...(status === 403 ? { advice: askForAccess(place.context) } : {}),
    };
  }
  const said = body.trim() || 'no explanation';
  return { ...failure, message: `${place.server} (context ${place.context}) answered ${status}: ${said}` };
}

const signInAgain = 'Nothing was changed; sign in to the cluster again, then run this step again.';
const askForAccess = (context: string): string =>
  `Nothing was changed; the user of context ${context} lacks this permission: ask whoever manages access to the cluster, or pin a context that has it.`;

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/**
 * The failure of a request that got no answer. For a change that had already been sent it says that it may have been
 * applied; where the request certainly never left it says that nothing was changed.
 */
export function transportFailure(thrown: unknown, place: RequestPlace): ApiFailure {
  const error = classifyConnectionError(thrown);
  const through = place.proxy === undefined ? '' : ` through the proxy ${place.proxy}`;
  const where = `${place.server} (context ${place.context})${through}`;
  const seconds = Math.round(place.timeoutMs / 100) / 10;
  const fail = (code: ErrorCode, message: string): ApiFailure => ({ code, message, cause: error.cause });
  switch (error.kind) {
    case 'aborted':
      return fail('cancelled', 'Stopped.');
    case 'proxy':
      return fail(
        'unreachable',
        `The proxy on the way to ${where} answered ${error.said}. Nothing was sent; check the proxy settings.`,
      );
    case 'not-reached':
      return fail(
        'unreachable',
        `${where} ${error.said}. Nothing was changed; check the cluster, the network or VPN, and the server in the kubeconfig.`,
      );
    case 'connect-timeout':
      return fail(
        'timeout',
        `No answer from ${where} within ${seconds} s. Nothing was changed; check the network or VPN, then run this step again.`,
      );
    case 'certificate':
      return fail(
        'unreachable',
        `No trusted connection to ${where}: ${error.said}. Nothing was changed; check the cluster's certificate authority and your client certificate in the kubeconfig.`,
      );
    case 'answer-timeout':
      return fail(
        'timeout',
        place.change
          ? `The request was sent to ${where} but no answer came within ${seconds} s: it may have been applied. Check with get before trying again.`
          : `No answer from ${where} within ${seconds} s. Nothing was changed; run this step again.`,
      );
    case 'cut':
      return fail(
        'unreachable',
        place.change
          ? `The request was sent to ${where} but no answer came (${error.said}): it may have been applied. Check with get before trying again.`
          : `The connection to ${where} was cut: ${error.said}. Nothing was changed; run this step again.`,
      );
  }
}

/** True when a kept-alive connection was found dead: worth one more try for a request that only reads. */
export const isDeadConnection = (thrown: unknown): boolean =>
  ['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'].includes(classifyConnectionError(thrown).code);
