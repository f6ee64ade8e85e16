import type { KubernetesAction } from '../../../core/plan/kubectl/kubernetesAction.ts';
import type { ApiResult } from '../access/apiFailure.ts';
import { changeMade } from './changeMade.ts';
import type { ResourceKind } from '../objects/discovery.ts';
import { kindName } from '../objects/discovery.ts';
import type { Patched } from './guardedPatch.ts';
import { patchGuarded, refused } from './guardedPatch.ts';
import { objectName, resolveObject } from '../objects/objectRef.ts';
import type { Workload } from '../objects/objects.ts';
import { rolloutHistory } from './rolloutHistory.ts';
import { rolloutStatus } from './rolloutStatus.ts';
import { rolloutUndo } from './rolloutUndo.ts';
import type { LookContext, VerbContext, VerbOutcome } from '../verb.ts';
import { failVerb, succeeded } from '../verb.ts';

export type RolloutAction = Extract<KubernetesAction, { verb: 'rollout' }>;
type Step = 'restart' | 'pause' | 'resume';

/** kubectl rollout status | history | undo | restart | pause | resume. */
export async function runRollout(context: VerbContext, action: RolloutAction): Promise<VerbOutcome> {
  switch (action.sub) {
    case 'status':
      return rolloutStatus(context, action);
    case 'history':
      return rolloutHistory(context, action);
    case 'undo':
      return rolloutUndo(context, action);
    case 'restart':
    case 'pause':
    case 'resume':
      return rolloutStep(context, action, action.sub);
  }
}

const done: Readonly<Record<Step, string>> = { restart: 'restarted', pause: 'paused', resume: 'resumed' };

async function rolloutStep(context: VerbContext, action: RolloutAction, step: Step): Promise<VerbOutcome> {
  const { name } = action.resource;
  const kind = await resolveObject(context, action.resource);
  if (!kind.ok) return failVerb(context, kind.failure);
  const patched = await patchRollout(context, kind.value, name, step, action.dryRun);
  if (!patched.ok) return failVerb(context, patched.failure);
  if (!action.dryRun) {
    const object = objectName(kind.value, name);
    // The pods of before are gone: putting an annotation back would only restart them once more.
    const made =
      step === 'restart'
        ? { changes: [`${object} restarted: every pod is replaced`] }
        : changeMade(context, patched.value, `${step === 'pause' ? 'Resume' : 'Pause'} ${object} again`);
    await context.changed(made);
  }
  const suffix = action.dryRun ? ' (server dry run)' : '';
  await context.output.write(`${kindName(kind.value)}/${name} ${done[step]}${suffix}\n`);
  return succeeded();
}

/** Restarts, pauses or resumes a rollout; refuses what kubectl refuses, in its words. */
export async function patchRollout(
  context: LookContext,
  kind: ResourceKind,
  name: string,
  step: Step,
  dryRun: boolean,
): Promise<ApiResult<Patched>> {
  const subject = `error: ${kind.plural}${kind.group === '' ? '' : `.${kind.group}`} "${name}"`;
  const kinds = step === 'restart' ? ['deployments', 'statefulsets', 'daemonsets'] : ['deployments'];
  if (kind.group !== 'apps' || !kinds.includes(kind.plural)) {
    const doing = { restart: 'restarting', pause: 'pausing', resume: 'resuming' }[step];
    return refused('invalid', `${subject} ${doing} is not supported`);
  }
  return patchGuarded(context, {
    kind,
    name,
    type: 'strategic',
    dryRun,
    patch: (live) => {
      const paused = (live as Workload).spec?.paused === true;
      if (step === 'restart' && paused)
        return refused('conflict', `${subject} can't restart paused deployment (run rollout resume first)`);
      if (step === 'pause' && paused) return refused('conflict', `${subject} is already paused`);
      if (step === 'resume' && !paused) return refused('conflict', `${subject} is not paused`);
      return { ok: true, value: step === 'restart' ? restartPatch() : pausedPatch(step) };
    },
  });
}

const pausedPatch = (step: 'pause' | 'resume'): object => ({
  spec: { paused: step === 'pause' ? true : null },
});

/** The annotation kubectl sets, to the second as kubectl writes it. */
const restartPatch = (): object => ({
  spec: {
    template: {
      metadata: {
        annotations: {
          'kubectl.kubernetes.io/restartedAt': new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
        },
      },
    },
  },
});
