import type { ApiResult } from '../access/apiFailure.ts';
import { apiFailed } from '../access/apiFailure.ts';
import { listAt, textAt } from '../look/look.ts';
import type { Pod, Workload } from '../objects/objects.ts';
import { fetchObject, fetchObjects, selectorText } from '../objects/objects.ts';
import type { LookContext } from '../verb.ts';

/** The pods a command means, and whether one was chosen out of several. */
export interface SelectedPods {
  readonly pods: readonly Pod[];
  /** `Found 3 pods, using pod/x`: said by kubectl when a workload has several. */
  readonly note: string | undefined;
}

/** Annotation that names the container meant when none is given. */
const defaultContainer = 'kubectl.kubernetes.io/default-container';

/**
 * Finds the pods behind `name`, `pod/name`, `deployment/name` (one of its pods, chosen as kubectl chooses: running,
 * ready for longest, most restarts first; with `every` all of them) or a label selector (all of them).
 */
export async function selectPods(
  context: LookContext,
  resource: string | undefined,
  selector: string | undefined,
  every = false,
): Promise<ApiResult<SelectedPods>> {
  const { transport, discovery, namespace, signal } = context;
  const podKind = await discovery.resolve('pods', signal);
  if (!podKind.ok) return podKind;
  const pods = podKind.value[0]!;
  if (resource === undefined) {
    const list = await fetchObjects<Pod>(transport, pods, namespace, { labelSelector: selector }, signal);
    return list.ok ? { ok: true, value: { pods: list.value, note: undefined } } : list;
  }
  const slash = resource.indexOf('/');
  const kind = await discovery.resolve(slash < 0 ? 'pods' : resource.slice(0, slash), signal);
  if (!kind.ok) return kind;
  const found = kind.value[0]!;
  const name = resource.slice(slash + 1);
  if (found.plural === 'pods') {
    const pod = await fetchObject<Pod>(transport, found, namespace, name, signal);
    return pod.ok ? { ok: true, value: { pods: [pod.value], note: undefined } } : pod;
  }
  const owner = await fetchObject<Workload>(transport, found, namespace, name, signal);
  if (!owner.ok) return owner;
  const labels = podLabels(found.plural, owner.value);
  if (labels === '') {
    return apiFailed({
      code: 'invalid',
      message: `error: cannot find the pods of ${resource}: it has no selector`,
    });
  }
  const list = await fetchObjects<Pod>(transport, pods, namespace, { labelSelector: labels }, signal);
  if (!list.ok) return list;
  const [first, ...others] = [...list.value].sort(byUsefulness);
  if (first === undefined) {
    return apiFailed({
      code: 'not-found',
      message: `error: ${resource} has no pods in namespace ${namespace}`,
    });
  }
  if (every) return { ok: true, value: { pods: [first, ...others], note: undefined } };
  const note =
    others.length === 0 ? undefined : `Found ${others.length + 1} pods, using pod/${first.metadata?.name}`;
  return { ok: true, value: { pods: [first], note } };
}

function podLabels(plural: string, owner: Workload): string {
  if (plural !== 'services' && plural !== 'replicationcontrollers') return selectorText(owner.spec?.selector);
  return selectorText({ matchLabels: (owner.spec?.selector ?? {}) as Record<string, string> });
}

/** When a pod became ready, in milliseconds UTC; undefined while it is not. */
function readySince(pod: Pod): number | undefined {
  const ready = pod.status?.conditions?.find(({ type }) => type === 'Ready');
  return ready?.status === 'True' ? Date.parse(ready.lastTransitionTime ?? '') || 0 : undefined;
}
const restarts = (pod: Pod): number =>
  Math.max(0, ...(pod.status?.containerStatuses ?? []).map((status) => status.restartCount ?? 0));

/** Source: kubectl `util/podutils`, ByLogging. */
function byUsefulness(a: Pod, b: Pod): number {
  const unassigned = (pod: Pod): number => (pod.spec?.nodeName ? 0 : 1);
  const phase = (pod: Pod): number => ['Unknown', 'Pending'].indexOf(pod.status?.phase ?? '') + 1;
  const [readyA, readyB] = [readySince(a), readySince(b)];
  return (
    unassigned(a) - unassigned(b) ||
    phase(a) - phase(b) ||
    Number(readyA === undefined) - Number(readyB === undefined) ||
    (readyA ?? 0) - (readyB ?? 0) ||
    restarts(b) - restarts(a) ||
    (a.metadata?.creationTimestamp ?? '').localeCompare(b.metadata?.creationTimestamp ?? '')
  );
}

const namesIn = (pod: Pod, list: string): readonly string[] =>
  listAt(pod, `spec.${list}`).map((container) => textAt(container, 'name'));

/** All containers of a pod, init containers first, as `--all-containers` reads them. */
export const allContainers = (pod: Pod): string[] =>
  ['initContainers', 'containers', 'ephemeralContainers'].flatMap((list) => namesIn(pod, list));

/** The same for a sentence, each with what it is. */
export const containerNames = (pod: Pod): string =>
  [
    ...namesIn(pod, 'containers'),
    ...namesIn(pod, 'ephemeralContainers').map((name) => `${name} (ephem)`),
    ...namesIn(pod, 'initContainers').map((name) => `${name} (init)`),
  ].join(', ');

/** The container meant when none is named, with kubectl's remark when there was a choice. */
export function chooseContainer(pod: Pod): {
  readonly name: string | undefined;
  readonly note: string | undefined;
} {
  const all = allContainers(pod);
  const annotated = pod.metadata?.annotations?.[defaultContainer];
  if (annotated !== undefined && all.includes(annotated)) return { name: annotated, note: undefined };
  const [name] = namesIn(pod, 'containers');
  const note = all.length > 1 ? `Defaulted container "${name}" out of: ${containerNames(pod)}` : undefined;
  return { name, note };
}
