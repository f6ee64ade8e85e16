import type { Result } from '../../core/errors.ts';
import { failed, messageOf } from '../../core/errors.ts';
import type { IngressForm } from '../../core/plan/kubectl/ingressPatch.ts';
import type { KubernetesPlan, Outcome, Target } from '../../core/plan/plan.ts';
import type { MadeChange } from '../../core/plan/undo.ts';
import type { Executor, Inspection, RunIo, Signal } from '../../core/ports.ts';
import { createFilteredOutput } from '../filteredOutput.ts';
import { followSignal, foreseeScoped, inspectScoped, outcomeOf, runScoped } from '../runScope.ts';
import type { Cluster, KubernetesDeps } from './access/clusters.ts';
import { createClusters } from './access/clusters.ts';
import { runApply } from './change/apply.ts';
import { runDelete } from './change/deleteObjects.ts';
import { runDescribe } from './describe/describe.ts';
import { runExec } from './change/exec.ts';
import { runGet } from './get/get.ts';
import { createShownNames, lookUpEndpoints, shownName } from './get/serviceEndpoints.ts';
import { readIngressForm } from './look/ingressForm.ts';
import { inspectPlan } from './look/inspect.ts';
import { runLogs } from './logs/logs.ts';
import { runPatch } from './change/patch.ts';
import { createPermissions } from './access/permissions.ts';
import { runRestore } from './change/restore.ts';
import { runRollout } from './change/rollout.ts';
import { runScale } from './change/scale.ts';
import { runTop } from './get/top.ts';
import type { KubeObject } from './objects/objects.ts';
import type { LookContext, VerbContext, VerbOutcome } from './verb.ts';

// The one entry of this lazy chunk: what the composition root takes from it comes from here.
export type { ClusterReader } from './clusterReader.ts';
export { createClusterReader } from './clusterReader.ts';
export { createApplicationResources } from './applicationResources.ts';
export { createRecentChanges } from './recentChanges.ts';
export { kubeconfigPaths, loadKubeconfig } from './access/kubeconfig.ts';
export { pinnedKubeconfig } from './access/target.ts';

/** Runs Kubernetes plans through the API, always on the plan's own context. `dispose` closes its connections. */
export interface KubernetesExecutor extends Executor<KubernetesPlan> {
  inspect(plan: KubernetesPlan, signal: Signal): Promise<Result<Inspection>>;
  foresee(plan: KubernetesPlan, signal: Signal): Promise<readonly string[]>;
  /** What the form for an ingress patch shows. Changes nothing. */
  readIngressForm(target: Target, name: string, signal: Signal): Promise<Result<IngressForm>>;
  dispose(): Promise<void>;
}

export function createKubernetesExecutor(deps: KubernetesDeps): KubernetesExecutor {
  const clusters = createClusters(deps);
  const permissions = createPermissions();

  async function run(plan: KubernetesPlan, io: RunIo, signal: AbortSignal): Promise<Outcome> {
    const cluster = clusters.open(plan.target);
    if (!cluster.ok) {
      await io.write(`${cluster.failure.message}\n`, 'stderr');
      return outcomeOf(cluster.failure);
    }
    const { action } = plan;
    const everywhere = action.verb === 'get' && action.allNamespaces;
    const names = createShownNames(everywhere);
    const output = createFilteredOutput(plan.filters, {
      write(text, stream) {
        if (stream === 'stdout' && plan.filters.length > 0) names.write(text);
        return io.write(text, stream);
      },
    });
    const look = lookOf(cluster.value, plan, signal);
    const services: KubeObject[] = [];
    const changed = async (made: MadeChange): Promise<void> => void (await io.changed?.(made));
    // A credential plugin that runs meanwhile may print a link to sign in at.
    const unheard = cluster.value.transport.onPluginOutput((text) => void output.error(text));
    const listed = (found: readonly KubeObject[]): void => void services.push(...found);
    const outcome = await runVerb(
      { ...look, output, changed, ...(io.lookedUp ? { listed } : {}) },
      plan,
    ).finally(unheard);
    const matched = await output.end();
    if (services.length > 0 && outcome.kind !== 'stopped') {
      const shown = services.filter(
        (service) => plan.filters.length === 0 || names.has(shownName(service, everywhere)),
      );
      io.lookedUp?.({ services: await lookUpEndpoints(look, shown, everywhere) });
    }
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
      return inspectScoped(signal, (inner) => inspectPlan(lookOf(cluster.value, plan, inner), plan));
    },
    async foresee(plan, signal) {
      const cluster = clusters.open(plan.target);
      if (!cluster.ok) return [cluster.failure.message];
      // Showing a card must not open somebody's browser to sign in: that waits for a click.
      if (cluster.value.transport.wouldRunPlugin()) return [];
      return foreseeScoped(signal, (inner) =>
        permissions.foresee(lookOf(cluster.value, plan, inner), plan.action),
      );
    },
    async readIngressForm(target, name, signal) {
      const cluster = clusters.open(target);
      if (!cluster.ok) return cluster;
      const scope = followSignal(signal);
      try {
        return await readIngressForm(cluster.value, name, scope.signal);
      } catch (thrown) {
        return failed('failed', `The rules of ingress/${name} could not be read: ${messageOf(thrown)}.`);
      } finally {
        scope.dispose();
      }
    },
    dispose: () => clusters.dispose(),
  };
}

const lookOf = (cluster: Cluster, { target, cwd }: KubernetesPlan, signal: AbortSignal): LookContext => ({
  ...cluster,
  target,
  cwd,
  signal,
});

function runVerb(context: VerbContext, { action }: KubernetesPlan): Promise<VerbOutcome> {
  switch (action.verb) {
    case 'get':
      return runGet(context, action);
    case 'describe':
      return runDescribe(context, action);
    case 'top':
      return runTop(context, action);
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
    case 'apply':
      return runApply(context, action);
    case 'delete':
      return runDelete(context, action);
  }
}
