import type { ApiResult } from '../access/apiFailure.ts';
import type { ResourceKind } from './discovery.ts';
import { pathOf } from './discovery.ts';
import type { Transport } from '../access/transport.ts';

/** Metadata as it comes over the wire: everything may be missing, times are text (UTC, RFC 3339). */
export interface Metadata {
  readonly name?: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly { kind?: string; name?: string; uid?: string; controller?: boolean }[];
}

/** Any object of the API; `spec` and `status` are narrowed by whoever knows the kind. */
export interface KubeObject<Spec = Record<string, unknown>, Status = Record<string, unknown>> {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: Metadata;
  readonly spec?: Spec;
  readonly status?: Status;
}

export interface ObjectList<T extends KubeObject> {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: { readonly continue?: string; readonly resourceVersion?: string };
  readonly items?: readonly T[];
}

export interface Container {
  readonly name: string;
  readonly image?: string;
  readonly ports?: readonly {
    readonly containerPort?: number;
    readonly protocol?: string;
    readonly name?: string;
  }[];
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly resources?: {
    readonly limits?: Readonly<Record<string, string>>;
    readonly requests?: Readonly<Record<string, string>>;
  };
  readonly env?: readonly { readonly name: string; readonly value?: string; readonly valueFrom?: unknown }[];
  readonly livenessProbe?: unknown;
  readonly readinessProbe?: unknown;
}

export interface ContainerState {
  readonly running?: { readonly startedAt?: string };
  readonly waiting?: { readonly reason?: string; readonly message?: string };
  readonly terminated?: {
    readonly reason?: string;
    readonly message?: string;
    readonly exitCode?: number;
    readonly signal?: number;
    readonly startedAt?: string;
    readonly finishedAt?: string;
  };
}

export interface ContainerStatus {
  readonly name: string;
  readonly ready?: boolean;
  readonly restartCount?: number;
  readonly containerID?: string;
  readonly imageID?: string;
  readonly state?: ContainerState;
  readonly lastState?: ContainerState;
}

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
}

export interface PodTemplate {
  readonly metadata?: Metadata;
  readonly spec?: {
    readonly containers?: readonly Container[];
    readonly initContainers?: readonly Container[];
  };
}

export type Pod = KubeObject<
  {
    readonly nodeName?: string;
    readonly serviceAccountName?: string;
    readonly priority?: number;
    readonly containers?: readonly Container[];
    readonly initContainers?: readonly Container[];
    readonly nodeSelector?: Readonly<Record<string, string>>;
    readonly tolerations?: readonly {
      key?: string;
      operator?: string;
      value?: string;
      effect?: string;
      tolerationSeconds?: number;
    }[];
    readonly volumes?: readonly (Readonly<Record<string, unknown>> & { readonly name: string })[];
  },
  {
    readonly phase?: string;
    readonly reason?: string;
    readonly message?: string;
    readonly podIP?: string;
    readonly hostIP?: string;
    readonly qosClass?: string;
    readonly startTime?: string;
    readonly conditions?: readonly Condition[];
    readonly containerStatuses?: readonly ContainerStatus[];
    readonly initContainerStatuses?: readonly ContainerStatus[];
  }
>;

export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}

export type Workload = KubeObject<
  {
    readonly replicas?: number;
    readonly paused?: boolean;
    readonly selector?: LabelSelector;
    readonly template?: PodTemplate;
    readonly minReadySeconds?: number;
    readonly strategy?: {
      readonly type?: string;
      readonly rollingUpdate?: { maxSurge?: string | number; maxUnavailable?: string | number };
    };
    readonly updateStrategy?: { readonly type?: string; readonly rollingUpdate?: { partition?: number } };
  },
  {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly updatedReplicas?: number;
    readonly readyReplicas?: number;
    readonly availableReplicas?: number;
    readonly unavailableReplicas?: number;
    readonly currentRevision?: string;
    readonly updateRevision?: string;
    readonly desiredNumberScheduled?: number;
    readonly updatedNumberScheduled?: number;
    readonly numberAvailable?: number;
    readonly conditions?: readonly Condition[];
  }
>;

/** Where lists are cut into pages, as kubectl does. */
const pageSize = 500;

/** One object. */
export async function fetchObject<T extends KubeObject>(
  transport: Transport,
  kind: ResourceKind,
  namespace: string,
  name: string,
  signal: AbortSignal,
): Promise<ApiResult<T>> {
  return (await transport.json({ path: pathOf(kind, namespace, name) }, signal)) as ApiResult<T>;
}

/** All objects of a kind, page by page; `namespace` undefined means all of them. */
export async function fetchObjects<T extends KubeObject>(
  transport: Transport,
  kind: ResourceKind,
  namespace: string | undefined,
  query: { readonly labelSelector?: string | undefined; readonly fieldSelector?: string | undefined },
  signal: AbortSignal,
): Promise<ApiResult<readonly T[]>> {
  const items: T[] = [];
  let next: string | undefined;
  do {
    const page = await transport.json(
      { path: pathOf(kind, namespace), query: { ...query, limit: pageSize, continue: next } },
      signal,
    );
    if (!page.ok) return page;
    const list = page.value as ObjectList<T>;
    const apiVersion = list.apiVersion;
    for (const item of list.items ?? [])
      items.push({ ...(apiVersion ? { apiVersion } : {}), kind: kind.kind, ...item });
    next = list.metadata?.continue || undefined;
  } while (next !== undefined);
  return { ok: true, value: items };
}

/** A selector as the query parameter `labelSelector` wants it. */
export function selectorText(selector: LabelSelector | undefined): string {
  const labels = Object.entries(selector?.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
  const expressions = (selector?.matchExpressions ?? []).map(({ key, operator, values }) => {
    if (operator === 'Exists') return key;
    if (operator === 'DoesNotExist') return `!${key}`;
    return `${key} ${operator === 'NotIn' ? 'notin' : 'in'} (${(values ?? []).join(',')})`;
  });
  return [...labels, ...expressions].join(',');
}

/** A span as kubectl writes ages: `3m`, `5m12s`, `4h`, `2d3h`, `400d`. From and to in milliseconds UTC. */
export function ageText(from: string | undefined, now: number): string {
  const start = Date.parse(from ?? '');
  if (Number.isNaN(start)) return '<unknown>';
  const seconds = Math.trunc((now - start) / 1000);
  if (seconds < 0) return '0s';
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.trunc(seconds / 60);
  if (minutes < 10) return seconds % 60 === 0 ? `${minutes}m` : `${minutes}m${seconds % 60}s`;
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.trunc(minutes / 60);
  if (hours < 8) return minutes % 60 === 0 ? `${hours}h` : `${hours}h${minutes % 60}m`;
  if (hours < 48) return `${hours}h`;
  const days = Math.trunc(hours / 24);
  if (days < 8) return hours % 24 === 0 ? `${days}d` : `${days}d${hours % 24}h`;
  if (days < 730) return `${days}d`;
  const years = Math.trunc(days / 365);
  return days % 365 === 0 || years >= 8 ? `${years}y` : `${years}y${days % 365}d`;
}
