import type { Incident } from '../core/incident/incident.ts';
import type { Plan, Target } from '../core/plan/plan.ts';
import type { ClusterReader } from '../executors/kubernetes/clusterReader.ts';
import type { PageTarget } from '../shared/runbookPage.ts';

/** A sentence when the pinned context is gone or now names another server; undefined when all is well. */
export function targetWarning(target: Target, cluster: ClusterReader): string | undefined {
  if (target.context === undefined) return undefined;
  const read = cluster.listContexts();
  if (!read.ok)
    return `${read.failure.message} Steps on ${target.context} cannot run until the kubeconfig is readable.`;
  const found = read.value.contexts.find((context) => context.name === target.context);
  if (!found) {
    return `The pinned context ${target.context} is no longer in the kubeconfig. Nothing runs on another one: restore it or pin a target again.`;
  }
  if (target.server !== undefined && found.server !== target.server) {
    return `The context ${target.context} now names ${found.server}; the incident was pinned to ${target.server}. Nothing runs until you pin the target again.`;
  }
  return undefined;
}

/** Refuses a plan whose cluster is not provably the pinned one. */
export function checkTarget(plan: Plan, pinned: Target, cluster: ClusterReader): string | undefined {
  if (plan.kind !== 'kubernetes' && plan.kind !== 'shell') return undefined;
  const target = plan.target.context === pinned.context ? pinned : plan.target;
  return targetWarning(target, cluster);
}

/** The target as the page's header shows it. */
export function pageTarget(incident: Incident | undefined, cluster: ClusterReader): PageTarget {
  const target: Target = incident?.target ?? {};
  return {
    context: target.context,
    namespace: target.namespace,
    server: target.server,
    warning: incident?.status === 'active' ? targetWarning(target, cluster) : undefined,
  };
}
