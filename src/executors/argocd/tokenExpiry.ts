/**
 * A sentence when a token (a JWT, RFC 7519) says of itself that it has expired or soon will; undefined when it does not
 * say, or has time left. Its signature is the server's to check.
 */
export function expirySentence(token: string, server: string, now: Date): string | undefined {
  const [, payload] = token.split('.');
  if (payload === undefined) return undefined;
  let expiry: unknown;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    expiry = typeof claims === 'object' && claims !== null && 'exp' in claims ? claims.exp : undefined;
  } catch {
    return undefined;
  }
  if (typeof expiry !== 'number') return undefined;
  const left = expiry * 1000 - now.getTime();
  if (left <= 0)
    return `Your token for ${server} expired on ${new Date(expiry * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC: sign in again first.`;
  return left < 10 * 60_000
    ? `Your token for ${server} expires in ${Math.ceil(left / 60_000)} min: sign in again before you change something.`
    : undefined;
}
