import { classifyConnectionError } from '../../core/connectionError.ts';
import { expiryText } from './certificate.ts';
import { headerOf } from './exchange.ts';
import type { HopRequest } from './hopRequest.ts';
import type { Transfer } from './writeOut.ts';
import { timingOf } from './writeOut.ts';

/** The URL without credentials and query: for sentences. */
export const shownUrl = ({ url }: HopRequest): string => `${url.origin}${url.pathname}`;

/**
 * `HTTP 200 OK in 34 ms (DNS 1, connect 3, TLS 12, first byte 30 ms); certificate expires …`: status, measured
 * times since the start, redirects, certificate. `now` in ms since the epoch.
 */
export function detailOf(transfer: Transfer, now: number): string {
  const { answer, request, followed, followsRedirects } = transfer;
  if (answer === undefined) return '';
  const timing = timingOf(transfer);
  const ms = (value: number): string => String(Math.round(value));
  const parts = [
    `DNS ${ms(timing.dns)}`,
    `connect ${ms(timing.connect)}`,
    ...(timing.tls > 0 ? [`TLS ${ms(timing.tls)}`] : []),
    `first byte ${ms(timing.firstByte)} ms`,
  ];
  const location =
    answer.status >= 300 && answer.status < 400 ? headerOf(answer.headers, 'location') : undefined;
  const certificate = answer.certificate;
  return [
    `HTTP ${answer.said} in ${ms(timing.total)} ms (${parts.join(', ')})`,
    ...(followed > 0
      ? [`${followed === 1 ? '1 redirect' : `${followed} redirects`} followed to ${shownUrl(request)}`]
      : []),
    ...(location !== undefined && !followsRedirects
      ? [`${answer.status} to ${withoutQuery(location)}, not followed: curl needs -L`]
      : []),
    ...(certificate
      ? [expiryText(certificate, now) + (certificate.problem ? ', not trusted, taken because of -k' : '')]
      : []),
  ].join('; ');
}

/** A query may hold a token, and a sentence is kept in the journal. */
const withoutQuery = (location: string): string => location.replace(/[?#].*$/s, '');

/** A request that went out and got no answer, with curl's exit code. */
export function unansweredSentence(
  reads: boolean,
  request: HopRequest,
  thrown: unknown,
): [message: string, exitCode: number] {
  const error = classifyConnectionError(thrown);
  const url = shownUrl(request);
  const invalid = /^(?:UND_ERR_INVALID_ARG|UND_ERR_NOT_SUPPORTED)$/.test(error.code);
  if (invalid) return [`This request cannot be sent from here: ${error.said}. Nothing was sent.`, 3];
  const exitCode = error.code === 'UND_ERR_SOCKET' ? 52 : 56;
  return reads
    ? [`No answer from ${url}: ${error.said}. Nothing was changed; run this step again.`, exitCode]
    : [
        `The request was sent to ${url} but no answer came (${error.said}): it may have been applied. Check before trying again.`,
        exitCode,
      ];
}
