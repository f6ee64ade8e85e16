import type { Incident } from '../../core/incident/incident.ts';
import type { Plan, Target } from '../../core/plan/plan.ts';
import type { PageTarget, TargetWarning } from '../../core/views/runbookPageState.ts';
import type { ClusterReader } from '../../executors/kubernetes/clusterReader.ts';

/** Why the pinned cluster is in doubt and what waits for a person; undefined when all is well. */
export function targetWarning(target: Target, cluster: ClusterReader): TargetWarning | undefined {
  const everything = (message: string): TargetWarning => ({ message, blocks: 'everything' });
  if (target.context === undefined) return undefined;
  const read = cluster.listContexts();
  if (!read.ok) {
    return everything(
      `${read.failure.message} Steps on ${target.context} cannot run until the kubeconfig is readable.`,
    );
  }
  const { contexts, currentContext } = read.value;
  const found = contexts.find((context) => context.name === target.context);
  if (!found) {
    return everything(
      `The pinned context ${target.context} is no longer in the kubeconfig. Nothing runs on another one: restore it or pin a target again.`,
    );
  }
  if (target.server !== undefined && found.server !== target.server) {
    return everything(
      `The context ${target.context} now names ${found.server}; the incident was pinned to ${target.server}. Nothing runs on a cluster or in a shell until you pin the target again.`,
    );
  }
  if (target.currentContext !== undefined && currentContext !== target.currentContext) {
    return {
      message:
        `The current context was switched from ${target.currentContext} to ${currentContext ?? 'none'} under this incident. ` +
        `Steps here still go to ${target.context}, but changes wait: pin the target again to say which cluster is meant.`,
      blocks: 'changes',
    };
  }
  return undefined;
}

/** Refuses a plan whose cluster is not provably the pinned one, and a change while that is in doubt. */
export function checkTarget(plan: Plan, pinned: Target, cluster: ClusterReader): string | undefined {
  const onCluster =
    plan.kind === 'kubernetes' ||
    plan.kind === 'shell' ||
    (plan.kind === 'argocd' && plan.target.argoCdServer === undefined);
  if (!onCluster) return undefined;
  const target = plan.target.context === pinned.context ? pinned : plan.target;
  const warning = targetWarning(target, cluster);
  return warning && (warning.blocks === 'everything' || plan.risk !== 'read') ? warning.message : undefined;
}

/** The target as the page's header shows it. */
export function pageTarget(incident: Incident | undefined, cluster: ClusterReader): PageTarget {
  const target: Target = incident?.target ?? {};
  return {
    context: target.context,
    namespace: target.namespace,
    server: target.server,
    argoCdServer: target.argoCdServer,
    awsProfile: target.awsProfile,
    awsRegion: target.awsRegion,
    warning: incident?.status === 'active' ? targetWarning(target, cluster) : undefined,
  };
}
