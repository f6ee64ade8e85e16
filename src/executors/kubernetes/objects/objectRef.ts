import type { ObjectRef } from '../../../core/plan/kubectl/kubernetesAction.ts';
import type { ApiResult } from '../access/apiFailure.ts';
import type { ResourceKind } from './discovery.ts';
import type { LookContext } from '../verb.ts';

/** The kind of one object as typed (`deploy`, `Deployment.apps`); a category is not an object. */
export async function resolveObject(
  context: Pick<LookContext, 'discovery' | 'signal'>,
  resource: Pick<ObjectRef, 'kind'>,
): Promise<ApiResult<ResourceKind>> {
  const found = await context.discovery.resolve(resource.kind, context.signal);
  return found.ok ? { ok: true, value: found.value[0]! } : found;
}

/** `deployment/payment-service`, as changes and sentences name an object. */
export const objectName = (kind: ResourceKind, name: string): string => `${kind.kind.toLowerCase()}/${name}`;

/** The kind of an undo's object: with its group, so that it means the same when it is resolved again. */
export const objectRef = (kind: ResourceKind, name: string): ObjectRef => ({
  kind: kind.group === '' ? kind.singular : `${kind.singular}.${kind.group}`,
  name,
});
