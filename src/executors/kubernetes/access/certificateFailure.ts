import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { DetailedPeerCertificate, PeerCertificate } from 'node:tls';
import tls from 'node:tls';
import { classifyConnectionError } from '../../../core/connectionError.ts';
import type { ApiFailure, RequestPlace } from './apiFailure.ts';
import type { Credentials } from './credentials.ts';
import type { ClusterConnections, TlsAddress } from './dispatcher.ts';
import { utcMinute } from './utcMinute.ts';

/**
 * Says what is wrong with a TLS connection that was refused by either side: the date of an expired certificate, both
 * names of a wrong one, who issued an unknown one. Looks at the server's certificate once more where the error does not
 * carry it; that connection sends nothing.
 */
export async function explainTlsFailure(
  thrown: unknown,
  place: RequestPlace,
  connections: Pick<ClusterConnections, 'tls' | 'serverName'>,
  credentials: Credentials,
  signal: AbortSignal,
): Promise<ApiFailure> {
  const { code, said, cause } = classifyConnectionError(thrown);
  const through = place.proxy === undefined ? '' : ` through the proxy ${place.proxy}`;
  const where = `${place.server} (context ${place.context})${through}`;
  const failure = (what: string, next: string): ApiFailure => ({
    code: 'unreachable',
    message: `No trusted connection to ${where}: ${what}. Nothing was changed; ${next}.`,
    cause,
  });
  const plain = failure(
    said,
    "check the cluster's certificate authority and your client certificate in the kubeconfig",
  );
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    const names = certificateOf(thrown)?.subjectaltname?.replaceAll('IP Address:', '').replaceAll('DNS:', '');
    return failure(
      `its certificate is for ${names || 'no name at all'}, not for ${connections.serverName}`,
      'check the server in the kubeconfig; if it is the right one, set tls-server-name to a name of its certificate',
    );
  }
  if (/WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST/.test(code)) {
    return failure(
      'it does not speak TLS',
      'check whether the server in the kubeconfig must begin with http:',
    );
  }
  if (/_ALERT_/.test(code)) {
    const over = readExpiry(credentials.certificate);
    // OpenSSL's line holds codes and file names around the words of the alert.
    const alert = /alert ([a-z][a-z ]*)/.exec(said)?.[1]?.trim() ?? said;
    const why = over === undefined ? ` (${alert})` : `: (${over.subject}) expired on ${over.date}`;
    return failure(
      `it refused the client certificate${why}`,
      'renew the client certificate in the kubeconfig',
    );
  }
  if (connections.tls === undefined) return plain;
  const shown = await fetchCertificate(connections.tls, place.timeoutMs, signal);
  if (shown === undefined) return plain;
  const now = Date.now();
  for (const one of chainOf(shown)) {
    const [from, until] = [Date.parse(one.valid_from), Date.parse(one.valid_to)];
    if (code === 'CERT_HAS_EXPIRED' && until < now) {
      return failure(
        `its certificate${nameOf(one)} expired on ${utcMinute(until)}`,
        "whoever runs the cluster must renew it; check this machine's clock too",
      );
    }
    if (code === 'CERT_NOT_YET_VALID' && from > now) {
      return failure(
        `its certificate${nameOf(one)} is valid only from ${utcMinute(from)}`,
        "check this machine's clock",
      );
    }
  }
  if (/SELF_SIGNED|UNABLE_TO_|CERT_UNTRUSTED/.test(code)) {
    const issuer = shown.issuer?.CN ?? shown.issuer?.O ?? 'an unnamed authority';
    return failure(
      `its certificate was issued by ${String(issuer)}, which the kubeconfig's certificate authority does not vouch for (${said})`,
      'check the server and the certificate-authority of this cluster in the kubeconfig',
    );
  }
  return plain;
}

/** The sentence about a client certificate that a 401 was the answer to; undefined when it has not expired. */
export function expiredCertificateWords(certificate: string | undefined): string | undefined {
  const over = readExpiry(certificate);
  return over === undefined
    ? undefined
    : `Nothing was changed; the client certificate (${over.subject}) expired on ${over.date}: renew it, then run this step again.`;
}

/** Whose certificate it is and since when it has been out of date; undefined when it is not. */
function readExpiry(certificate: string | undefined) {
  if (certificate === undefined) return undefined;
  try {
    const { subject, validTo } = new X509Certificate(certificate);
    const until = Date.parse(validTo);
    return until < Date.now()
      ? { subject: subject.replaceAll('\n', ', '), date: utcMinute(until) }
      : undefined;
  } catch {
    return undefined;
  }
}

function certificateOf(thrown: unknown): PeerCertificate | undefined {
  let current: unknown = thrown;
  for (let depth = 0; depth < 6 && current instanceof Error; depth++) {
    if ('cert' in current) return current.cert as PeerCertificate;
    current = current.cause;
  }
  return undefined;
}

/**
 * Whether the server hangs up because of our client certificate: its TLS alert, which undici does not tell. Connects
 * once more, sends nothing, and waits a moment for the alert. Undefined when there is none.
 */
export function findRefusal(address: TlsAddress, signal: AbortSignal): Promise<Error | undefined> {
  const { host, port, serverName, options } = address;
  return new Promise((resolve) => {
    const socket = tls.connect({ ...options, host, port, ...serverNameOf(serverName) });
    const end = (thrown?: Error): void => {
      signal.removeEventListener('abort', onAbort);
      socket.destroy();
      resolve(
        thrown !== undefined && /_ALERT_/.test(classifyConnectionError(thrown).code) ? thrown : undefined,
      );
    };
    const onAbort = (): void => end();
    signal.addEventListener('abort', onAbort, { once: true });
    socket.setTimeout(alertWaitMs, () => end());
    socket.on('error', end).on('close', () => end());
    // Nothing is read before somebody reads, the alert neither.
    socket.resume();
    if (signal.aborted) end();
  });
}

/** An alert follows the handshake at once; a server that accepts the certificate says nothing. */
const alertWaitMs = 500;

/** An address is not a name that TLS could ask for (RFC 6066 §3). */
const serverNameOf = (name: string): { servername?: string } =>
  isIP(name) === 0 ? { servername: name } : {};

function fetchCertificate(
  { host, port, serverName }: TlsAddress,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<DetailedPeerCertificate | undefined> {
  return new Promise((resolve) => {
    // Only to read what the server shows: the connection that the request would have used was refused before.
    const socket = tls.connect({ host, port, ...serverNameOf(serverName), rejectUnauthorized: false });
    const end = (shown?: DetailedPeerCertificate): void => {
      signal.removeEventListener('abort', onAbort);
      socket.destroy();
      resolve(shown?.valid_to === undefined ? undefined : shown);
    };
    const onAbort = (): void => end();
    signal.addEventListener('abort', onAbort, { once: true });
    socket.setTimeout(timeoutMs, () => end());
    socket.on('error', () => end());
    socket.once('secureConnect', () => end(socket.getPeerCertificate(true)));
    if (signal.aborted) end();
  });
}

function chainOf(leaf: DetailedPeerCertificate): readonly DetailedPeerCertificate[] {
  const chain: DetailedPeerCertificate[] = [];
  for (
    let one: DetailedPeerCertificate | undefined = leaf;
    one?.valid_to !== undefined &&
    !chain.some(({ fingerprint256 }) => fingerprint256 === one?.fingerprint256);
    one = one.issuerCertificate
  )
    chain.push(one);
  return chain;
}

const nameOf = ({ subject }: PeerCertificate): string =>
  subject?.CN === undefined ? '' : ` (${String(subject.CN)})`;
