import type { KubernetesAction, ObjectRef } from '../../core/plan/kubernetesAction.ts';
import type { ApiResult } from './apiFailure.ts';
import { apiFailed } from './apiFailure.ts';
import type { ResourceKind } from './discovery.ts';
import { kindName, pathOf } from './discovery.ts';
import type { KubeObject } from './objects.ts';
import type { VerbContext, VerbOutcome } from './verb.ts';
import { failVerb, succeeded } from './verb.ts';

export type ScaleAction = Extract<KubernetesAction, { verb: 'scale' }>;

/** https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/ : the `/scale` subresource. */
export type Scale = KubeObject<{ readonly replicas?: number }, { readonly replicas?: number }>;

/** A way to look: everything a verb has but the output. */
export type LookContext = Pick<VerbContext, 'transport' | 'discovery' | 'namespace' | 'signal'>;

/** The kind of one object; a category is not an object. */
export async function resolveObject(
  context: LookContext,
  resource: ObjectRef,
): Promise<ApiResult<ResourceKind>> {
  const found = await context.discovery.resolve(resource.kind, context.signal);
  if (!found.ok) return found;
  return { ok: true, value: found.value[0]! };
}

/** The scale of a workload: how many replicas are asked for now. */
export async function fetchScale(
  context: LookContext,
  kind: ResourceKind,
  name: string,
): Promise<ApiResult<Scale>> {
  const path = pathOf(kind, context.namespace, name, 'scale');
  return (await context.transport.json({ path }, context.signal)) as ApiResult<Scale>;
}

/** kubectl scale, through the `/scale` subresource; with `--current-replicas` only from that number. */
export async function runScale(context: VerbContext, action: ScaleAction): Promise<VerbOutcome> {
  const kind = await resolveObject(context, action.resource);
  if (!kind.ok) return failVerb(context, kind.failure);
  const answer = await writeScale(context, kind.value, action);
  if (!answer.ok) return failVerb(context, answer.failure);
  const suffix = action.dryRun ? ' (server dry run)' : '';
  await context.output.write(`${kindName(kind.value)}/${action.resource.name} scaled${suffix}\n`);
  return succeeded();
}

async function writeScale(
  context: VerbContext,
  kind: ResourceKind,
  action: ScaleAction,
): Promise<ApiResult<unknown>> {
  const path = pathOf(kind, context.namespace, action.resource.name, 'scale');
  const query = { dryRun: action.dryRun ? 'All' : undefined };
  if (action.currentReplicas === undefined) {
    const body = JSON.stringify({ spec: { replicas: action.replicas } });
    return context.transport.json(
      { method: 'PATCH', path, query, body, contentType: 'application/merge-patch+json' },
      context.signal,
    );
  }
  const scale = await fetchScale(context, kind, action.resource.name);
  if (!scale.ok) return scale;
  const current = scale.value.spec?.replicas ?? 0;
  if (current !== action.currentReplicas) {
    return apiFailed({
      code: 'conflict',
      message: `error: Expected replicas to be ${action.currentReplicas}, was ${current}. Nothing was changed; look at it again before scaling.`,
    });
  }
  // Sent back with its resourceVersion, so that the server refuses when somebody scaled in between.
  const body = JSON.stringify({ ...scale.value, spec: { ...scale.value.spec, replicas: action.replicas } });
  return context.transport.json({ method: 'PUT', path, query, body }, context.signal);
}
