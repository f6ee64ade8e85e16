import { readFile, stat } from 'node:fs/promises';
import { messageOf } from '../../../core/errors.ts';
import type { ApiResult } from './apiFailure.ts';
import { apiFailed } from './apiFailure.ts';
import { runExecPlugin } from './execPlugin.ts';
import { impersonationHeaders } from './impersonation.ts';
import { readIdToken } from './legacySignIn.ts';
import type { KubeUser } from './kubeconfig.ts';
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
  /** After a 401 for `used`: forgets them. False when asking again could only give the same. */
  renew(used: Credentials): boolean;
  /** True when `get` would start a plugin now, which may open a browser. */
  wouldRunPlugin(): boolean;
  /** Tells what plugins print on standard error while they run (a link to sign in at); gives the way to end that. */
  onPluginOutput(listener: (text: string) => void): () => void;
}

/** A plugin's credential is renewed this long before it expires, so that none dies on the way. */
const expiryMarginMs = 10_000;

interface Kept {
  readonly credentials: Credentials;
  /** Milliseconds UTC. */
  readonly expiresAt: number;
  /** How the files looked that it was read from. */
  readonly stamp: string;
}

/** One reading that all requests wait for which come meanwhile: two browser log-ins at once help nobody. */
interface Pending {
  readonly answer: Promise<ApiResult<Credentials>>;
  readonly controller: AbortController;
  waiting: number;
}

/**
 * The credentials of one kubeconfig user: client certificate, token, token file, basic, exec plugin, impersonation.
 * Files are read again as soon as they have changed. As kubectl, nothing but the impersonated name goes to a server
 * over plain `http:`. Failures are `unauthorized` sentences that name the user and, for a plugin, carry its stderr.
 */
export function createCredentialSource(
  target: ResolvedTarget,
  env: Readonly<Record<string, string | undefined>>,
): CredentialSource {
  const { user, context, cluster } = target;
  const files = [user?.tokenFile, user?.clientCertificateFile, user?.clientKeyFile].filter(
    (file) => file !== undefined,
  );
  const listeners = new Set<(text: string) => void>();
  const tell = (text: string): void => {
    for (const listener of listeners) listener(text);
  };
  const anonymous: Credentials = { headers: {}, certificate: undefined, key: undefined };
  const secure = /^https:/i.test(cluster.server);
  let kept: Kept | undefined;
  let pending: Pending | undefined;

  async function fetchCredentials(signal: AbortSignal): Promise<ApiResult<Credentials>> {
    const stamp = await stampOf(files);
    const keep = (credentials: Credentials, expiresAt = Infinity): ApiResult<Credentials> => {
      kept = { credentials, expiresAt, stamp };
      return { ok: true, value: credentials };
    };
    if (user === undefined) return keep(anonymous);
    const impersonation = impersonationHeaders(user);
    if (!impersonation.ok) return impersonation;
    if (!secure) return keep({ ...anonymous, headers: impersonation.value });
    const headers: Record<string, string | string[]> = { ...impersonation.value };
    let certificate: string | undefined;
    let key: string | undefined;
    try {
      certificate = await pem(user.clientCertificateData, user.clientCertificateFile);
      key = await pem(user.clientKeyData, user.clientKeyFile);
      const authorization = await authorizationOf(user);
      if (authorization !== undefined) headers['Authorization'] = authorization;
    } catch (thrown) {
      return refuse(`cannot be read: ${messageOf(thrown)}. Nothing was sent; correct the kubeconfig.`);
    }
    if (headers['Authorization'] !== undefined) {
      // undici's own refusal would be taken for a broken connection.
      if (/[^\t\x20-\x7e]/.test(String(headers['Authorization'])))
        return refuse(
          'hold a line break or another character that no token has. Nothing was sent; correct the token.',
        );
      return keep({ headers, certificate, key });
    }
    if (user.exec !== undefined) {
      const answer = await runExecPlugin(user.exec, user.name, cluster, env, signal, tell);
      if (!answer.ok) return answer;
      const { token, clientCertificate, clientKey, expiresAtMs } = answer.value;
      if (token !== undefined) headers['Authorization'] = `Bearer ${token}`;
      return keep(
        { headers, certificate: clientCertificate ?? certificate, key: clientKey ?? key },
        expiresAtMs === undefined ? Infinity : expiresAtMs - expiryMarginMs,
      );
    }
    if (user.authProvider !== undefined) {
      const token = readIdToken(
        user.authProvider,
        `User ${user.name} (context ${context.name})`,
        context.name,
      );
      if (!token.ok) return token;
      headers['Authorization'] = `Bearer ${token.value}`;
    }
    return keep({ headers, certificate, key });
  }

  const refuse = (why: string): ApiResult<never> =>
    apiFailed({
      code: 'unauthorized',
      message: `The credentials of user ${user?.name ?? ''} (context ${context.name}) ${why}`,
    });

  function start(): Pending {
    const controller = new AbortController();
    const answer = fetchCredentials(controller.signal).finally(() => {
      if (pending?.controller === controller) pending = undefined;
    });
    return { answer, controller, waiting: 0 };
  }

  return {
    async get(signal) {
      if (kept !== undefined && kept.expiresAt > Date.now() && kept.stamp === (await stampOf(files)))
        return { ok: true, value: kept.credentials };
      const mine = (pending ??= start());
      mine.waiting++;
      try {
        return await unlessStopped(mine.answer, signal);
      } finally {
        mine.waiting--;
        // Nobody waits any more: a plugin that still runs is killed, and whoever comes next starts afresh.
        if (mine.waiting === 0) {
          mine.controller.abort();
          if (pending === mine) pending = undefined;
        }
      }
    },
    renew(used) {
      const renewable = user?.exec !== undefined || files.length > 0;
      // Another request may have been first: what it got is not thrown away with what it replaced.
      if (renewable && kept?.credentials === used) kept = undefined;
      return renewable && secure;
    },
    wouldRunPlugin: () =>
      secure &&
      user?.exec !== undefined &&
      [user.token, user.tokenFile, user.username].every((other) => other === undefined) &&
      !(kept !== undefined && kept.expiresAt > Date.now()),
    onPluginOutput(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

async function authorizationOf(user: KubeUser): Promise<string | undefined> {
  if (user.tokenFile !== undefined) return `Bearer ${(await readFile(user.tokenFile, 'utf8')).trim()}`;
  if (user.token !== undefined) return `Bearer ${user.token}`;
  if (user.username === undefined) return undefined;
  return `Basic ${Buffer.from(`${user.username}:${user.password ?? ''}`).toString('base64')}`;
}

/** Changes when one of the files does; service account tokens are rotated by a new file behind a link. */
async function stampOf(files: readonly string[]): Promise<string> {
  if (files.length === 0) return '';
  const stamps = files.map(async (file) => {
    const found = await stat(file, { bigint: true }).catch(() => undefined);
    return found === undefined ? 'none' : `${found.ino}:${found.size}:${found.mtimeNs}`;
  });
  return (await Promise.all(stamps)).join(' ');
}

function unlessStopped(
  answer: Promise<ApiResult<Credentials>>,
  signal: AbortSignal,
): Promise<ApiResult<Credentials>> {
  const stopped = (): ApiResult<never> => apiFailed({ code: 'cancelled', message: 'Stopped.' });
  return new Promise((resolve, reject) => {
    const onAbort = (): void => resolve(stopped());
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    answer.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

async function pem(data: string | undefined, file: string | undefined): Promise<string | undefined> {
  if (data !== undefined) return Buffer.from(data, 'base64').toString('utf8');
  return file === undefined ? undefined : await readFile(file, 'utf8');
}
