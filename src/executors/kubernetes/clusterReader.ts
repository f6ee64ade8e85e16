import type { Result } from '../../core/errors.ts';
import { failed, messageOf } from '../../core/errors.ts';
import type { Signal } from '../../core/ports.ts';
import { followSignal } from '../runScope.ts';
import type { KubernetesDeps } from './access/clusters.ts';
import { createClusters } from './access/clusters.ts';
import type { KubeContext } from './access/kubeconfig.ts';
import type { KubeObject } from './objects/objects.ts';
import { fetchObjects } from './objects/objects.ts';

/** What the person can choose a target from. */
export interface KnownContexts {
  readonly contexts: readonly KubeContext[];
  /** Only ever preselected, never used silently. */
  readonly currentContext: string | undefined;
  readonly problems: readonly string[];
}

/** Reads names from clusters, for pickers and suggestions. Changes nothing, never throws. */
export interface ClusterReader {
  listContexts(): Result<KnownContexts>;
  listNamespaces(context: string, signal: Signal): Promise<Result<readonly string[]>>;
  /** Names of one kind (as typed: `pods`, `deploy`), sorted; namespace undefined means the context's own. */
  listNames(
    context: string,
    namespace: string | undefined,
    kind: string,
    signal: Signal,
  ): Promise<Result<readonly string[]>>;
  /** What an incident may be about: Deployments and Services by name, each name once. */
  listServices(
    context: string,
    namespace: string | undefined,
    signal: Signal,
  ): Promise<Result<readonly string[]>>;
  dispose(): Promise<void>;
}

export function createClusterReader(deps: KubernetesDeps): ClusterReader {
  const clusters = createClusters(deps);

  async function listNames(
    context: string,
    namespace: string | undefined,
    kind: string,
    signal: Signal,
  ): Promise<Result<readonly string[]>> {
    const cluster = clusters.open({ context, ...(namespace === undefined ? {} : { namespace }) });
    if (!cluster.ok) return cluster;
    const scope = followSignal(signal);
    try {
      const { transport, discovery } = cluster.value;
      const found = await discovery.resolve(kind, scope.signal);
      if (!found.ok) return found;
      const list = await fetchObjects<KubeObject>(
        transport,
        found.value[0]!,
        cluster.value.namespace,
        {},
        scope.signal,
      );
      if (!list.ok) return list;
      return { ok: true, value: list.value.map((object) => object.metadata?.name ?? '').sort() };
    } catch (thrown) {
      return failed('failed', `The names of ${kind} in ${context} could not be read: ${messageOf(thrown)}.`);
    } finally {
      scope.dispose();
    }
  }

  return {
    listContexts() {
      const kubeconfig = deps.loadKubeconfig();
      if (!kubeconfig.ok) return kubeconfig;
      const { contexts, currentContext, problems } = kubeconfig.value;
      return { ok: true, value: { contexts, currentContext, problems } };
    },
    listNamespaces: (context, signal) => listNames(context, undefined, 'namespaces', signal),
    listNames,
    async listServices(context, namespace, signal) {
      const [services, deployments] = await Promise.all([
        listNames(context, namespace, 'services', signal),
        listNames(context, namespace, 'deployments', signal),
      ]);
      if (!services.ok && !deployments.ok) return services;
      const names = [services, deployments].flatMap((answer) => (answer.ok ? answer.value : []));
      return { ok: true, value: [...new Set(names)].sort() };
    },
    dispose: () => clusters.dispose(),
  };
}
