import { messageOf } from './errors.ts';

/** How a request went wrong without an answer, and whether it can have arrived. */
export interface ConnectionError {
  readonly kind:
    | 'aborted'
    /** Certainly never sent: nothing listens, no such name, no route. */
    | 'not-reached'
    | 'connect-timeout'
    | 'certificate'
    | 'proxy'
    /** Sent, and then silence. */
    | 'answer-timeout'
    /** The connection ended before the answer did; the request may have arrived. */
    | 'cut';
  /** To go on after the server's name (`refused the connection: …`), or what the other side said. */
  readonly said: string;
  /** Node's or undici's error code. */
  readonly code: string;
  readonly cause: string;
}

const notReached: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused the connection: nothing listens there',
  ENOTFOUND: 'could not be found: its name does not resolve',
  EAI_AGAIN: 'could not be looked up: the name server did not answer',
  EHOSTUNREACH: 'cannot be reached from this machine: no route',
  ENETUNREACH: 'cannot be reached from this machine: no network',
  EHOSTDOWN: 'is down',
};

const certificateCodes =
  /^(CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|ERR_TLS_|ERR_SSL_|ERR_OSSL_|HOSTNAME_MISMATCH|EPROTO)/;

/** Sorts what undici or global `fetch` threw; looks through causes and through the attempts of one connect. */
export function classifyConnectionError(thrown: unknown): ConnectionError {
  const { code, message } = innermost(thrown);
  const as = (kind: ConnectionError['kind'], said = message): ConnectionError => ({
    kind,
    said,
    code,
    cause: `${code}: ${message}`,
  });
  const proxy = /Proxy response \((\d+)\)/.exec(message);
  if (proxy) return as('proxy', proxy[1]);
  if (code === 'ABORT_ERR' || code === 'UND_ERR_ABORTED' || code === 'UND_ERR_DESTROYED')
    return as('aborted');
  if (notReached[code] !== undefined) return as('not-reached', notReached[code]);
  if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT') return as('connect-timeout');
  if (certificateCodes.test(code)) return as('certificate');
  if (code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT') return as('answer-timeout');
  return as('cut');
}

function innermost(thrown: unknown): { readonly code: string; readonly message: string } {
  let current: unknown = thrown;
  for (let depth = 0; depth < 6 && current instanceof Error; depth++) {
    if (current.name === 'AbortError') return { code: 'ABORT_ERR', message: current.message };
    if (current instanceof AggregateError && current.errors.length > 0) {
      current = current.errors[0];
      continue;
    }
    const code = (current as { readonly code?: unknown }).code;
    const cause = current.cause;
    if (typeof code === 'string' && !(cause instanceof Error && 'code' in cause)) {
      return { code, message: current.message };
    }
    if (cause === undefined) return { code: '', message: current.message };
    current = cause;
  }
  return { code: '', message: messageOf(thrown) };
}
