import type { Result } from '../../../core/errors.ts';
import { ok } from '../../../core/errors.ts';
import type { ScaledObject } from '../../../core/plan/kubectl/kubernetesAction.ts';
import type { KubernetesPlan } from '../../../core/plan/plan.ts';
import type { Change, Inspection } from '../../../core/ports.ts';
import type { ApiResult } from '../access/apiFailure.ts';
import { autoscalerWarnings } from './autoscalers.ts';
import { gitOpsWarnings } from './gitOps.ts';
import { guardedPlan } from '../change/guardedPlan.ts';
import { objectName, resolveObject } from '../objects/objectRef.ts';
import type { KubeObject } from '../objects/objects.ts';
import { fetchObject } from '../objects/objects.ts';
import { fetchScale, replicasOf } from '../change/scaleObject.ts';
import type { ScaleAction } from '../change/scale.ts';
import { scaledObjects } from '../change/scale.ts';
import type { LookContext } from '../verb.ts';

interface Look {
  readonly change?: Change;
  readonly warnings: readonly string[];
  readonly refusal?: string;
  readonly guarded: ScaledObject;
}

/** Looks at each object of a scale; the plan it gives back scales each only from the number seen. */
export async function inspectScale(
  context: LookContext,
  plan: KubernetesPlan,
  action: ScaleAction,
): Promise<Result<Inspection>> {
  const looks: Look[] = [];
  for (const object of scaledObjects(action)) {
    const look = await lookAt(context, action, object);
    if (!look.ok) return look;
    looks.push(look.value);
  }
  const [{ guarded: first } = { guarded: action.resource as ScaledObject }, ...others] = looks;
  const { currentReplicas, ...resource } = first;
  const refusal = looks.find((look) => look.refusal !== undefined)?.refusal;
  return ok({
    changes: looks.flatMap(({ change }) => change ?? []),
    warnings: looks.flatMap(({ warnings }) => warnings),
    ...(refusal === undefined ? {} : { refusal }),
    plan: guardedPlan(context, plan, {
      ...action,
      resource,
      currentReplicas,
      ...(others.length > 0 ? { more: others.map(({ guarded }) => guarded) } : {}),
    }),
  });
}

async function lookAt(
  context: LookContext,
  { replicas, resourceVersion }: ScaleAction,
  wanted: ScaledObject,
): Promise<ApiResult<Look>> {
  const kind = await resolveObject(context, wanted);
  if (!kind.ok) return kind;
  const { name } = wanted;
  const [scale, whole, autoscalers] = await Promise.all([
    fetchScale(context, kind.value, name),
    fetchObject<KubeObject>(context.transport, kind.value, context.namespace, name, context.signal),
    autoscalerWarnings(context, kind.value, name, replicas),
  ]);
  if (!scale.ok) return scale;
  const before = replicasOf(scale.value);
  const object = objectName(kind.value, name);
  const warnings = [...autoscalers];
  if (whole.ok)
    warnings.push(...(await gitOpsWarnings(context, kind.value, whole.value, ['/spec/replicas'])));
  const guarded = { ...wanted, currentReplicas: before };
  const refused = (refusal: string): ApiResult<Look> => ({
    ok: true,
    value: { warnings, refusal, guarded: wanted },
  });
  if (wanted.currentReplicas !== undefined && wanted.currentReplicas !== before)
    return refused(
      `${object} has ${before} replicas, not ${wanted.currentReplicas} as the command expects: it would be refused.`,
    );
  if (resourceVersion !== undefined && resourceVersion !== scale.value.metadata?.resourceVersion)
    return refused(`${object} is not at version ${resourceVersion} any more: it would be refused.`);
  if (before === replicas) {
    warnings.push(`${object} already has ${before} replicas: this changes nothing.`);
    return { ok: true, value: { warnings, guarded } };
  }
  if (replicas === 0)
    warnings.push(
      `0 replicas ends every pod of ${object}: nobody answers behind it until it is scaled up again.`,
    );
  const change = { object, field: 'spec.replicas', before: String(before), after: String(replicas) };
  return { ok: true, value: { change, warnings, guarded } };
}
