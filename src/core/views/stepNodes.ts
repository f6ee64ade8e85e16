import type { Step } from '../guide/guide.ts';
import type { Incident } from '../incident/incident.ts';
import type { Judged } from '../judge/judged.ts';
import type { Judge } from '../judge/judgeStep.ts';
import { isStepSettled, lastRun, stepMark, stepState } from '../incident/progress.ts';
import type { StepState } from '../incident/progress.ts';
import { oneLine } from './oneLine.ts';
import { placeNodes } from './stepPlaces.ts';
import { renderOutcome } from './outcomeText.ts';
import { command, createNode } from './treeNode.ts';
import type { TreeNode } from './treeNode.ts';
import { renderVerdict, verdictWords } from './verdictText.ts';

export const passed = { icon: 'pass', color: 'testing.iconPassed' } as const;
export const open = { icon: 'circle-outline' } as const;

const looks: Readonly<Record<StepState, { readonly icon: string; readonly color?: string }>> = {
  idle: open,
  running: { icon: 'sync~spin' },
  succeeded: passed,
  failed: { icon: 'error', color: 'testing.iconFailed' },
  stopped: { icon: 'debug-stop' },
  done: passed,
  skipped: { icon: 'debug-step-over', color: 'disabledForeground' },
};

/** Of a step that nobody has begun; what cannot be told looks like a step without a condition. */
const looksOfVerdict: Readonly<
  Record<Judged['verdict'], { readonly icon: string; readonly color?: string }>
> = {
  applies: { icon: 'arrow-circle-right', color: 'charts.blue' },
  'does-not-apply': { icon: 'circle-slash', color: 'disabledForeground' },
  'cannot-tell': open,
};

/**
 * Steps of a runbook, an option or a phase, with how far each is and what runs have shown of its condition. `parent` is
 * the id of the node above.
 */
export function stepNodes(
  parent: string,
  incident: Incident,
  steps: readonly Step[],
  judge: Judge,
): readonly TreeNode[] {
  return steps.map((step) => {
    const state = stepState(incident, step.id);
    const judged = judge(step, steps);
    return createNode(
      `${parent}/${step.id}`,
      step.command === undefined ? 'step.manual' : `step.${state}`,
      {
        label: oneLine(`${step.number}. ${step.text}`),
        description: describe(incident, step, state, judged),
        tooltip: tooltipOf(step, judged),
        ...(state === 'idle' && judged ? looksOfVerdict[judged.verdict] : looks[state]),
        command: command('incident.runStep', step.id),
        subject: [step.id],
      },
      placeNodes(`${parent}/${step.id}`, step),
    );
  });
}

function tooltipOf(step: Step, judged: Judged | undefined): string {
  const when = step.attributes['ir.when'];
  const condition = when === undefined ? step.condition : `When ${when}`;
  const lines = [condition, judged && renderVerdict(judged), step.command, ...step.details];
  return lines.filter(Boolean).join('\n') || step.text;
}

function describe(
  incident: Incident,
  step: Step,
  state: StepState,
  judged: Judged | undefined,
): string | undefined {
  const mark = stepMark(incident, step.id);
  switch (state) {
    case 'idle':
      return [
        judged && verdictWords[judged.verdict],
        step.command === undefined && 'by hand',
        step.condition !== step.text && step.condition && oneLine(step.condition, 80),
      ]
        .filter(Boolean)
        .join(', ');
    case 'running':
      return lastRun(incident, step.id)?.background === true ? 'running in the background' : 'running';
    case 'done':
      return oneLine(['done', mark?.kind === 'done' ? mark.note : undefined].filter(Boolean).join(': '), 80);
    case 'skipped':
      return oneLine(
        ['skipped', mark?.kind === 'skipped' ? mark.reason : undefined].filter(Boolean).join(': '),
        80,
      );
    case 'succeeded':
    case 'failed':
    case 'stopped': {
      const outcome = lastRun(incident, step.id)?.end?.outcome;
      return outcome && renderOutcome(outcome).text;
    }
  }
}

/** `3 of 4`, with `running` while a step runs. */
export function stepsSummary(incident: Incident, steps: readonly Step[]): string {
  const settled = steps.filter(({ id }) => isStepSettled(incident, id)).length;
  const running = steps.some(({ id }) => stepState(incident, id) === 'running');
  return `${settled} of ${steps.length}${running ? ', running' : ''}`;
}
