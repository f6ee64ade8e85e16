import * as v from 'valibot';
import { quoteWord } from '../../../core/plan/words/quoteWord.ts';
import type { ApiResult } from './apiFailure.ts';
import { apiFailed } from './apiFailure.ts';
import type { KubeUser } from './kubeconfig.ts';
import { utcMinute } from './utcMinute.ts';

const claims = v.object({ exp: v.number() });

/**
 * The id token of a kubeconfig's `auth-provider`. Only `oidc` is left of them in kubectl; its token is used as it is
 * and never refreshed here, because a refresh must be written back into the kubeconfig. `who` begins the sentence.
 */
export function readIdToken(
  provider: NonNullable<KubeUser['authProvider']>,
  who: string,
  contextName: string,
): ApiResult<string> {
  const token = provider.config['id-token'];
  if (provider.name !== 'oidc') {
    return apiFailed({
      code: 'unauthorized',
      message: `${who} signs in by the auth provider ${provider.name}, which Kubernetes has removed. Nothing was sent; put an exec plugin into the kubeconfig, the way the cluster's provider describes.`,
    });
  }
  const refreshes = Boolean(provider.config['refresh-token']);
  const next = refreshes
    ? { remedy: `kubectl get namespaces --context ${quoteWord(contextName)}` }
    : undefined;
  const advice = refreshes
    ? 'run any kubectl command in this context: it renews the token and keeps it in the kubeconfig'
    : 'sign in again with the tool that made this kubeconfig';
  if (!token) {
    return apiFailed({
      code: 'unauthorized',
      message: `${who} signs in by OpenID Connect and the kubeconfig holds no id-token. Nothing was sent; ${advice}.`,
      ...next,
    });
  }
  const expiresAt = expiryOf(token);
  if (expiresAt !== undefined && expiresAt <= Date.now()) {
    return apiFailed({
      code: 'unauthorized',
      message: `${who} was signed in by OpenID Connect until ${utcMinute(expiresAt)}. Nothing was sent; ${advice}.`,
      ...next,
    });
  }
  return { ok: true, value: token };
}

/** The `exp` of a JSON Web Token (RFC 7519 §4.1.4) in milliseconds UTC; undefined for anything else. */
function expiryOf(token: string): number | undefined {
  try {
    const body: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
    const parsed = v.safeParse(claims, body);
    return parsed.success ? parsed.output.exp * 1000 : undefined;
  } catch {
    return undefined;
  }
}
