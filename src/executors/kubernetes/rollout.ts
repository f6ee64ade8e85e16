import { setTimeout as delay } from 'node:timers/promises';
import type { KubernetesAction } from '../../core/plan/kubernetesAction.ts';
import type { ResourceKind } from './discovery.ts';
import { kindName, pathOf } from './discovery.ts';
import type { Workload } from './objects.ts';
import { fetchObject } from './objects.ts';
import { findUndo } from './rolloutUndo.ts';
import { resolveObject } from './scale.ts';
import type { VerbContext, VerbOutcome } from './verb.ts';
import { failVerb, succeeded } from './verb.ts';

export type RolloutAction = Extract<KubernetesAction, { verb: 'rollout' }>;

/** kubectl rollout status | undo. */
export async function runRollout(context: VerbContext, action: RolloutAction): Promise<VerbOutcome> {
  return action.sub === 'status' ? rolloutStatus(context, action) : rolloutUndo(context, action);
}

/** What a workload's rollout looks like now: the sentence kubectl prints, and whether it is over. */
export type RolloutState =
  | { readonly kind: 'waiting'; readonly text: string }
  | { readonly kind: 'done'; readonly text: string }
  | { readonly kind: 'stuck'; readonly text: string };

/**
 * Watches a rollout until it is done or its progress deadline is over, printing each new state as kubectl does.
 * https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#deployment-status
 */
async function rolloutStatus(context: VerbContext, action: RolloutAction): Promise<VerbOutcome> {
  const { transport, namespace, signal, output } = context;
  const kind = await resolveObject(context, action.resource);
  if (!kind.ok) return failVerb(context, kind.failure);
  let last = '';
  const report = async (object: Workload): Promise<VerbOutcome | undefined> => {
    const state = rolloutState(kind.value, object, action.resource.name);
    if (state.kind === 'stuck') return failVerb(context, { code: 'failed', message: state.text });
    const fresh = state.text !== last;
    last = state.text;
    if (fresh && !(await output.write(`${state.text}\n`))) return succeeded();
    return state.kind === 'done' ? succeeded(state.text) : undefined;
  };
  for (;;) {
    const object = await fetchObject<Workload>(
      transport,
      kind.value,
      namespace,
      action.resource.name,
      signal,
    );
    if (!object.ok) return failVerb(context, object.failure);
    const ended = await report(object.value);
    if (ended !== undefined) return ended;
    const watch = await transport.stream(
      {
        path: pathOf(kind.value, namespace),
        endless: true,
        query: {
          watch: true,
          fieldSelector: `metadata.name=${action.resource.name}`,
          resourceVersion: object.value.metadata?.resourceVersion,
        },
      },
      signal,
    );
    if (!watch.ok) return failVerb(context, watch.failure);
    try {
      for await (const event of watchEvents(watch.value)) {
        if (event.type === 'DELETED') {
          return await failVerb(context, { code: 'not-found', message: 'error: object has been deleted' });
        }
        // An ERROR event (the resourceVersion is too old) and a closed watch both start over with a fresh read.
        if (event.type === 'ERROR' || event.object === undefined) break;
        const over = await report(event.object);
        if (over !== undefined) return over;
      }
    } catch (thrown) {
      const failure = transport.cutOff(thrown, signal);
      if (failure.code === 'cancelled') return { kind: 'stopped' };
    }
    // A server that ends every watch at once must not be asked without a pause.
    await delay(rewatchAfterMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return { kind: 'stopped' };
  }
}

const rewatchAfterMs = 500;

interface WatchEvent {
  readonly type?: string;
  readonly object?: Workload;
}

/** One JSON document per line: https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes */
async function* watchEvents(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<WatchEvent> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of bytes) {
    rest += decoder.decode(chunk, { stream: true });
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') yield JSON.parse(line) as WatchEvent;
  }
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
    const partition = spec?.updateStrategy?.rollingUpdate?.partition ?? 0;
    const updated = status?.updatedReplicas ?? 0;
    if (partition > 0) {
      if (updated < wanted - partition) {
        return waiting(
          `Waiting for partitioned roll out to finish: ${updated} out of ${wanted - partition} new pods have been updated...`,
        );
      }
      return {
        kind: 'done',
        text: `partitioned roll out complete: ${updated} new pods have been updated...`,
      };
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

/** Puts the chosen revision's template back, as kubectl does; the server refuses if the object changed meanwhile. */
async function rolloutUndo(context: VerbContext, action: RolloutAction): Promise<VerbOutcome> {
  const found = await findUndo(context, action);
  if (!found.ok) return failVerb(context, found.failure);
  const { kind, template, revision, same, resourceVersion } = found.value;
  const object = `${kindName(kind)}/${action.resource.name}`;
  if (same) {
    await context.output.write(
      `${object} skipped rollback (current template already matches revision ${revision})\n`,
    );
    return succeeded(`The current template already is revision ${revision}.`);
  }
  const guard =
    resourceVersion === undefined
      ? []
      : [{ op: 'test', path: '/metadata/resourceVersion', value: resourceVersion }];
  const answer = await context.transport.json(
    {
      method: 'PATCH',
      path: pathOf(kind, context.namespace, action.resource.name),
      query: { dryRun: action.dryRun ? 'All' : undefined },
      contentType: 'application/json-patch+json',
      body: JSON.stringify([...guard, { op: 'replace', path: '/spec/template', value: template }]),
    },
    context.signal,
  );
  if (!answer.ok) return failVerb(context, answer.failure);
  await context.output.write(`${object} rolled back${action.dryRun ? ' (server dry run)' : ''}\n`);
  return succeeded(`Back to revision ${revision}.`);
}
