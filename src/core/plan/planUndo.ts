import type { Step } from '../guide/guide.ts';
import { noAwsTarget } from './aws/awsTraps.ts';
import { planGuideUndo } from './guideUndo.ts';
import type { KubernetesAction, RestoredField } from './kubectl/kubernetesAction.ts';
import type { Plan, Risk, Target, Trap } from './plan.ts';
import { renderFlagRequest } from './curl/planCurl.ts';
import { riskOfRds } from './aws/planRds.ts';
import { quoteWord } from './words/quoteWord.ts';
import { renderArgoCd } from './argocd/renderArgoCd.ts';
import { renderAws } from './aws/renderAws.ts';
import { renderKubectl } from './kubectl/renderKubectl.ts';
import { higherRisk, riskOfArgoCd, riskOfKubernetes } from './risk.ts';
import { referencesIn, textsIn } from './words/secretReferences.ts';
import { argoCdTraps, noContext, noNamespace } from './traps.ts';
import type { Undo, UndoAct } from './undo.ts';

const minutes = (count: number): number => count * 60_000;

/**
 * The plan that takes a change back: the recorded act as it is, on the target of the change and no other. Always asked
 * about first, and as dangerous as what it does. `stepId` is that of the step which made the change. `findStep` finds a
 * step of the guide: its `ir.undo` is taken from there, and where it is gone nothing runs. Total.
 */
export function planUndo(
  undo: Undo,
  stepId: string,
  findStep: (id: string) => Step | undefined = () => undefined,
): Plan {
  const { title, target, act } = undo;
  if (act.kind === 'guide') {
    const step = findStep(act.step);
    return step?.attributes['ir.undo']?.trim()
      ? { ...planGuideUndo(step, act.values, target), stepId, original: title }
      : goneFromGuide(undo, stepId);
  }
  const base = {
    stepId,
    original: title,
    // Made from the act itself: what is shown must be what is done, whatever the journal's text says.
    preview: previewOf(act, target),
    risk: higherRisk('change', riskOf(act)),
    target,
    missing: [],
    traps: trapsOf(act, target).filter(({ blocks }) => blocks),
  } as const;
  switch (act.kind) {
    case 'kubernetes':
      return { ...base, kind: act.kind, action: act.action, filters: [], timeoutMs: minutes(2) };
    case 'argocd':
      return { ...base, kind: act.kind, action: act.action, filters: [], timeoutMs: minutes(10) };
    case 'rds':
      return { ...base, kind: act.kind, action: act.action, filters: [], timeoutMs: minutes(15) };
    case 'flag':
      return {
        ...base,
        kind: act.kind,
        action: act.action,
        timeoutMs: minutes(1),
        secrets: [...new Set(textsIn(act.action).flatMap(referencesIn))],
      };
  }
}

/** Nothing can run it, and the preview says what to do by hand. */
const goneFromGuide = ({ title, preview, target }: Undo, stepId: string): Plan => ({
  kind: 'manual',
  stepId,
  original: title,
  preview,
  text: preview,
  risk: 'change',
  target,
  missing: [],
  traps: [
    {
      code: 'undo-gone',
      message: `The guide no longer says how to take this back. Then it said: ${preview}`,
      blocks: true,
    },
  ],
  timeoutMs: undefined,
});

type SystemAct = Exclude<UndoAct, { kind: 'guide' }>;

function riskOf(act: SystemAct): Risk {
  switch (act.kind) {
    case 'kubernetes':
      return riskOfKubernetes(act.action);
    case 'argocd':
      return riskOfArgoCd(act.action);
    case 'rds':
      return riskOfRds(act.action);
    case 'flag':
      return 'change';
  }
}

/** The rules that any change on this kind of target keeps; what a target leaves out would be this machine's own. */
function trapsOf(act: SystemAct, target: Target): readonly Trap[] {
  switch (act.kind) {
    case 'kubernetes':
      return [
        ...(target.context === undefined ? [noContext()] : []),
        ...(target.namespace === undefined ? [noNamespace(true)] : []),
      ];
    case 'argocd':
      return argoCdTraps(act.action, target);
    case 'rds':
      return noAwsTarget({ profile: target.awsProfile, region: target.awsRegion }, true);
    case 'flag':
      return [];
  }
}

function previewOf(act: SystemAct, target: Target): string {
  const { namespace, context } = target;
  switch (act.kind) {
    case 'kubernetes':
      return renderKubectl(
        { action: byHand(act.action), openNumbers: {} },
        { namespace, context },
        quoteWord,
      );
    case 'argocd':
      return renderArgoCd(act.action, { server: target.argoCdServer, context });
    case 'rds':
      return renderAws(act.action, { profile: target.awsProfile, region: target.awsRegion });
    case 'flag':
      return renderFlagRequest(act.action.request);
  }
}

type Restore = Extract<KubernetesAction, { verb: 'restore' }>;

/** The kubectl command to the same effect: a restore has no verb of its own there. */
function byHand({ resource, subresource, fields }: Restore): Exclude<KubernetesAction, Restore> {
  const [{ before = '', after } = {} as Partial<RestoredField>] = fields;
  if (subresource === 'scale' && fields.length === 1 && isCount(before) && isCount(after))
    return {
      verb: 'scale',
      resource,
      replicas: Number(before),
      currentReplicas: Number(after),
      wait: { seconds: 0, required: false },
      dryRun: false,
    };
  const patch = `[${[...fields.flatMap(testOf), ...fields.flatMap(putBack)].join(',')}]`;
  return { verb: 'patch', resource, patch, patchType: 'json', dryRun: false };
}

const isCount = (text: string | undefined): boolean => text !== undefined && /^\d{1,9}$/.test(text);

/** The values are JSON texts already and stay as they are: a journal may hold one that cannot be read. */
const operation = (op: string, { pointer }: RestoredField, value?: string): string =>
  `{"op":"${op}","path":${JSON.stringify(pointer)}${value === undefined ? '' : `,"value":${value}`}}`;

const testOf = (field: RestoredField): readonly string[] =>
  field.after === undefined ? [] : [operation('test', field, field.after)];

function putBack(field: RestoredField): readonly string[] {
  const { before, after } = field;
  if (before === after) return [];
  if (before === undefined) return [operation('remove', field)];
  return [operation(after === undefined ? 'add' : 'replace', field, before)];
}
