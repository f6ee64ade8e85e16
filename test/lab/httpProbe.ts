import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';

/**
 * Asks `url` once and gives the status of the answer. `authority` is the PEM file of the certificate authority that
 * must have signed an https server's certificate. Rejects when nothing answers within 2 s.
 */
export function fetchStatus(
  url: string,
  { authority, token }: { authority?: string; token?: string } = {},
): Promise<number> {
  const secure = url.startsWith('https:');
  return new Promise((resolve, reject) => {
    const request = (secure ? https : http).get(url, {
      agent: false,
      timeout: 2000,
      ...(token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } }),
      ...(authority === undefined ? {} : { ca: readFileSync(authority) }),
    });
    request.once('response', (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.once('timeout', () => request.destroy(new Error(`${url} does not answer`)));
    request.once('error', reject);
  });
}
