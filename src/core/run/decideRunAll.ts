import { readSwitch } from '../guide/stepDocument.ts';
import type { Step } from '../guide/guide.ts';
import type { Judged } from '../judge/judged.ts';
import { isIngressForm, missingFirst } from '../plan/kubectl/isIngressForm.ts';
import type { Plan } from '../plan/plan.ts';
import { refusalAmong } from '../plan/words/refuseToKeep.ts';

/** Which steps of a sequence are run together. */
export type RunAllScope =
  | { readonly kind: 'all'; readonly tag?: string }
  /** From the first step not yet settled through this one. */
  | { readonly kind: 'until'; readonly step: string };

/** What comes of one step when its turn has come. `because` has no capital and no full stop, `message` is a sentence. */
export type Turn =
  | { readonly kind: 'run' }
  | { readonly kind: 'pass-over'; readonly because: string }
  /** Nobody can tell whether it applies: a person is asked. */
  | { readonly kind: 'ask'; readonly because: string }
  /** A person has to do it, and then goes on. */
  | { readonly kind: 'wait'; readonly message: string }
  | { readonly kind: 'stop'; readonly message: string };

export interface TurnOf {
  readonly step: Step;
  readonly plan: Plan;
  readonly scope: RunAllScope;
  /** Done by hand or skipped by a person. */
  readonly marked: boolean;
  /** It goes on already, from an earlier Run all say. */
  readonly running: boolean;
  /** What was found of its condition; undefined where nothing was looked at. */
  readonly judged: Judged | undefined;
  /** A dry run changes nothing: it waits for nobody. */
  readonly dry: boolean;
}

/** The tags of a step: Runme's `tag`, and `category` as it was called before. */
export const tagsOf = ({ attributes }: Pick<Step, 'attributes'>): readonly string[] => [
  ...new Set(
    `${attributes['tag'] ?? ''},${attributes['category'] ?? ''}`
      .split(',')
      .map((tag) => tag.trim())
      .filter((tag) => tag !== ''),
  ),
];

/** True where the guide keeps a step out of every Run all (https://docs.runme.dev/configuration/cell-level). */
export const isExcluded = ({ attributes }: Pick<Step, 'attributes'>): boolean =>
  readSwitch(attributes['excludeFromRunAll']) === true;

/** True where the guide says that a failure of this step does not end a Run all. */
export const keepsGoing = ({ attributes, document }: Step): boolean =>
  readSwitch(attributes['ir.keepGoing']) ?? document?.keepGoing ?? false;

/** What to do with a step when its turn in a Run all has come. */
export function decideTurn({ step, plan, scope, marked, running, judged, dry }: TurnOf): Turn {
  if (isExcluded(step)) return { kind: 'pass-over', because: 'the guide keeps it out of Run all' };
  if (scope.kind === 'all' && scope.tag !== undefined && !tagsOf(step).includes(scope.tag))
    return { kind: 'pass-over', because: `it is not tagged ${scope.tag}` };
  if (running && plan.background === true)
    return { kind: 'pass-over', because: 'it runs in the background already' };
  if (judged?.verdict === 'does-not-apply')
    return { kind: 'pass-over', because: `it does not apply: ${judged.because}` };
  if (plan.kind === 'manual') {
    if (marked) return { kind: 'pass-over', because: 'a person has settled it' };
    if (dry) return { kind: 'pass-over', because: 'it is done by hand' };
    return {
      kind: 'wait',
      message: `Step ${step.number} is done by hand: mark it, then Run all goes on from there.`,
    };
  }
  if (dry) return { kind: 'run' };
  const stopped = blockOf(step, plan);
  if (stopped !== undefined) return { kind: 'stop', message: stopped };
  if (step.condition !== undefined && judged?.verdict !== 'applies')
    return { kind: 'ask', because: judged?.because ?? 'nothing has shown yet whether it applies' };
  return { kind: 'run' };
}

/** Why a plan cannot run as it is now, as a sentence. */
function blockOf(step: Step, plan: Plan): string | undefined {
  const missing = missingFirst(plan);
  const unaskable = refusalAmong(missing);
  if (unaskable !== undefined) return `Stopped before step ${step.number}. ${unaskable}`;
  if (missing.length > 0) {
    const names = [...new Set(missing.map(({ written }) => written))].join(', ');
    return `Stopped before step ${step.number}: it needs a value for ${names}. Fill it in, then run on from there.`;
  }
  const trap = plan.traps.find(
    ({ blocks, code }) => blocks && !(isIngressForm(plan) && code === 'incomplete-argument'),
  );
  return trap && `Stopped before step ${step.number}. ${trap.message}`;
}

/** Where a Run all begins: at the first step, to run on to one step at the first that nobody has settled yet. */
export function firstTurn(
  steps: readonly Step[],
  scope: RunAllScope,
  isSettled: (step: Step) => boolean,
): number {
  if (scope.kind === 'all') return 0;
  const until = steps.findIndex(({ id }) => id === scope.step);
  const open = steps.findIndex((step) => !isSettled(step) && !isExcluded(step));
  return open === -1 || open > until ? until : open;
}
