import type { Plan } from '../plan/plan.ts';
import { mayOnlyRead } from '../plan/risk.ts';
import { dryRunOf, renderChange, type Confirmation } from '../run/runStep.ts';

/** The words of the question asked before a change: context, namespace, object and before → after, then the command. */
export interface ConfirmationText {
  readonly title: string;
  readonly detail: string;
  readonly runLabel: string;
  readonly offersDryRun: boolean;
  /** A shell command that only might change something: the person may say that it only reads. */
  readonly offersOnlyReads: boolean;
  /** The object's diff, for an editor: a dialog has no fixed-width letters. Undefined where there is none. */
  readonly diff: string | undefined;
}

/** Renders what the person sees before a plan runs. */
export function renderConfirmation(request: Confirmation): ConfirmationText {
  const { plan } = request;
  const lines = [
    ...placeOf(plan),
    ...request.changes.map((change) => `Change: ${onOneLine(renderChange(change))}`),
    `Command: ${shown(withoutControls(plan.preview))}`,
    ...((plan.secrets ?? []).length > 0
      ? [
          `Uses the secret ${(plan.secrets ?? []).join(', ')}${plan.kind === 'http' ? `, sent to ${hostOf(plan.url)}` : ''}`,
        ]
      : []),
    ...(plan.kind === 'shell' ? ['Runs in your shell: what it does cannot be known beforehand.'] : []),
    ...request.warnings.map((warning) => `Careful: ${onOneLine(warning)}`),
    ...plan.traps.filter((trap) => trap.code !== 'runs-in-shell').map((trap) => `Careful: ${trap.message}`),
  ];
  return {
    title: onOneLine(titleOf(request)),
    detail: lines.join('\n'),
    runLabel: plan.risk === 'destructive' ? 'Run Destructive Command' : 'Run',
    offersDryRun: dryRunOf(plan) !== undefined,
    offersOnlyReads: plan.risk === 'change' && mayOnlyRead(plan),
    diff: request.diff?.trim() ? request.diff : undefined,
  };
}

/** Names and values come from servers and files: none may begin a line of its own here, or turn the text around. */
const onOneLine = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ');
/** A script's own lines stay. */
const withoutControls = (text: string): string =>
  text.replace(/(?![\n\t])[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\uFFFD');

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
  if (plan.kind === 'kubernetes' && plan.action.verb === 'patch' && first)
    return `Patch ${first.object} on ${plan.target.context ?? 'no context'}?`;
  if (plan.kind === 'kubernetes' && plan.action.verb === 'restore') return `${step.text}?`;
  if (plan.kind === 'kubernetes')
    return `Run kubectl ${plan.action.verb} on ${plan.target.context ?? 'no context'}?`;
  if (plan.kind === 'argocd' && plan.action.verb === 'rollback') return `Roll back ${plan.action.app}?`;
  if (plan.kind === 'rds' && plan.action.operation === 'failover-db-cluster') {
    const { cluster, targetInstance } = plan.action;
    return `Fail over ${cluster}${targetInstance === undefined ? '' : ` to ${targetInstance}`}?`;
  }
  if (plan.kind === 'flag')
    return `Turn ${plan.action.want === 'enabled' ? 'on' : 'off'} the flag ${plan.action.flag}?`;
  return `Run "${step.text}"?`;
}

const hostOf = (url: string): string => /^[a-z]+:\/\/([^/?#]+)/i.exec(url)?.[1] ?? url;

function placeOf(plan: Plan): readonly string[] {
  const { context, namespace, server, argoCdServer } = plan.target;
  if (plan.kind === 'argocd' && argoCdServer !== undefined) return [`Argo CD: ${argoCdServer}`];
  if (plan.kind === 'http' || plan.kind === 'query' || plan.kind === 'flag') return [];
  if (plan.kind === 'rds') {
    const { awsProfile, awsRegion } = plan.target;
    return [`AWS: ${awsProfile ?? 'credentials of the environment'}, ${awsRegion ?? 'no region'}`];
  }
  return [
    `Context: ${context ?? 'none pinned'}${server ? ` (${server})` : ''}`,
    ...(namespace ? [`Namespace: ${namespace}`] : []),
  ];
}
