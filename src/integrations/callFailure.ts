import { classifyConnectionError } from '../core/connectionError.ts';
import type { DeliveryRetry } from '../core/deliveries/delivery.ts';
import type { ErrorCode } from '../core/errors.ts';
import { retryAfterMs } from '../core/retryAfter.ts';
import type { ApiFailure, JsonRequest } from './askJson.ts';

/** What a sentence about a request has to name. */
export type Asked = Pick<JsonRequest, 'system' | 'what' | 'inDoubt'>;

const asksFirst = 'Before another try it is asked.';

/** A 2xx whose body is not the JSON it was to be. */
export const halfAnswer = ({ system, what, inDoubt = asksFirst }: Asked, status: number): ApiFailure => ({
  code: 'failed',
  message: `${system} broke off in the middle of its answer, so it is not known whether it could ${what}. ${inDoubt}`,
  status,
  retry: 'automatic',
  mayBeDone: true,
});

/** A 2xx whose body was not read to its end. */
export const tooLong = ({ system, what }: Asked, status: number): ApiFailure => ({
  code: 'failed',
  message: `${system} answered with more than is read (8 MB), so it is not known whether it could ${what}. Check its base URL, and look there.`,
  status,
  retry: 'person',
  mayBeDone: true,
});

/** A call that was not made: its address or a header cannot be written down as they must be. */
export const unsendable = ({ system, what }: Asked): ApiFailure => ({
  code: 'invalid',
  message: `${system} was not asked to ${what}: its address is none that can be called, or the token has characters that cannot be sent. Check its settings, store the token anew with Incident: Connect, then retry.`,
  retry: 'person',
});

/** The service's own words for the middle of a sentence; nothing where it said none. */
export const inWordsOf = (said: string | undefined): string =>
  said === undefined
    ? ''
    : `: ${said
        .replace(/\s+/g, ' ')
        .slice(0, 300)
        .replace(/[\s.]+$/, '')}`;

/** An answer that is no 2xx, with the service's own words (`said`) where they were found. */
export function refusal(
  { system, what }: Asked,
  { status, headers }: Pick<Response, 'status' | 'headers'>,
  body: unknown,
  said: string | undefined,
): ApiFailure {
  const words = inWordsOf(said);
  const wait = waitAsked(status, headers);
  const more = {
    status,
    headers,
    ...(said === undefined ? {} : { said }),
    ...(body === undefined ? {} : { body }),
    ...(status >= 500 || status === 408 ? { mayBeDone: true } : {}),
  };
  const as = (code: ErrorCode, message: string, retry: DeliveryRetry = 'person'): ApiFailure => ({
    code,
    message,
    retry,
    ...more,
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
  });
  if (isRateLimit(status))
    return as('failed', `${system} asks to wait (${status}). It is tried again by itself.`, 'automatic');
  if (status >= 500)
    return as(
      'failed',
      `${system} failed (${status}) and could not ${what}${words}. It is tried again by itself.`,
      'automatic',
    );
  if (status === 408)
    return as(
      'timeout',
      `${system} took too long to ${what} (408)${words}. It is tried again by itself.`,
      'automatic',
    );
  if (status === 401)
    return as(
      'unauthorized',
      `${system} refused the token (401)${words}. Reconnect with Incident: Connect, then retry.`,
    );
  if (status === 402)
    return as(
      'forbidden',
      `${system} has no such ability on this account's plan, to ${what} (402)${words}. Do it there by hand and mark it as done.`,
    );
  if (status === 403)
    return as(
      'forbidden',
      `${system} does not allow this token to ${what} (403)${words}. Give it the permission, then retry.`,
    );
  if (status === 404)
    return as(
      'not-found',
      `${system} does not know what was addressed, to ${what} (404)${words}. Nothing of the incident is lost; check its settings, then retry.`,
    );
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

/** 420 is what Statuspage's documentation names beside 429. */
const isRateLimit = (status: number): boolean => status === 429 || status === 420;

/**
 * What is asked to wait, ms: `Retry-After`, else the seconds of `ratelimit-reset`
 * (draft-ietf-httpapi-ratelimit-headers; PagerDuty gives nothing else).
 */
function waitAsked(status: number, headers: Headers): number | undefined {
  const counted = isRateLimit(status) ? 429 : status;
  const header = headers.get('retry-after') ?? (counted === 429 ? headers.get('ratelimit-reset') : undefined);
  return retryAfterMs(counted, header ?? undefined, Date.now());
}

/** A call that threw: `stopped` by the caller, `late` by its own time limit, or the connection's fault. */
export function noAnswer(
  { system, what, inDoubt = asksFirst }: Asked,
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
      message: `${system} gave no answer in time, so it is not known whether it could ${what}. ${inDoubt}`,
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
          `The connection to ${system} broke before it answered, so it is not known whether it could ${what}. ${inDoubt}`,
        ),
        mayBeDone: true,
      };
  }
}
