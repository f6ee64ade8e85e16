import type { KubernetesAction } from '../../../core/plan/kubectl/kubernetesAction.ts';
import type { ApiFailure } from '../access/apiFailure.ts';
import { describeAny, describeConfigMap, describeSecret } from './describeAny.ts';
import { describeAutoscaler } from './describeAutoscaler.ts';
import { describeEvents } from './describeEvents.ts';
import { renderDescription } from './describeLines.ts';
import { describeIngress, describeService } from './describeNetwork.ts';
import { describeNode } from './describeNode.ts';
import { describePod } from './describePod.ts';
import {
  fetchBackends,
  fetchControlledPods,
  fetchNodeSurroundings,
  fetchReplicaSets,
  fetchSlices,
} from './describeSurroundings.ts';
import {
  describeCronJob,
  describeDaemonSet,
  describeDeployment,
  describeJob,
  describeReplicaSet,
  describeStatefulSet,
} from './describeWorkload.ts';
import type { ResourceKind } from '../objects/discovery.ts';
import { listFailure } from '../objects/listFailure.ts';
import type { KubeObject } from '../objects/objects.ts';
import { fetchObject, fetchObjects } from '../objects/objects.ts';
import type { VerbContext, VerbOutcome } from '../verb.ts';
import { failedVerb, failVerb, succeeded } from '../verb.ts';
import type { Wanted } from '../get/wanted.ts';
import { resolveWanted } from '../get/wanted.ts';

export type DescribeAction = Extract<KubernetesAction, { verb: 'describe' }>;

interface Described {
  readonly kind: ResourceKind;
  readonly object: KubeObject;
  readonly byPrefix: boolean;
}

/**
 * kubectl describe: the same keys and values in the same places, and the object's events. As in kubectl a name that is
 * not there means every object whose name begins so, and several objects are shown without their events.
 */
export async function runDescribe(context: VerbContext, action: DescribeAction): Promise<VerbOutcome> {
  const wanted = await resolveWanted(context, action);
  if (!wanted.ok) return failVerb(context, wanted.failure);
  const failures: ApiFailure[] = [];
  const found: Described[] = [];
  for (const one of wanted.value) {
    const read = await fetchWanted(context, action, one);
    found.push(...read.objects.map((object) => ({ kind: one.kind, object, byPrefix: read.byPrefix })));
    failures.push(...read.failures);
  }
  const stopped = failures.find((failure) => failure.code === 'cancelled');
  if (stopped !== undefined) return failedVerb(stopped);
  const withEvents = action.showEvents ?? (found.length === 1 && failures.length === 0);
  let shown = 0;
  for (const one of found) {
    const text = await renderOne(context, one, withEvents);
    if (context.signal.aborted) return { kind: 'stopped' };
    // As in kubectl, what was found by the beginning of its name ends with a line break more.
    const more = await context.output.write(one.byPrefix ? `${text}\n` : (shown > 0 ? '\n\n' : '') + text);
    shown += 1;
    if (!more) break;
  }
  for (const failure of failures) await context.output.error(`${failure.message}\n`);
  if (failures[0] !== undefined) return failedVerb(failures[0]);
  if (found.length > 0) return succeeded();
  const everywhere = action.allNamespaces || wanted.value.some(({ kind }) => !kind.namespaced);
  await context.output.error(
    `No resources found${everywhere ? '' : ` in ${context.namespace} namespace.`}\n`,
  );
  return succeeded('No resources found.');
}

interface Read {
  readonly objects: readonly KubeObject[];
  readonly failures: readonly ApiFailure[];
  readonly byPrefix: boolean;
}

async function fetchWanted(
  context: VerbContext,
  action: DescribeAction,
  { kind, names }: Wanted,
): Promise<Read> {
  const { transport, signal } = context;
  const listed = async (selector: string | undefined, everywhere: boolean) =>
    fetchObjects<KubeObject>(
      transport,
      kind,
      everywhere ? undefined : context.namespace,
      { labelSelector: selector },
      signal,
    );
  if (names.length === 0) {
    const list = await listed(action.selector, action.allNamespaces);
    return list.ok
      ? { objects: list.value, failures: [], byPrefix: false }
      : { objects: [], failures: [listFailure(list.failure, kind, action)], byPrefix: false };
  }
  const answers = await Promise.all(
    names.map((name) => fetchObject<KubeObject>(transport, kind, context.namespace, name, signal)),
  );
  const objects: KubeObject[] = [];
  const failures: ApiFailure[] = [];
  let byPrefix = false;
  for (const [index, answer] of answers.entries()) {
    if (answer.ok) objects.push(answer.value);
    else if (answer.failure.status !== 404 || names.length > 1) failures.push(answer.failure);
    else {
      const list = await listed(undefined, false);
      const prefix = names[index] ?? '';
      const matching = list.ok
        ? list.value.filter((object) => object.metadata?.name?.startsWith(prefix) === true)
        : [];
      if (matching.length === 0) failures.push(answer.failure);
      objects.push(...matching);
      byPrefix = true;
    }
  }
  return { objects, failures, byPrefix };
}

async function renderOne(context: VerbContext, one: Described, withEvents: boolean): Promise<string> {
  const now = Date.now();
  const [body, events] = await Promise.all([
    describeObject(context, one, now),
    withEvents && one.kind.plural !== 'secrets' ? describeEvents(context, one.kind, one.object, now) : '',
  ]);
  return renderDescription(body + events);
}

async function describeObject(
  context: VerbContext,
  { kind, object }: Described,
  now: number,
): Promise<string> {
  switch (`${kind.plural}.${kind.group}`) {
    case 'pods.':
      return describePod(object, now);
    case 'nodes.':
      return describeNode(object, await fetchNodeSurroundings(context, object, now));
    case 'services.':
      return describeService(object, await fetchSlices(context, object));
    case 'configmaps.':
      return describeConfigMap(object);
    case 'secrets.':
      return describeSecret(object);
    case 'ingresses.networking.k8s.io':
      return describeIngress(object, await fetchBackends(context, object));
    case 'deployments.apps':
      return describeDeployment(object, await fetchReplicaSets(context, object));
    case 'replicasets.apps':
      return describeReplicaSet(object, await fetchControlledPods(context, object));
    case 'statefulsets.apps':
      return describeStatefulSet(object, await fetchControlledPods(context, object));
    case 'daemonsets.apps':
      return describeDaemonSet(object, await fetchControlledPods(context, object));
    case 'jobs.batch':
      return describeJob(object);
    case 'cronjobs.batch':
      return describeCronJob(object);
    case 'horizontalpodautoscalers.autoscaling':
      return describeAutoscaler(object);
    default:
      return describeAny(object);
  }
}
