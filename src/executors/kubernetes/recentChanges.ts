import * as v from 'valibot';
import type { Result } from '../../core/errors.ts';
import { failed, messageOf, ok } from '../../core/errors.ts';
import type { Target } from '../../core/plan/plan.ts';
import type { Signal } from '../../core/ports.ts';
import { sourceNames, type LiveSignal } from '../../core/signals/incomingSignal.ts';
import { followSignal } from '../runScope.ts';
import type { ApiResult } from './access/apiFailure.ts';
import { createClusters, type Cluster, type KubernetesDeps } from './access/clusters.ts';
import { scalingEvents, scalingSelector, scalingsOf, type Scaling } from './scalings.ts';

const text = v.nullish(v.string(), '');
const metadata = v.object({
  name: v.string(),
  uid: text,
  creationTimestamp: text,
  annotations: v.nullish(v.record(v.string(), v.string()), {}),
  ownerReferences: v.nullish(v.array(v.object({ kind: text, name: text })), []),
  managedFields: v.nullish(v.array(v.object({ manager: text, time: text, subresource: text })), []),
});
const listSchema = v.object({
  metadata: v.nullish(v.object({ continue: text }), {}),
  items: v.nullish(v.array(v.object({ metadata })), []),
});
type Metadata = v.InferOutput<typeof metadata>;

/** Metadata alone: what ConfigMaps hold is nobody's business here. */
const metadataOnly = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json';
const pageSize = 500;
/** Further pages are not read: a namespace with more of a kind is rare, and this is asked again and again. */
const mostPages = 4;

/** A rollout makes its ReplicaSet within this time of the Deployment's change: both are one deploy. Milliseconds. */
const sameDeployMs = 120_000;

/** A controller answers a change within this time; later than that, it answers another one. Milliseconds. */
const answeredMs = 2_000;

/** Written by the cluster itself, over and over. */
const ownConfigMaps = /^(?:kube-root-ca\.crt|openshift-service-ca\.crt|istio-ca-root-cert)$/;
const leaderElection = 'control-plane.alpha.kubernetes.io/leader';

export interface RecentChanges {
  /**
   * Deploys and configuration changes in a target's namespace since a time (UTC ISO 8601): new ReplicaSets, Deployments
   * somebody changed or scaled, ConfigMaps. Changes nothing, never throws, and never starts a credential plugin: nobody has clicked.
   */
  read(target: Target, since: string, signal: Signal): Promise<Result<readonly LiveSignal[]>>;
  dispose(): Promise<void>;
}

export function createRecentChanges(deps: KubernetesDeps): RecentChanges {
  const clusters = createClusters(deps);
  return {
    async read(target, since, signal) {
      const cluster = clusters.open(target);
      if (!cluster.ok) return cluster;
      const { transport } = cluster.value;
      if (transport.wouldRunPlugin())
        return failed(
          'unauthorized',
          `Signing in to ${transport.context} waits for a click: run any step there, then changes are shown again.`,
        );
      const scope = followSignal(signal);
      try {
        const [sets, deployments, maps, scalings] = await Promise.all([
          list(cluster.value, '/apis/apps/v1', 'replicasets', scope.signal),
          list(cluster.value, '/apis/apps/v1', 'deployments', scope.signal),
          list(cluster.value, '/api/v1', 'configmaps', scope.signal),
          listScalings(cluster.value, scope.signal),
        ]);
        const failures = [sets, deployments, maps].flatMap((one) => (one.ok ? [] : [one.failure]));
        // Who may not see one of them sees the others.
        const failure =
          failures.length === 3 ? failures[0] : failures.find(({ code }) => code !== 'forbidden');
        if (failure) return { ok: false, failure };
        const from = Date.parse(since);
        const of = (one: ApiResult<readonly Metadata[]>) => (one.ok ? one.value : []);
        const rollouts = of(sets).flatMap((set) => rolloutOf(cluster.value, set, from));
        return ok([
          ...rollouts,
          ...of(deployments).flatMap((one) =>
            deploymentChange(cluster.value, one, from, rollouts, scalings.get(one.name)),
          ),
          ...of(maps).flatMap((map) => configChange(cluster.value, map, from)),
        ]);
      } catch (thrown) {
        return failed(
          'failed',
          `The changes in ${transport.context} could not be read: ${messageOf(thrown)}.`,
        );
      } finally {
        scope.dispose();
      }
    },
    dispose: () => clusters.dispose(),
  };
}

async function list(
  { transport, namespace }: Cluster,
  group: string,
  plural: string,
  signal: AbortSignal,
): Promise<ApiResult<readonly Metadata[]>> {
  const found: Metadata[] = [];
  let next: string | undefined;
  for (let page = 0; page < mostPages; page++) {
    const path = `${group}/namespaces/${encodeURIComponent(namespace)}/${plural}`;
    const query = { limit: pageSize, continue: next };
    const answer = await transport.json({ path, query, accept: metadataOnly }, signal);
    if (!answer.ok) return answer;
    const parsed = v.safeParse(listSchema, answer.value);
    if (!parsed.success)
      return {
        ok: false,
        failure: {
          code: 'failed',
          message: `${transport.context} gave no list of ${plural} that can be read.`,
        },
      };
    found.push(...parsed.output.items.map((item) => item.metadata));
    next = parsed.output.metadata.continue || undefined;
    if (next === undefined) break;
  }
  return { ok: true, value: found };
}

/** Empty where they cannot be read: who scaled last is known from the Deployment then, though not always when. */
async function listScalings(
  { transport, namespace }: Cluster,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Scaling>> {
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/events`;
  const query = { fieldSelector: scalingSelector, limit: pageSize };
  const answer = await transport.json({ path, query }, signal);
  const parsed = answer.ok ? v.safeParse(scalingEvents, answer.value) : undefined;
  return scalingsOf(parsed?.success ? (parsed.output.items ?? []) : []);
}

interface Happened {
  readonly kind: 'deploy' | 'config';
  readonly object: string;
  readonly title: string;
  readonly service?: string;
  readonly at: number;
  readonly labels: Readonly<Record<string, string>>;
}

const toSignal = ({ transport, namespace }: Cluster, happened: Happened): LiveSignal => ({
  id: `kubernetes/${transport.context}/${namespace}/${happened.object}/${happened.at}`,
  kind: happened.kind,
  sources: [sourceNames.kubernetes],
  title: happened.title,
  ...(happened.service === undefined ? {} : { service: happened.service }),
  startedAt: new Date(happened.at).toISOString(),
  state: 'happened',
  labels: { context: transport.context, namespace, object: happened.object, ...happened.labels },
});

/** A ReplicaSet is one revision of a Deployment's pods. */
function rolloutOf(cluster: Cluster, set: Metadata, from: number): readonly LiveSignal[] {
  const at = Date.parse(set.creationTimestamp);
  const owner = set.ownerReferences.find(({ kind }) => kind === 'Deployment')?.name;
  if (!owner || !(at >= from)) return [];
  const revision = set.annotations['deployment.kubernetes.io/revision'];
  const cause = set.annotations['kubernetes.io/change-cause'];
  return [
    toSignal(cluster, {
      kind: 'deploy',
      object: `replicaset/${set.name}`,
      title: `${owner} rolled out${revision ? `, revision ${revision}` : ''}`,
      service: owner,
      at,
      labels: { deployment: owner, ...(cause ? { cause } : {}) },
    }),
  ];
}

/** The newest change somebody made, by managedFields; what controllers write is no change of anybody's. */
function newestChange({ managedFields, creationTimestamp }: Metadata) {
  const made = managedFields.filter(
    ({ manager, subresource }) => subresource !== 'status' && manager !== 'kube-controller-manager',
  );
  const [last] = made.sort((a, b) => (a.time < b.time ? 1 : -1));
  return {
    at: Date.parse(last?.time || creationTimestamp),
    by: last?.manager ?? '',
    scaled: last?.subresource === 'scale',
    // The API server gives no time of a scaling (seen in 1.36), only that there has been one.
    hasUntimedScaling: made.some(({ subresource, time }) => subresource === 'scale' && time === ''),
  };
}

/** A Deployment that was scaled, edited or rolled back to a ReplicaSet that is there already. */
function deploymentChange(
  cluster: Cluster,
  deployment: Metadata,
  from: number,
  rollouts: readonly LiveSignal[],
  scaling: Scaling | undefined,
): readonly LiveSignal[] {
  const { name } = deployment;
  const change = newestChange(deployment);
  const oneActMs = change.hasUntimedScaling ? answeredMs : sameDeployMs;
  const together = scaling !== undefined && Math.abs(scaling.at - change.at) <= oneActMs;
  const isScaling = scaling !== undefined && (together ? change.scaled : scaling.at > change.at);
  const at = isScaling ? scaling.at : change.at;
  // Of a scaling that the Deployment does not remember nobody knows whose it was: an autoscaler's, perhaps.
  const by = (!isScaling || together) && change.by ? ` by ${change.by}` : '';
  const isTold = rollouts.some(
    ({ labels, startedAt }) =>
      labels['deployment'] === name && Math.abs(Date.parse(startedAt) - at) <= sameDeployMs,
  );
  if (!(at >= from) || isTold) return [];
  const what = isScaling ? `scaled ${scaling.how}` : change.scaled ? 'scaled' : 'changed';
  return [
    toSignal(cluster, {
      kind: 'deploy',
      object: `deployment/${name}`,
      title: `${name} ${what}${by}`,
      service: name,
      at,
      labels: { deployment: name },
    }),
  ];
}

function configChange(cluster: Cluster, map: Metadata, from: number): readonly LiveSignal[] {
  if (ownConfigMaps.test(map.name) || leaderElection in map.annotations) return [];
  const { at, by } = newestChange(map);
  if (!(at >= from)) return [];
  return [
    toSignal(cluster, {
      kind: 'config',
      object: `configmap/${map.name}`,
      title: `configmap/${map.name} changed${by ? ` by ${by}` : ''}`,
      at,
      labels: {},
    }),
  ];
}
