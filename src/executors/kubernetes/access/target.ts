import type { Result } from '../../../core/errors.ts';
import { failed, ok } from '../../../core/errors.ts';
import type { Target } from '../../../core/plan/plan.ts';
import type { KubeCluster, Kubeconfig, KubeContext, KubeUser } from './kubeconfig.ts';
import { execExtension } from './kubeconfig.ts';

/** A target found in the kubeconfig: everything a transport needs. */
export interface ResolvedTarget {
  readonly context: KubeContext;
  readonly cluster: KubeCluster;
  readonly user: KubeUser | undefined;
  /** The target's namespace, else the context's, else `default`. */
  readonly namespace: string;
}

/**
 * Finds the target's context. Never falls back to the current context: no context is `wrong-target`, an unknown one
 * `not-found`, and one that now names another server than the pin is `wrong-target`.
 */
export function resolveTarget(kubeconfig: Kubeconfig, target: Target): Result<ResolvedTarget> {
  if (target.context === undefined) {
    return failed(
      'wrong-target',
      'No cluster is pinned for this step. Nothing was sent; pin a target and run it again.',
    );
  }
  const context = kubeconfig.contexts.find((candidate) => candidate.name === target.context);
  if (context === undefined) {
    const known = kubeconfig.contexts.map((candidate) => candidate.name).join(', ') || 'none';
    const problems = kubeconfig.problems.length > 0 ? ` ${kubeconfig.problems.join(' ')}` : '';
    return failed(
      'not-found',
      `The kubeconfig has no context ${target.context} (known: ${known}). Nothing was sent.${problems}`,
    );
  }
  if (target.server !== undefined && normalized(target.server) !== normalized(context.server)) {
    return failed(
      'wrong-target',
      `Context ${context.name} now names ${context.server || 'no server'}, but this incident is pinned to ${target.server}. Nothing was sent; pin the target again if that is right.`,
    );
  }
  const cluster = kubeconfig.clusters.get(context.cluster);
  if (cluster === undefined || !/^https?:\/\//i.test(cluster.server)) {
    return failed(
      'invalid',
      `Context ${context.name} in ${context.file} has no usable server URL${cluster?.server ? ` (${cluster.server})` : ''}. Nothing was sent; correct the kubeconfig.`,
    );
  }
  const user = kubeconfig.users.get(context.user);
  if (user === undefined && context.user !== '') {
    return failed(
      'invalid',
      `Context ${context.name} in ${context.file} names user ${context.user}, which no kubeconfig file defines. Nothing was sent; correct the kubeconfig.`,
    );
  }
  const namespace = target.namespace ?? context.namespace ?? 'default';
  return ok({ context, cluster, user, namespace });
}

const normalized = (server: string): string =>
  (URL.canParse(server) ? new URL(server).href : server).replace(/\/+$/, '');

/** Leaves out what is undefined, so that the written file holds only what is set. */
const defined = (record: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));

/**
 * The text of a kubeconfig (JSON, which is YAML) that holds the target's context alone, current, with its namespace
 * and credentials, for a child process. It contains secrets: write it with mode 0600 and remove it.
 * Fails as `resolveTarget` does.
 */
export function pinnedKubeconfig(kubeconfig: Kubeconfig, target: Target): Result<string> {
  const resolved = resolveTarget(kubeconfig, target);
  if (!resolved.ok) return resolved;
  const { context, cluster, user, namespace } = resolved.value;
  const document = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': context.name,
    contexts: [
      { name: context.name, context: defined({ cluster: cluster.name, user: user?.name, namespace }) },
    ],
    clusters: [
      {
        name: cluster.name,
        cluster: defined({
          server: cluster.server,
          'certificate-authority': cluster.certificateAuthorityData
            ? undefined
            : cluster.certificateAuthorityFile,
          'certificate-authority-data': cluster.certificateAuthorityData,
          'insecure-skip-tls-verify': cluster.insecureSkipTlsVerify || undefined,
          'tls-server-name': cluster.tlsServerName,
          'proxy-url': cluster.proxyUrl,
          extensions:
            cluster.execConfig === undefined
              ? undefined
              : [{ name: execExtension, extension: cluster.execConfig }],
        }),
      },
    ],
    users: user ? [{ name: user.name, user: userEntry(user) }] : [],
  };
  return ok(JSON.stringify(document, null, 2) + '\n');
}

function userEntry(user: KubeUser): Record<string, unknown> {
  return defined({
    'client-certificate': user.clientCertificateData ? undefined : user.clientCertificateFile,
    'client-certificate-data': user.clientCertificateData,
    'client-key': user.clientKeyData ? undefined : user.clientKeyFile,
    'client-key-data': user.clientKeyData,
    token: user.token,
    tokenFile: user.tokenFile,
    username: user.username,
    password: user.password,
    as: user.impersonate,
    'as-groups': user.impersonateGroups.length > 0 ? user.impersonateGroups : undefined,
    'as-uid': user.impersonateUid,
    'as-user-extra': Object.keys(user.impersonateExtra).length > 0 ? user.impersonateExtra : undefined,
    exec: user.exec ? defined({ ...user.exec }) : undefined,
    'auth-provider': user.authProvider,
  });
}
