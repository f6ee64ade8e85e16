import type { ArgoCdAction } from './argocd/argoCdAction.ts';
import { isDestructiveShell } from './destructiveShell.ts';
import type { KubernetesAction } from './kubectl/kubernetesAction.ts';
import type { Plan, Risk } from './plan.ts';

const ORDER: readonly Risk[] = ['read', 'change', 'destructive'];

/** The more dangerous of two. */
export const higherRisk = (a: Risk, b: Risk): Risk => (ORDER.indexOf(a) >= ORDER.indexOf(b) ? a : b);

/** What a kubectl command does to the cluster; a dry run does nothing. */
export function riskOfKubernetes(action: KubernetesAction): Risk {
  switch (action.verb) {
    case 'get':
    case 'describe':
    case 'top':
    case 'logs':
      return 'read';
    case 'scale':
      if (action.dryRun) return 'read';
      // Nothing is deleted, but nobody is served either: to the people outside it is the same.
      return action.replicas === 0 ? 'destructive' : 'change';
    case 'patch':
      if (action.dryRun) return 'read';
      return /"?\breplicas"?\s*:\s*0\b(?!\.)/.test(action.patch) ||
        /\breplicas"\s*,\s*"value"\s*:\s*0\b/.test(action.patch)
        ? 'destructive'
        : 'change';
    case 'restore':
      return action.fields.some(({ pointer, before }) => pointer === '/spec/replicas' && before === '0')
        ? 'destructive'
        : 'change';
    case 'exec':
      return isDestructiveShell(action.command.join(' ')) ? 'destructive' : 'change';
    case 'rollout':
      return action.sub === 'status' || action.sub === 'history' || action.dryRun ? 'read' : 'change';
    case 'apply':
    case 'delete':
      return action.dryRun ? 'read' : 'destructive';
  }
}

/** What an argocd command does to the app; with `--prune` objects are deleted. */
export function riskOfArgoCd(action: ArgoCdAction): Risk {
  switch (action.verb) {
    case 'list':
    case 'get':
    case 'history':
    case 'wait':
    case 'diff':
      return 'read';
    case 'sync':
      return action.dryRun ? 'read' : action.prune ? 'destructive' : 'change';
    case 'rollback':
      return action.prune ? 'destructive' : 'change';
    case 'set-sync-policy':
      return 'change';
  }
}

export const riskOfHttp = (method: string): Risk =>
  method === 'GET' || method === 'HEAD' ? 'read' : method === 'DELETE' ? 'destructive' : 'change';

/** Whether a person may say of it that it only reads: a shell is not understood, and a GET is asked about for its secret. */
export const mayOnlyRead = (plan: Plan): boolean =>
  plan.kind === 'shell' || (plan.kind === 'http' && riskOfHttp(plan.method) === 'read');

/** What a shell does is unknown, so it is a change at least; known destroyers are more. */
export const riskOfShell = (script: string): Risk => (isDestructiveShell(script) ? 'destructive' : 'change');

/**
 * True when the settings' list of read-only prefixes names this command: word by word from its first word, and only
 * for one simple command, for behind an operator or a substitution anything could follow.
 */
export const isNamedReadOnly = (words: readonly string[] | undefined, prefixes: readonly string[]): boolean =>
  words !== undefined &&
  prefixes.some((prefix) => {
    const wanted = prefix.split(/\s+/).filter(Boolean);
    return wanted.length > 0 && wanted.every((word, index) => words[index] === word);
  });

/**
 * The guide's `ir.risk` can raise the risk, never lower it: a guide is a text file that many may edit, so calling a
 * command harmless is left to the settings of the person who runs it.
 */
export const raisedByGuide = (risk: Risk, attribute: string | undefined): Risk =>
  attribute === 'read' || attribute === 'change' || attribute === 'destructive'
    ? higherRisk(risk, attribute)
    : risk;
