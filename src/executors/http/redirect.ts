import type { HttpPlan } from '../../core/plan/plan.ts';
import { referencesIn } from '../../core/plan/words/secretReferences.ts';
import type { Answer } from './exchange.ts';
import { headerOf } from './exchange.ts';
import type { HopRequest } from './hopRequest.ts';
import { pathOf } from './hopRequest.ts';

const mostRedirects = 50;

/** Where an answer points to, absolute; undefined when it is no redirect. */
export function redirectTo(
  { status, headers }: Pick<Answer, 'status' | 'headers'>,
  from: URL,
): URL | undefined {
  if (status < 300 || status > 399) return undefined;
  const location = headerOf(headers, 'location')?.trim();
  if (location === undefined || location === '' || !URL.canParse(location, from.href)) return undefined;
  return new URL(location, from);
}

/**
 * The request that curl -L sends after a redirect: 301, 302 and 303 turn a POST into a GET without its body unless -X
 * names the method, and credentials stay with the first host, port and protocol.
 * https://curl.se/libcurl/c/CURLOPT_FOLLOWLOCATION.html
 */
export function nextRequest(
  plan: HttpPlan,
  { first, last }: { readonly first: HopRequest; readonly last: HopRequest },
  status: number,
  to: URL,
): HopRequest {
  const drops = status === 301 || status === 302 || status === 303;
  const dropsBody = drops && last.body !== undefined;
  const kept = plan.curl?.keepMethod === true || last.method === 'HEAD';
  const method = kept || !(dropsBody || (status === 303 && last.method !== 'GET')) ? last.method : 'GET';
  const sameHost = to.origin === first.url.origin;
  const form = 'application/x-www-form-urlencoded';
  return {
    ...last,
    method,
    url: to,
    path: pathOf(to.href, to),
    // curl adds the form type itself and takes it away with the body; a written one it keeps.
    headers: first.headers.filter(([name, value]) => {
      const known = name.toLowerCase();
      if (known === 'authorization' || known === 'cookie') return sameHost;
      // curl would send it along; but the person agreed to give the secret to one server.
      if (!sameHost && hasSecretHeader(plan, known)) return false;
      return !(known === 'content-type' && value === form && (dropsBody || last.body === undefined));
    }),
    body: dropsBody ? undefined : last.body,
  };
}

const hasSecret = ({ secrets = [] }: HttpPlan, text: string): boolean =>
  referencesIn(text).some((name) => secrets.includes(name));
const hasSecretHeader = (plan: HttpPlan, lowerName: string): boolean =>
  plan.headers.some(([name, value]) => name.toLowerCase() === lowerName && hasSecret(plan, value));

/** Why a redirect is not followed that would take a body with a secret in it to another server than the first. */
export const refuseLeak = (plan: HttpPlan, first: HopRequest, next: HopRequest): string | undefined =>
  next.body !== undefined && next.url.origin !== first.url.origin && hasSecret(plan, plan.body ?? '')
    ? `The redirect to ${next.url.origin} was not followed: it would take a secret to another server. The first request was sent; look at what it did.`
    : undefined;

/** Why curl would not go there: too many hops, or a protocol that is neither http nor https. */
export function refuseRedirect(
  plan: HttpPlan,
  hops: number,
  to: URL,
): { message: string; exitCode: number } | undefined {
  const most = plan.curl?.maxRedirects ?? mostRedirects;
  if (to.protocol !== 'http:' && to.protocol !== 'https:')
    return {
      exitCode: 1,
      message: `A redirect to ${to.protocol}// was not followed: only http and https are.`,
    };
  return most >= 0 && hops >= most
    ? {
        exitCode: 47,
        message: `More than ${most} redirects; the last one leads to ${to.origin}${to.pathname}.`,
      }
    : undefined;
}
