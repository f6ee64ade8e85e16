import type { Plan } from '../plan/plan.ts';
import { dryRunOf, renderChange, type Confirmation } from '../run/runStep.ts';

/** The words of the question asked before a change: context, namespace, object and before → after, then the command. */
export interface ConfirmationText {
  readonly title: string;
  readonly detail: string;
  readonly runLabel: string;
  readonly offersDryRun: boolean;
  /** A shell command that only might change something: the person may say that it only reads. */
  readonly offersOnlyReads: boolean;
}

/** Renders what the person sees before a plan runs. */
export function renderConfirmation(request: Confirmation): ConfirmationText {
  const { plan } = request;
  const lines = [
    ...placeOf(plan),
    ...request.changes.map((change) => `Change: ${renderChange(change)}`),
    `Command: ${shown(plan.preview)}`,
    ...(plan.kind === 'shell' ? ['Runs in your shell: what it does cannot be known beforehand.'] : []),
    ...request.warnings.map((warning) => `Careful: ${warning}`),
    ...plan.traps.filter((trap) => trap.code !== 'runs-in-shell').map((trap) => `Careful: ${trap.message}`),
  ];
  return {
    title: titleOf(request),
    detail: lines.join('\n'),
    runLabel: plan.risk === 'destructive' ? 'Run Destructive Command' : 'Run',
    offersDryRun: dryRunOf(plan) !== undefined,
    offersOnlyReads: plan.kind === 'shell' && plan.risk === 'change',
  };
}

/** A very long script would push the buttons out of the window: its end is on the card. */
const shown = (command: string): string =>
  command.length > 1_500
    ? `${command.slice(0, 1_500)} … (${command.length - 1_500} more characters: read the card)`
    : command;

function titleOf({ plan, changes, step }: Confirmation): string {
  const first = changes[0];
  if (plan.kind === 'kubernetes' && plan.action.verb === 'scale' && first) {
    return `Scale ${first.object} from ${first.before} to ${first.after} replicas?`;
  }
  if (plan.kind === 'kubernetes')
    return `Run kubectl ${plan.action.verb} on ${plan.target.context ?? 'no context'}?`;
  return `Run "${step.text}"?`;
}

function placeOf(plan: Plan): readonly string[] {
  const { context, namespace, server } = plan.target;
  if (plan.kind === 'http') return [];
  return [
    `Context: ${context ?? 'none pinned'}${server ? ` (${server})` : ''}`,
    ...(namespace ? [`Namespace: ${namespace}`] : []),
  ];
}
