import type { Target, ValueKind } from '../plan/plan.ts';
import { validateValue } from '../plan/words/validateValue.ts';

/**
 * The command that shows what there is of a kind at a target, read by the same executors as a guide's own steps;
 * undefined where nothing can be asked: the kind is nothing a system lists, or the target it would need is not pinned.
 * @param app of a revision: whose history it is from
 */
export function lookUpCommand(kind: ValueKind, target: Target, app: string | undefined): string | undefined {
  const cluster = target.context !== undefined;
  const argoCd = cluster || target.argoCdServer !== undefined;
  switch (kind) {
    case 'pod':
      return cluster ? 'kubectl get pods' : undefined;
    case 'deployment':
      return cluster ? 'kubectl get deployments' : undefined;
    case 'service':
      return cluster ? 'kubectl get services' : undefined;
    case 'ingress':
      return cluster ? 'kubectl get ingresses' : undefined;
    case 'namespace':
      return cluster ? 'kubectl get namespaces' : undefined;
    case 'app':
      return argoCd ? 'argocd app list' : undefined;
    case 'revision':
      return argoCd && app !== undefined && validateValue('app', app) === undefined
        ? `argocd app history ${app}`
        : undefined;
    case 'db-cluster':
      return target.awsRegion === undefined ? undefined : 'aws rds describe-db-clusters';
    case 'db-instance':
      return target.awsRegion === undefined ? undefined : 'aws rds describe-db-instances';
    case 'text':
    case 'number':
    case 'choice':
    case 'flag':
    case 'duration':
    case 'secret':
      return undefined;
  }
}
