import type { Target, ValueKind } from '../../core/plan/plan.ts';
import type { ApplicationResources } from '../../executors/applicationResources.ts';
import type { ClusterReader } from '../../executors/kubernetes/clusterReader.ts';

const resources: Readonly<Partial<Record<ValueKind, string>>> = {
  pod: 'pods',
  deployment: 'deployments',
  service: 'services',
  ingress: 'ingresses',
};

/**
 * Names of one kind from the systems of a target, sorted; empty where the kind has no list or the system does not
 * answer: they are suggestions, and a failure is told by the run itself.
 */
export const createLiveNames =
  ({
    cluster,
    applications,
  }: {
    readonly cluster: ClusterReader;
    readonly applications: Pick<ApplicationResources, 'list'>;
  }) =>
  async (kind: ValueKind, target: Target, signal: AbortSignal): Promise<readonly string[]> => {
    const { context, namespace } = target;
    if (context === undefined) return [];
    if (kind === 'namespace') {
      const found = await cluster.listNamespaces(context, signal);
      return found.ok ? found.value : [];
    }
    if (kind === 'app') {
      const found = await applications.list(target, undefined, signal);
      return found.ok ? found.value.flatMap(nameOf).sort() : [];
    }
    const resource = resources[kind];
    if (resource === undefined) return [];
    const found = await cluster.listNames(context, namespace, resource, signal);
    return found.ok ? found.value : [];
  };

function nameOf(application: unknown): readonly string[] {
  const name = (application as { metadata?: { name?: unknown } } | null)?.metadata?.name;
  return typeof name === 'string' ? [name] : [];
}
