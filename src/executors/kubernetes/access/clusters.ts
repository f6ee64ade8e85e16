import type { Result } from '../../../core/errors.ts';
import type { Target } from '../../../core/plan/plan.ts';
import type { Discovery } from '../objects/discovery.ts';
import { createDiscovery } from '../objects/discovery.ts';
import type { Kubeconfig } from './kubeconfig.ts';
import { resolveTarget } from './target.ts';
import type { Transport } from './transport.ts';
import { createTransport } from './transport.ts';

/** What the Kubernetes executor and the cluster reader need of the outside. */
export interface KubernetesDeps {
  /** Called before every run: the person may have switched files or signed in meanwhile. */
  readonly loadKubeconfig: () => Result<Kubeconfig>;
  /** For proxies and credential plugins; the process's own when absent. */
  readonly env?: () => Readonly<Record<string, string | undefined>>;
  /** Milliseconds for a connection, and again to the first byte; 10 000 when absent. */
  readonly timeoutMs?: number;
}

export interface Cluster {
  readonly transport: Transport;
  readonly discovery: Discovery;
  readonly namespace: string;
}

/** Open ways to clusters, one for each context with its credentials, kept while nothing about them changes. */
export interface Clusters {
  open(target: Target): Result<Cluster>;
  dispose(): Promise<void>;
}

export function createClusters(deps: KubernetesDeps): Clusters {
  const open = new Map<
    string,
    { readonly key: string; readonly transport: Transport; readonly discovery: Discovery }
  >();
  const retired: Transport[] = [];
  return {
    open(target) {
      const kubeconfig = deps.loadKubeconfig();
      if (!kubeconfig.ok) return kubeconfig;
      const resolved = resolveTarget(kubeconfig.value, target);
      if (!resolved.ok) return resolved;
      const { context, cluster, user, namespace } = resolved.value;
      const key = JSON.stringify([cluster, user]);
      let entry = open.get(context.name);
      if (entry?.key !== key) {
        // The old one may still run something: its connections close when idle, the rest on dispose.
        if (entry !== undefined) retired.push(entry.transport);
        const options = {
          target: resolved.value,
          env: deps.env?.() ?? process.env,
          timeoutMs: deps.timeoutMs ?? 10_000,
        };
        const transport = createTransport(options);
        entry = { key, transport, discovery: createDiscovery(transport) };
        open.set(context.name, entry);
      }
      return { ok: true, value: { transport: entry.transport, discovery: entry.discovery, namespace } };
    },
    async dispose() {
      const all = [...retired.splice(0), ...[...open.values()].map((entry) => entry.transport)];
      open.clear();
      await Promise.all(all.map((transport) => transport.dispose()));
    },
  };
}
