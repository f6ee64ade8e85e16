import type { Step } from '../guide/guide.ts';
import type { Incident } from '../incident/incident.ts';
import { isStepSettled, lastRun, stepMark, stepState } from '../incident/progress.ts';
import type { StepState } from '../incident/progress.ts';
import { oneLine } from './oneLine.ts';
import { placeNodes } from './stepPlaces.ts';
import { renderOutcome } from './outcomeText.ts';
import { command, createNode } from './treeNode.ts';
import type { TreeNode } from './treeNode.ts';

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

/** Steps of a runbook, an option or a phase, with how far each is. `parent` is the id of the node above. */
export function stepNodes(parent: string, incident: Incident, steps: readonly Step[]): readonly TreeNode[] {
  return steps.map((step) => {
    const state = stepState(incident, step.id);
    return createNode(
      `${parent}/${step.id}`,
      step.command === undefined ? 'step.manual' : `step.${state}`,
      {
        label: oneLine(`${step.number}. ${step.text}`),
        description: describe(incident, step, state),
        tooltip: [step.condition, step.command, ...step.details].filter(Boolean).join('\n') || step.text,
        ...looks[state],
        command: command('incident.runStep', step.id),
        subject: [step.id],
      },
      placeNodes(`${parent}/${step.id}`, step),
    );
  });
}

function describe(incident: Incident, step: Step, state: StepState): string | undefined {
  const mark = stepMark(incident, step.id);
  switch (state) {
    case 'idle':
      if (step.command === undefined) return 'by hand';
      return step.condition === step.text ? undefined : step.condition && oneLine(step.condition, 80);
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
