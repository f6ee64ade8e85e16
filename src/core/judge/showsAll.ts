import type { Plan } from '../plan/plan.ts';
import { choosesLogs, choosesPods } from './kindsGot.ts';

/** Of what a command looks at, how much its output can show. */
export interface Shows {
  /** False where a filter, a pipe or a limit of lines may have hidden something. */
  readonly all: boolean;
  /** Pods were asked for by name or by a field: of the others nothing is known. */
  readonly chosenPods: boolean;
  /** Logs of single pods were asked for: of the others nothing is known. */
  readonly chosenLogs: boolean;
}

/** What cuts a text in a shell: a pipe, a program that leaves lines out, a limit of lines. */
const cuts: readonly RegExp[] = [
  /(?<!\|)\|(?!\|)/,
  /(?<![-\w.])(?:head|tail|[efz]?grep|rg|awk|sed|cut)(?![-\w.])/,
  /--(?:tail|limit-bytes|lines|max-count)(?![= ]-1\b)\b/,
  /\b(?:journalctl|docker|podman|nerdctl)\b[^\n]*\s-n\b/,
];
/** Ten lines of each pod, unless it says otherwise: https://kubernetes.io/docs/reference/kubectl/generated/kubectl_logs/ */
const logsOfSelector = /\blogs\b(?![^\n;|&]*--tail[= ]-1\b)[^\n;|&]*\s(?:-l|--selector)/;

/** Whether what is not in a plan's output can be taken for not being there. What a shell does with a text is seldom known. */
export function showsAll(plan: Plan): Shows {
  switch (plan.kind) {
    case 'shell':
      return {
        all: ![...cuts, logsOfSelector].some((pattern) => pattern.test(plan.script)),
        chosenPods: choosesPods(plan.script),
        chosenLogs: choosesLogs(plan.script),
      };
    case 'kubernetes': {
      const { action } = plan;
      const limited =
        action.verb === 'logs' && (action.tailLines !== undefined || action.limitBytes !== undefined);
      return {
        all: plan.filters.length === 0 && !limited,
        chosenPods: action.verb === 'get' && choosesPods(plan.preview),
        chosenLogs: action.verb === 'logs' && action.selector === undefined && action.allPods !== true,
      };
    }
    case 'argocd':
    case 'rds':
    case 'http':
      return { all: plan.filters.length === 0, chosenPods: false, chosenLogs: false };
    case 'query':
    case 'flag':
    case 'manual':
      return { all: true, chosenPods: false, chosenLogs: false };
  }
}
