import { readFile } from 'node:fs/promises';
import { messageOf } from '../../core/errors.ts';
import type { ApiResult } from './apiFailure.ts';
import { apiFailed } from './apiFailure.ts';
import { runExecPlugin } from './execPlugin.ts';
import type { ResolvedTarget } from './target.ts';

/** What proves who we are to one cluster. */
export interface Credentials {
  readonly headers: Readonly<Record<string, string | string[]>>;
  /** PEM. */
  readonly certificate: string | undefined;
  readonly key: string | undefined;
}

export interface CredentialSource {
  get(signal: AbortSignal): Promise<ApiResult<Credentials>>;
  /** After a 401: forgets what was cached. False when asking again could only give the same. */
  renew(): boolean;
}

/** A token file is read again after a minute, as kubectl does: service account tokens rotate. */
const tokenFileLifetimeMs = 60_000;
/** A plugin's credential is renewed this long before it expires, so that none dies on the way. */
const expiryMarginMs = 10_000;

/**
 * The credentials of one kubeconfig user: client certificate, token, token file, basic, exec plugin, impersonation.
 * Failures are `unauthorized` sentences that name the user and, for a plugin, carry its stderr and install hint.
 */
export function createCredentialSource(
  target: ResolvedTarget,
  env: Readonly<Record<string, string | undefined>>,
): CredentialSource {
  const { user, context } = target;
  let cached: { readonly credentials: Credentials; readonly expiresAt: number } | undefined;
  let pending: Promise<ApiResult<Credentials>> | undefined;

  async function fetchCredentials(signal: AbortSignal): Promise<ApiResult<Credentials>> {
    if (user === undefined) return keep({ headers: {}, certificate: undefined, key: undefined }, Infinity);
    const headers: Record<string, string | string[]> = {};
    if (user.impersonate !== undefined) headers['Impersonate-User'] = user.impersonate;
    if (user.impersonateGroups.length > 0) headers['Impersonate-Group'] = [...user.impersonateGroups];
    let expiresAt = Infinity;
    let certificate: string | undefined;
    let key: string | undefined;
    try {
      certificate = await pem(user.clientCertificateData, user.clientCertificateFile);
      key = await pem(user.clientKeyData, user.clientKeyFile);
      if (user.tokenFile !== undefined) {
        headers['Authorization'] = `Bearer ${(await readFile(user.tokenFile, 'utf8')).trim()}`;
        expiresAt = Date.now() + tokenFileLifetimeMs;
      } else if (user.token !== undefined) {
        headers['Authorization'] = `Bearer ${user.token}`;
      } else if (user.username !== undefined) {
        headers['Authorization'] =
          `Basic ${Buffer.from(`${user.username}:${user.password ?? ''}`).toString('base64')}`;
      }
    } catch (thrown) {
      return apiFailed({
        code: 'unauthorized',
        message: `The credentials of user ${user.name} (context ${context.name}) cannot be read: ${messageOf(thrown)}. Nothing was sent; correct the kubeconfig.`,
      });
    }
    if (headers['Authorization'] !== undefined) return keep({ headers, certificate, key }, expiresAt);
    if (user.exec !== undefined) {
      const answer = await runExecPlugin(user.exec, user.name, target.cluster, env, signal);
      if (!answer.ok) return answer;
      const { token, clientCertificate, clientKey, expiresAtMs } = answer.value;
      if (token !== undefined) headers['Authorization'] = `Bearer ${token}`;
      return keep(
        { headers, certificate: clientCertificate ?? certificate, key: clientKey ?? key },
        expiresAtMs === undefined ? Infinity : expiresAtMs - expiryMarginMs,
      );
    }
    if (user.authProvider !== undefined) {
      const idToken = user.authProvider.config['id-token'];
      if (user.authProvider.name !== 'oidc' || !idToken) {
        return apiFailed({
          code: 'unauthorized',
          message: `User ${user.name} (context ${context.name}) signs in by the auth provider ${user.authProvider.name}, which is not supported here. Nothing was sent; use an exec plugin in the kubeconfig, as current kubectl asks for too.`,
        });
      }
      headers['Authorization'] = `Bearer ${idToken}`;
    }
    return keep({ headers, certificate, key }, expiresAt);
  }

  function keep(credentials: Credentials, expiresAt: number): ApiResult<Credentials> {
    cached = { credentials, expiresAt };
    return { ok: true, value: credentials };
  }

  return {
    async get(signal) {
      if (cached !== undefined && cached.expiresAt > Date.now())
        return { ok: true, value: cached.credentials };
      // One plugin run serves all requests that wait for it: two browser log-ins at once help nobody.
      pending ??= fetchCredentials(signal).finally(() => (pending = undefined));
      const answer = await pending;
      // The one that started the plugin was stopped; this request was not, so it asks for itself.
      if (!answer.ok && answer.failure.code === 'cancelled' && !signal.aborted)
        return fetchCredentials(signal);
      return answer;
    },
    renew() {
      const { exec, tokenFile, clientCertificateFile, clientKeyFile } = user ?? {};
      const renewable = [exec, tokenFile, clientCertificateFile, clientKeyFile].some(
        (part) => part !== undefined,
      );
      if (renewable) cached = undefined;
      return renewable;
    },
  };
}

async function pem(data: string | undefined, file: string | undefined): Promise<string | undefined> {
  if (data !== undefined) return Buffer.from(data, 'base64').toString('utf8');
  return file === undefined ? undefined : await readFile(file, 'utf8');
}
