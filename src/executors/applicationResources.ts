import type { Failure } from '../core/errors.ts';
import type { Target } from '../core/plan/plan.ts';

/** A failure of the cluster, or of the way to it. */
export interface ResourceFailure extends Failure {
  /** The HTTP status, when there was an answer. */
  readonly status?: number;
  /** True when a change was sent and its answer never came: it may have been applied. */
  readonly uncertain?: boolean;
  /** A command line that a person can run to get over it. */
  readonly remedy?: string;
}

export type ResourceResult<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: ResourceFailure };

/** An object of Argo CD; without a namespace the one in `argocd`, else the only one of that name in the cluster. */
export interface ResourceName {
  readonly kind: 'applications' | 'applicationsets';
  readonly namespace: string | undefined;
  readonly name: string;
}

/**
 * Argo CD's own resources (argoproj.io/v1alpha1) in the cluster of a target. What the Argo CD executor needs of a
 * cluster where there is no Argo CD server, given to it by the Kubernetes executor's side.
 */
export interface ApplicationResources {
  get(target: Target, resource: ResourceName, signal: AbortSignal): Promise<ResourceResult<unknown>>;
  /** Every Application of the cluster, or those with the labels of `selector`. */
  list(
    target: Target,
    selector: string | undefined,
    signal: AbortSignal,
  ): Promise<ResourceResult<readonly unknown[]>>;
  /** A JSON merge patch (RFC 7386); with `metadata.resourceVersion` in it, refused with 409 when the object has moved on. */
  patch(
    target: Target,
    resource: ResourceName & { readonly namespace: string },
    patch: object,
    signal: AbortSignal,
  ): Promise<ResourceResult<unknown>>;
  /** Whether the person may patch Applications in this namespace; undefined when that cannot be known. */
  mayPatch(target: Target, namespace: string, signal: AbortSignal): Promise<boolean | undefined>;
}
