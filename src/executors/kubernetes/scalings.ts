import * as v from 'valibot';

const text = v.nullish(v.string(), '');
/** What a list of events says of scaling. https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/ */
export const scalingEvents = v.object({
  items: v.nullish(
    v.array(
      v.object({
        involvedObject: v.object({ kind: text, name: text }),
        message: text,
        lastTimestamp: text,
        eventTime: text,
        series: v.nullish(v.object({ lastObservedTime: text })),
      }),
    ),
    [],
  ),
});
type ScalingEvent = NonNullable<v.InferOutput<typeof scalingEvents>['items']>[number];

/** Selects them; events of other reasons are many. */
export const scalingSelector = 'involvedObject.kind=Deployment,reason=ScalingReplicaSet';

/** Events of one scaling or rollout lie within this time of each other: a rollout's own deadline. Milliseconds. */
const oneActMs = 600_000;

export interface Scaling {
  readonly deployment: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** `from 2 to 3 replicas`, `to 3 replicas`. */
  readonly how: string;
}

/** `Scaled up replica set web-5d9 from 2 to 3`, in older clusters `… to 3 from 2` or `… to 3`. */
const message = /^Scaled (?:up|down) replica set (\S+) (?:from (\d+) )?to (\d+)(?: from (\d+))?/;

/**
 * The newest scaling of each Deployment, from what its controller recorded. The controller records a rollout the same
 * way, with two replica sets that change places: these are left out. `managedFields` cannot replace it: the API server
 * keeps no time of a scaling there, or that of the first. A controller records 25 events of one object
 * in a row and then one in five minutes (client-go's EventSourceObjectSpamFilter): a Deployment scaled more often than
 * that is told late, or as its `managedFields` have it.
 */
export function scalingsOf(events: readonly ScalingEvent[]): ReadonlyMap<string, Scaling> {
  const read = events.flatMap(({ involvedObject, message: said, lastTimestamp, eventTime, series }) => {
    const [, set, before, to, behind] = message.exec(said) ?? [];
    const at = Date.parse(series?.lastObservedTime || lastTimestamp || eventTime);
    if (set === undefined || involvedObject.name === '' || !Number.isFinite(at)) return [];
    const from = before ?? behind;
    const how = `${from === undefined ? '' : `from ${from} `}to ${to} replicas`;
    return [{ deployment: involvedObject.name, set, at, how }];
  });
  const newest = new Map<string, Scaling & { readonly set: string }>();
  for (const one of read)
    if (one.at >= (newest.get(one.deployment)?.at ?? -Infinity)) newest.set(one.deployment, one);
  for (const { deployment, set, at } of newest.values())
    if (read.some((one) => one.deployment === deployment && one.set !== set && at - one.at <= oneActMs))
      newest.delete(deployment);
  return newest;
}
