import type { RolloutAction } from './rollout.ts';
import type { ResourceKind } from '../objects/discovery.ts';
import { followObject } from '../objects/followObject.ts';
import { resolveObject } from '../objects/objectRef.ts';
import type { Workload } from '../objects/objects.ts';
import type { VerbContext, VerbOutcome } from '../verb.ts';
import { failVerb, succeeded } from '../verb.ts';

/** What a workload's rollout looks like now: the sentence kubectl prints, and whether it is over. */
export type RolloutState =
  | { readonly kind: 'waiting'; readonly text: string }
  | { readonly kind: 'done'; readonly text: string }
  | { readonly kind: 'stuck'; readonly text: string };

/**
 * Watches a rollout until it is done or its progress deadline is over, printing each new state as kubectl does.
 * https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#deployment-status
 */
export async function rolloutStatus(context: VerbContext, action: RolloutAction): Promise<VerbOutcome> {
  const kind = await resolveObject(context, action.resource);
  if (!kind.ok) return failVerb(context, kind.failure);
  const { name } = action.resource;
  const limit = action.timeoutSeconds ? AbortSignal.timeout(action.timeoutSeconds * 1000) : undefined;
  const signal = limit === undefined ? context.signal : AbortSignal.any([context.signal, limit]);
  let last = '';
  for await (const object of followObject<Workload>({ ...context, signal }, kind.value, name)) {
    if (!object.ok && signal.aborted) break;
    if (!object.ok) return failVerb(context, object.failure);
    const state = rolloutState(kind.value, object.value, name);
    if (state.kind === 'stuck') return failVerb(context, { code: 'failed', message: state.text });
    const fresh = state.text !== last;
    last = state.text;
    if (fresh && !(await context.output.write(`${state.text}\n`))) return succeeded();
    if (state.kind === 'done') return succeeded(state.text);
    if (action.once) return succeeded(state.text);
  }
  if (context.signal.aborted) return { kind: 'stopped' };
  return failVerb(context, { code: 'timeout', message: 'error: timed out waiting for the condition' });
}

/** kubectl's own reading of a Deployment, StatefulSet or DaemonSet. */
export function rolloutState(kind: ResourceKind, object: Workload, name: string): RolloutState {
  const { spec, status } = object;
  const waiting = (text: string): RolloutState => ({ kind: 'waiting', text });
  const observed = status?.observedGeneration ?? 0;
  const wanted = spec?.replicas ?? 1;
  if ((object.metadata?.generation ?? 0) > observed) {
    const what = { statefulsets: 'statefulset', daemonsets: 'daemon set' }[kind.plural] ?? 'deployment';
    return waiting(`Waiting for ${what} spec update to be observed...`);
  }
  if (kind.plural === 'deployments') {
    const progress = status?.conditions?.find((condition) => condition.type === 'Progressing');
    if (progress?.reason === 'ProgressDeadlineExceeded') {
      return { kind: 'stuck', text: `error: deployment "${name}" exceeded its progress deadline` };
    }
    const updated = status?.updatedReplicas ?? 0;
    const total = status?.replicas ?? 0;
    const available = status?.availableReplicas ?? 0;
    const head = `Waiting for deployment "${name}" rollout to finish:`;
    if (updated < wanted)
      return waiting(`${head} ${updated} out of ${wanted} new replicas have been updated...`);
    if (total > updated) return waiting(`${head} ${total - updated} old replicas are pending termination...`);
    if (available < updated)
      return waiting(`${head} ${available} of ${updated} updated replicas are available...`);
    return { kind: 'done', text: `deployment "${name}" successfully rolled out` };
  }
  if (kind.plural === 'daemonsets') {
    const desired = status?.desiredNumberScheduled ?? 0;
    const updated = status?.updatedNumberScheduled ?? 0;
    const available = status?.numberAvailable ?? 0;
    const head = `Waiting for daemon set "${name}" rollout to finish:`;
    if (updated < desired)
      return waiting(`${head} ${updated} out of ${desired} new pods have been updated...`);
    if (available < desired)
      return waiting(`${head} ${available} of ${desired} updated pods are available...`);
    return { kind: 'done', text: `daemon set "${name}" successfully rolled out` };
  }
  if (kind.plural === 'statefulsets') {
    if (spec?.updateStrategy?.type === 'OnDelete') {
      return {
        kind: 'stuck',
        text: 'error: rollout status is only available for RollingUpdate strategy type',
      };
    }
    const ready = status?.readyReplicas ?? 0;
    if (ready < wanted) return waiting(`Waiting for ${wanted - ready} pods to be ready...`);
    const updated = status?.updatedReplicas ?? 0;
    const rolling = spec?.updateStrategy?.rollingUpdate;
    // The server fills in a partition of 0: kubectl calls every such rollout a partitioned one.
    if (rolling !== undefined) {
      const part = wanted - (rolling.partition ?? 0);
      const all = updated >= part || rolling.partition === undefined;
      return all
        ? { kind: 'done', text: `partitioned roll out complete: ${updated} new pods have been updated...` }
        : waiting(
            `Waiting for partitioned roll out to finish: ${updated} out of ${part} new pods have been updated...`,
          );
    }
    if (status?.updateRevision !== status?.currentRevision) {
      return waiting(
        `waiting for statefulset rolling update to complete ${updated} pods at revision ${status?.updateRevision}...`,
      );
    }
    return {
      kind: 'done',
      text: `statefulset rolling update complete ${status?.replicas ?? 0} pods at revision ${status?.currentRevision}...`,
    };
  }
  return { kind: 'stuck', text: `error: no status viewer has been implemented for ${kind.kind}` };
}
