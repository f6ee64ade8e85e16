import type { TLSSocket } from 'node:tls';

/** What a server's certificate says, as far as a responder asks. */
export interface Certificate {
  /** Milliseconds since the epoch, UTC. */
  readonly expiresAt: number;
  readonly validFrom: number;
  /** The names it is for: `api.example.com`, `*.example.com`, addresses. */
  readonly names: readonly string[];
  readonly issuer: string;
  /** Why it is not trusted for this host (Node's or OpenSSL's code); undefined when it is. */
  readonly problem: string | undefined;
}

/** The certificate of a finished handshake; undefined when the server gave none. */
export function certificateOf(socket: TLSSocket): Certificate | undefined {
  const peer = socket.getPeerCertificate();
  if (!peer || peer.valid_to === undefined) return undefined;
  const alternatives = (peer.subjectaltname ?? '')
    .split(/,\s*/)
    .flatMap((each) => /^(?:DNS|IP Address):(.+)$/.exec(each)?.[1] ?? []);
  const text = (part: string | string[] | undefined): string | undefined =>
    Array.isArray(part) ? part.join(', ') : part;
  const common = text(peer.subject?.CN);
  // Node types an error here and gives its code.
  const problem = socket.authorizationError as Error | string | undefined | null;
  return {
    expiresAt: Date.parse(peer.valid_to),
    validFrom: Date.parse(peer.valid_from),
    names: alternatives.length > 0 ? alternatives : common === undefined ? [] : [common],
    issuer: text(peer.issuer?.O) ?? text(peer.issuer?.CN) ?? 'an unnamed authority',
    problem: socket.authorized ? undefined : problem ? String(problem) : 'not trusted',
  };
}

const dayMs = 86_400_000;
const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);
const days = (count: number): string => (count === 1 ? '1 day' : `${count} days`);

/** `certificate expires 2026-12-01 (8 days left)`; `now` in ms since the epoch. */
export const expiryText = ({ expiresAt }: Certificate, now: number): string =>
  expiresAt > now
    ? `certificate expires ${dayOf(expiresAt)} (${days(Math.floor((expiresAt - now) / dayMs))} left)`
    : `certificate expired ${dayOf(expiresAt)} (${days(Math.floor((now - expiresAt) / dayMs))} ago)`;

/** Why the certificate of `host` is not trusted, as the part of a sentence behind "its certificate". */
export function distrust(certificate: Certificate, host: string, now: number): string {
  const { problem, expiresAt, validFrom, names, issuer } = certificate;
  if (problem === 'CERT_HAS_EXPIRED' || expiresAt <= now)
    return `expired on ${dayOf(expiresAt)}, ${days(Math.floor((now - expiresAt) / dayMs))} ago`;
  if (problem === 'CERT_NOT_YET_VALID') return `is valid only from ${dayOf(validFrom)}`;
  if (problem === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return `is for ${names.slice(0, 5).join(', ') || 'no name at all'}, not for ${host}`;
  if (problem === 'DEPTH_ZERO_SELF_SIGNED_CERT') return 'is signed by itself, not by an authority';
  return `is issued by ${issuer}, which is not trusted here (${problem ?? 'unknown'})`;
}
