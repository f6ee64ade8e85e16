import type { Step } from '../guide/guide.ts';
import { planStep } from './planStep.ts';
import type { Plan, Target } from './plan.ts';
import { higherRisk } from './risk.ts';
import type { MadeChange, Undo } from './undo.ts';
import { hideSecrets } from './words/hideSecrets.ts';

/** A title is one line of a list. */
const longestTitle = 120;

/**
 * The undo that a step's `ir.undo` writes, with the values of this run: the same pod and revision are meant later, when
 * others may have been chosen. Undefined where the guide writes none.
 */
export function undoOfGuide(
  step: Step,
  values: Readonly<Record<string, string>>,
  target: Target,
): Undo | undefined {
  const written = step.attributes['ir.undo']?.trim();
  if (!written) return undefined;
  const used = Object.fromEntries(Object.entries(values).filter(([name]) => written.includes(name)));
  const act = { kind: 'guide', step: step.id, values: used } as const;
  const preview = hideSecrets(planGuideUndo(step, used, target).preview);
  const title = `As the guide says: ${preview.replace(/\s+/g, ' ')}`;
  return {
    title: title.length > longestTitle ? `${title.slice(0, longestTitle - 1)}…` : title,
    preview,
    target,
    act,
  };
}

/** The plan of a step's `ir.undo`, asked about as any change; the step's own folder and interpreter count. Total. */
export function planGuideUndo(step: Step, values: Readonly<Record<string, string>>, target: Target): Plan {
  const kept = ['cwd', 'interpreter'].flatMap((name) => {
    const value = step.attributes[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const plan = planStep(
    {
      ...step,
      command: step.attributes['ir.undo'] ?? '',
      condition: undefined,
      attributes: Object.fromEntries(kept),
    },
    { target, values, readOnlyPrefixes: [] },
  );
  return plan.kind === 'manual' ? plan : { ...plan, risk: higherRisk('change', plan.risk) };
}

/** A change with the guide's own way back: what an author writes counts before what would be offered otherwise. */
export const withGuideUndo = (change: MadeChange, undo: Undo | undefined): MadeChange =>
  undo === undefined ? change : { ...change, undo };

/** Whether a run of this kind tells of its changes by itself; of the others only their end is known. */
export const tellsItsChanges = (plan: Plan): boolean =>
  plan.kind === 'argocd' ||
  plan.kind === 'rds' ||
  plan.kind === 'flag' ||
  (plan.kind === 'kubernetes' && plan.action.verb !== 'exec');
