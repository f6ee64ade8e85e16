import type { KubernetesAction } from '../../../core/plan/kubectl/kubernetesAction.ts';
import type { ApiFailure, ApiResult } from '../access/apiFailure.ts';
import { apiFailed } from '../access/apiFailure.ts';
import type { Pod } from '../objects/objects.ts';
import { allContainers, chooseContainer, containerNames } from './podSelection.ts';
import { readAhead } from './readAhead.ts';
import type { VerbContext } from '../verb.ts';

export type LogsAction = Extract<KubernetesAction, { verb: 'logs' }>;

/** One container's log. */
export interface LogSource {
  readonly pod: string;
  readonly container: string | undefined;
  /** Known before it is asked for: the pod has no such container. */
  readonly failure?: ApiFailure;
}

export type LogBytes = ApiResult<AsyncIterable<Uint8Array>>;

export const labelOf = ({ pod, container }: LogSource): string =>
  container === undefined ? pod : `${pod}/${container}`;

export const prefixOf = (source: LogSource): string => `[pod/${labelOf(source)}] `;

/** Lines shown in all for a selector without `--tail`: enough to search, not enough to drown the editor. */
export const selectorLineCap = 100_000;
/** How few lines of each log that comes down to, however many there are. */
const fewestLines = 1000;

/** Each log's share of the lines for a selector without `--tail`, the newest of each; undefined: all of it. */
export const shareOf = (action: LogsAction, sources: number): number | undefined =>
  action.selector === undefined || action.tailLines !== undefined
    ? undefined
    : Math.max(fewestLines, Math.ceil(selectorLineCap / sources));

/** The logs that a command means of these pods, with kubectl's remarks, each said once. */
export function sourcesOf(
  action: LogsAction,
  pods: readonly Pod[],
): { readonly sources: readonly LogSource[]; readonly notes: readonly string[] } {
  const notes = new Set<string>();
  const sources = pods.flatMap((pod): readonly LogSource[] => {
    const name = pod.metadata?.name ?? '';
    const all = allContainers(pod);
    if (action.allContainers) return all.map((container) => ({ pod: name, container }));
    if (action.container !== undefined) {
      const source = { pod: name, container: action.container };
      if (all.includes(action.container)) return [source];
      const message = `error: container ${action.container} is not valid for pod ${name} out of: ${containerNames(pod)}`;
      return [{ ...source, failure: { code: 'invalid', message } }];
    }
    const chosen = chooseContainer(pod);
    if (chosen.note !== undefined && action.allPods !== true) notes.add(chosen.note);
    return [{ pod: name, container: chosen.name }];
  });
  return { sources, notes: [...notes] };
}

/** Asks for one log; `stamped` puts the server's time in front of each line. */
export async function openLog(
  context: VerbContext,
  action: LogsAction,
  source: LogSource,
  { lines, stamped, aheadBytes }: { lines: number | undefined; stamped: boolean; aheadBytes?: number },
): Promise<LogBytes> {
  if (source.failure !== undefined) return apiFailed(source.failure);
  const { pod, container } = source;
  const answer = await context.transport.stream(
    {
      path: `/api/v1/namespaces/${encodeURIComponent(context.namespace)}/pods/${encodeURIComponent(pod)}/log`,
      accept: 'text/plain, application/json, */*',
      endless: action.follow,
      query: {
        container,
        follow: action.follow,
        previous: action.previous,
        sinceSeconds: action.sinceSeconds,
        sinceTime: action.sinceTime,
        tailLines: action.tailLines ?? lines,
        limitBytes: action.limitBytes,
        timestamps: stamped,
      },
    },
    context.signal,
  );
  return answer.ok && aheadBytes !== undefined
    ? { ok: true, value: readAhead(answer.value, aheadBytes) }
    : answer;
}
