import type {
  KubernetesAction,
  ReadyWait,
  ScaledObject,
} from '../../../core/plan/kubectl/kubernetesAction.ts';
import type { ResourceKind } from '../objects/discovery.ts';
import { kindName } from '../objects/discovery.ts';
import { followObject } from '../objects/followObject.ts';
import { objectName, resolveObject } from '../objects/objectRef.ts';
import type { Workload } from '../objects/objects.ts';
import { scaleMade, scaleObject } from './scaleObject.ts';
import type { VerbContext, VerbOutcome } from '../verb.ts';
import { failVerb, succeeded } from '../verb.ts';

export type ScaleAction = Extract<KubernetesAction, { verb: 'scale' }>;

/** All objects of one scale command, each with its own guard. */
export const scaledObjects = (action: ScaleAction): readonly ScaledObject[] => [
  {
    ...action.resource,
    ...(action.currentReplicas === undefined ? {} : { currentReplicas: action.currentReplicas }),
  },
  ...(action.more ?? []),
];

/**
 * kubectl scale, through the `/scale` subresource; with a guard only from that number. Once accepted it can watch until
 * all replicas are available: being stopped while it watches takes nothing back.
 */
export async function runScale(context: VerbContext, action: ScaleAction): Promise<VerbOutcome> {
  const accepted: { kind: ResourceKind; name: string }[] = [];
  for (const object of scaledObjects(action)) {
    const kind = await resolveObject(context, object);
    if (!kind.ok) return failVerb(context, kind.failure);
    const { name, currentReplicas } = object;
    const scaled = await scaleObject(context, kind.value, name, {
      replicas: action.replicas,
      dryRun: action.dryRun,
      check: (live, version) => {
        if (currentReplicas !== undefined && live !== currentReplicas)
          return `error: Expected replicas to be ${currentReplicas}, was ${live}. Nothing was changed; look at ${objectName(kind.value, name)} again before scaling.`;
        if (action.resourceVersion !== undefined && version !== action.resourceVersion)
          return `error: Expected resource version to be ${action.resourceVersion}, was ${version}. Nothing was changed; look at ${objectName(kind.value, name)} again before scaling.`;
        return undefined;
      },
    });
    if (!scaled.ok) return failVerb(context, scaled.failure);
    const made = scaleMade(context, scaled.value, name);
    if (!action.dryRun && made.changes.length > 0) await context.changed(made);
    const suffix = action.dryRun ? ' (server dry run)' : '';
    await context.output.write(`${kindName(kind.value)}/${name} scaled${suffix}\n`);
    accepted.push({ kind: kind.value, name });
  }
  if (action.wait === undefined || action.dryRun) return succeeded();
  return waitUntilReady(context, accepted, action.replicas, action.wait);
}

/** Kinds whose status says how many replicas are ready. */
const counted = new Set(['deployments', 'statefulsets', 'replicasets', 'replicationcontrollers']);

async function waitUntilReady(
  context: VerbContext,
  objects: readonly { readonly kind: ResourceKind; readonly name: string }[],
  replicas: number,
  wait: ReadyWait,
): Promise<VerbOutcome> {
  const limit = AbortSignal.timeout(wait.seconds * 1000);
  const signal = AbortSignal.any([context.signal, limit]);
  const ends: Seen[] = [];
  for (const { kind, name } of objects.filter((one) => counted.has(one.kind.plural))) {
    const label = objects.length === 1 ? '' : `${objectName(kind, name)}: `;
    const seen = await watchReplicas({ ...context, signal }, kind, name, replicas, label);
    ends.push(seen);
    if (signal.aborted) break;
  }
  const behind = ends.find((seen) => !seen.reached);
  if (behind === undefined) return succeeded(ends.map((seen) => seen.text).join('; ') || undefined);
  if (behind.overruled) return succeeded(behind.text);
  const far = behind.text || `none of ${replicas} ready`;
  if (context.signal.aborted)
    return succeeded(`You stopped watching at ${far}. The scale itself was accepted.`);
  if (!limit.aborted) return succeeded(`The scale was accepted. ${behind.why ?? far}`);
  const late = `The scale was accepted, but after ${wait.seconds} s it stands at ${far}. Its pods and their events say why; an undo takes it back.`;
  if (!wait.required) return succeeded(late);
  return failVerb(context, {
    code: 'timeout',
    message: `error: timed out waiting for the condition. ${late}`,
  });
}

interface Seen {
  readonly reached: boolean;
  /** `3 of 10 ready` */
  readonly text: string;
  /** Something else has set another number meanwhile. */
  readonly overruled?: boolean;
  readonly why?: string;
}

async function watchReplicas(
  context: VerbContext,
  kind: ResourceKind,
  name: string,
  replicas: number,
  label: string,
): Promise<Seen> {
  let text = '';
  for await (const object of followObject<Workload>(context, kind, name)) {
    if (!object.ok) return { reached: false, text, why: object.failure.message };
    const { metadata, spec, status } = object.value;
    const wanted = spec?.replicas ?? 0;
    if (wanted !== replicas) {
      const other = `${objectName(kind, name)} was accepted at ${replicas} replicas, but something has set ${wanted} since: an autoscaler, GitOps or a person.`;
      await context.output.error(`${other}\n`);
      return { reached: false, text: other, overruled: true };
    }
    if ((metadata?.generation ?? 0) > (status?.observedGeneration ?? 0)) continue;
    const ready = status?.availableReplicas ?? 0;
    const there = status?.replicas ?? 0;
    const next =
      there > replicas ? `${there - replicas} more to end, ${ready} ready` : `${ready} of ${replicas} ready`;
    if (next !== text) await context.output.write(`${label}${next}\n`);
    text = next;
    if (there === replicas && ready === replicas) return { reached: true, text };
  }
  return { reached: false, text };
}
