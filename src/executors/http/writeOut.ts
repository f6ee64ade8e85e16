import type { Answer } from './exchange.ts';
import { headerOf } from './exchange.ts';
import type { HopRequest } from './hopRequest.ts';
import { redirectTo } from './redirect.ts';

/** What curl knows at the end of a transfer. */
export interface Transfer {
  readonly request: HopRequest;
  readonly answer: Answer | undefined;
  readonly written: string;
  readonly followed: number;
  readonly exitCode: number;
  readonly error: string;
  /** On the clock of `performance.now()`, ms. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly followsRedirects: boolean;
}

/** Milliseconds since the start of what took its turn; the last hop's, as curl tells them. */
export interface Timing {
  readonly dns: number;
  readonly connect: number;
  readonly tls: number;
  readonly send: number;
  readonly firstByte: number;
  readonly total: number;
}

export function timingOf({ answer, startedAt, endedAt }: Transfer): Timing {
  const since = (at: number | undefined): number => (at === undefined || at === 0 ? 0 : at - startedAt);
  const times = answer?.connection.times;
  return {
    dns: since(times?.dnsAt),
    connect: since(times?.connectedAt),
    tls: since(times?.secureAt),
    send: since(answer?.sentAt),
    firstByte: since(answer?.firstByteAt),
    total: endedAt - startedAt,
  };
}

/** The text of `-w`: variables, `%%` and the escapes `\n`, `\r`, `\t`; https://curl.se/docs/manpage.html#-w */
export function renderWriteOut(format: string, transfer: Transfer): string {
  const { request, answer } = transfer;
  const timing = timingOf(transfer);
  const seconds = (ms: number): string => (ms / 1000).toFixed(6);
  const code = String(answer?.status ?? 0).padStart(3, '0');
  const next = answer && !transfer.followsRedirects ? redirectTo(answer, request.url) : undefined;
  const values: Readonly<Record<string, string>> = {
    http_code: code,
    response_code: code,
    http_version: answer ? '1.1' : '0',
    method: request.method,
    num_redirects: String(transfer.followed),
    redirect_url: next?.href ?? '',
    content_type: answer ? (headerOf(answer.headers, 'content-type') ?? '') : '',
    time_namelookup: seconds(timing.dns),
    time_connect: seconds(timing.connect),
    time_appconnect: seconds(timing.tls),
    time_pretransfer: seconds(timing.send),
    time_starttransfer: seconds(timing.firstByte),
    time_total: seconds(timing.total),
    size_download: String(answer?.received() ?? 0),
    remote_ip: answer?.connection.address.ip ?? '',
    remote_port: String(answer?.connection.address.port ?? 0),
    url: transfer.written,
    url_effective: request.url.href,
    ssl_verify_result: answer?.certificate?.problem === undefined ? '0' : '1',
    exitcode: String(transfer.exitCode),
    errormsg: transfer.error,
  };
  const escapes: Readonly<Record<string, string>> = { '\\n': '\n', '\\r': '\r', '\\t': '\t' };
  return format.replace(
    /%%|%\{([^}]*)\}|\\[nrt]/g,
    (all, name?: string) => (all === '%%' ? '%' : name === undefined ? escapes[all] : values[name]) ?? all,
  );
}
