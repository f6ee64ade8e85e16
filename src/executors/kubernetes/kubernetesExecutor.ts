import type { Result } from '../../core/errors.ts';
import { failed, messageOf } from '../../core/errors.ts';
import type { KubernetesPlan, Outcome } from '../../core/plan/plan.ts';
import type { Executor, Inspection, RunIo, Signal } from '../../core/ports.ts';
import { createFilteredOutput } from '../filteredOutput.ts';
import { followSignal, outcomeOf, runScoped } from '../runScope.ts';
import type { KubernetesDeps } from './clusters.ts';
import { createClusters } from './clusters.ts';
import { runDescribe } from './describe.ts';
import { runExec } from './exec.ts';
import { runGet } from './get.ts';
import { inspectAction } from './inspect.ts';
import { runLogs } from './logs.ts';
import { runPatch } from './patch.ts';
import { runRestore } from './restore.ts';
import { runRollout } from './rollout.ts';
import { runScale } from './scale.ts';
import type { VerbContext, VerbOutcome } from './verb.ts';

// The one entry of this lazy chunk: what the composition root takes from it comes from here.
export type { ClusterReader } from './clusterReader.ts';
export { createClusterReader } from './clusterReader.ts';
export { kubeconfigPaths, loadKubeconfig } from './kubeconfig.ts';
export { pinnedKubeconfig } from './target.ts';

/** Runs Kubernetes plans through the API, always on the plan's own context. `dispose` closes its connections. */
export interface KubernetesExecutor extends Executor<KubernetesPlan> {
  inspect(plan: KubernetesPlan, signal: Signal): Promise<Result<Inspection>>;
  dispose(): Promise<void>;
}

export function createKubernetesExecutor(deps: KubernetesDeps): KubernetesExecutor {
  const clusters = createClusters(deps);

  async function run(plan: KubernetesPlan, io: RunIo, signal: AbortSignal): Promise<Outcome> {
    const cluster = clusters.open(plan.target);
    if (!cluster.ok) {
      await io.write(`${cluster.failure.message}\n`, 'stderr');
      return outcomeOf(cluster.failure);
    }
    const output = createFilteredOutput(plan.filters, io);
    const outcome = await runVerb({ ...cluster.value, output, signal }, plan);
    const matched = await output.end();
    if (outcome.kind !== 'succeeded' || matched) return outcome;
    // Nothing found in logs that could not all be read is not the same as nothing to be found.
    return plan.action.verb === 'logs' && outcome.detail !== undefined
      ? { ...outcome, detail: `The filters found nothing in what could be read. ${outcome.detail}` }
      : { kind: 'no-match' };
  }

  return {
    run: (plan, io, signal) => runScoped(plan.timeoutMs, signal, io, (inner, out) => run(plan, out, inner)),
    async inspect(plan, signal) {
      const cluster = clusters.open(plan.target);
      if (!cluster.ok) return cluster;
      const scope = followSignal(signal);
      try {
        return await inspectAction({ ...cluster.value, signal: scope.signal }, plan.action);
      } catch (thrown) {
        return failed(
          'failed',
          `What this would change could not be read: ${messageOf(thrown)}. Nothing was changed.`,
        );
      } finally {
        scope.dispose();
      }
    },
    dispose: () => clusters.dispose(),
  };
}

function runVerb(context: VerbContext, { action }: KubernetesPlan): Promise<VerbOutcome> {
  switch (action.verb) {
    case 'get':
      return runGet(context, action);
    case 'describe':
      return runDescribe(context, action);
    case 'logs':
      return runLogs(context, action);
    case 'scale':
      return runScale(context, action);
    case 'patch':
      return runPatch(context, action);
    case 'restore':
      return runRestore(context, action);
    case 'rollout':
      return runRollout(context, action);
    case 'exec':
      return runExec(context, action);
  }
}
