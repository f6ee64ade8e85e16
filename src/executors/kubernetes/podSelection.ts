import type { ApiResult } from './apiFailure.ts';
import { apiFailed } from './apiFailure.ts';
import type { Pod, Workload } from './objects.ts';
import { fetchObject, fetchObjects, selectorText } from './objects.ts';
import type { VerbContext } from './verb.ts';

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
 * ready, most restarts first) or a label selector (all of them).
 */
export async function selectPods(
  context: VerbContext,
  resource: string | undefined,
  selector: string | undefined,
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
  const note =
    others.length === 0 ? undefined : `Found ${others.length + 1} pods, using pod/${first.metadata?.name}`;
  return { ok: true, value: { pods: [first], note } };
}

function podLabels(plural: string, owner: Workload): string {
  if (plural !== 'services' && plural !== 'replicationcontrollers') return selectorText(owner.spec?.selector);
  return selectorText({ matchLabels: (owner.spec?.selector ?? {}) as Record<string, string> });
}

const isReady = (pod: Pod): boolean =>
  pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
const restarts = (pod: Pod): number =>
  Math.max(0, ...(pod.status?.containerStatuses ?? []).map((status) => status.restartCount ?? 0));

function byUsefulness(a: Pod, b: Pod): number {
  const rank = (pod: Pod) => (pod.status?.phase === 'Running' ? (isReady(pod) ? 0 : 1) : 2);
  return (
    rank(a) - rank(b) ||
    restarts(b) - restarts(a) ||
    (a.metadata?.creationTimestamp ?? '').localeCompare(b.metadata?.creationTimestamp ?? '')
  );
}

/** All containers of a pod, init containers first, as `--all-containers` reads them. */
export const allContainers = (pod: Pod): string[] =>
  [...(pod.spec?.initContainers ?? []), ...(pod.spec?.containers ?? [])].map((container) => container.name);

/** The container meant when none is named, with kubectl's remark when there was a choice. */
export function chooseContainer(pod: Pod): {
  readonly name: string | undefined;
  readonly note: string | undefined;
} {
  const names = (pod.spec?.containers ?? []).map((container) => container.name);
  const annotated = pod.metadata?.annotations?.[defaultContainer];
  if (annotated !== undefined && allContainers(pod).includes(annotated))
    return { name: annotated, note: undefined };
  const name = names[0];
  const note = names.length > 1 ? `Defaulted container "${name}" out of: ${names.join(', ')}` : undefined;
  return { name, note };
}
