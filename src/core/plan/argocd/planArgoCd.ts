import type { ArgoCdAction } from './argoCdAction.ts';
import type { ParsedArgoCd } from './argoCdGrammar.ts';
import { refuseSecondNames } from '../kubectl/refuseSecondNames.ts';
import type { MarkedWords } from '../words/markedWord.ts';
import type { ArgoCdPlan, Filter, Risk, Target, Trap } from '../plan.ts';
import type { ReadCommand } from '../readCommand.ts';
import { renderArgoCd } from './renderArgoCd.ts';
import { timeoutOf } from '../timeout.ts';
import { argoCdTraps, grepTraps, incompleteArgument, invalidValues, targetTraps } from '../traps.ts';

/** Puts a parsed argocd command on the incident's target: the pinned server, else the pinned cluster's resources. */
export function planArgoCd(
  { step, context, filled }: ReadCommand,
  parsed: ParsedArgoCd,
  risk: Risk,
  tail: { readonly filters: readonly Filter[]; readonly preview: string },
  marked: MarkedWords,
): ArgoCdPlan {
  const changes = risk !== 'read';
  const action = withOnset(parsed.action, context.onsetAt);
  const target = targetOf(parsed, context.target);
  const place = { server: target.argoCdServer, context: target.context };
  return {
    kind: 'argocd',
    stepId: step.id,
    original: step.command ?? '',
    preview: renderArgoCd(action, place, marked.quote, parsed.openNumbers) + tail.preview,
    risk,
    target,
    missing: filled.missing,
    traps: [
      ...incompleteArgument(filled.missing),
      ...invalidValues([
        ...filled.invalid,
        ...secondNames(parsed, marked),
        // An app's labels are those of a Kubernetes object.
        ...refuseSecondNames({ nameWords: [], selectors: parsed.selectors }, marked),
      ]),
      ...targetTraps(
        { namespace: undefined, context: settled(parsed.context, marked) },
        context.target,
        changes,
      ),
      ...otherServer(parsed, context.target, changes, marked),
      ...argoCdTraps(action, target),
      ...grepTraps(tail.filters),
    ],
    timeoutMs:
      parsed.timeoutSeconds !== undefined && !Number.isNaN(parsed.timeoutSeconds)
        ? Math.min(parsed.timeoutSeconds * 1000, 2 ** 31 - 1)
        : timeoutOf(step, waits(action)),
    action,
    filters: tail.filters,
  };
}

function waits(action: ArgoCdAction): Parameters<typeof timeoutOf>[1] {
  if (action.verb === 'wait') return 'endless';
  if (action.verb === 'rollback' || action.verb === 'sync') return 'rollout';
  return action.verb === 'set-sync-policy' ? 'change' : 'read';
}

const withOnset = (action: ArgoCdAction, onsetAt: string | undefined): ArgoCdAction =>
  action.verb === 'history' && onsetAt !== undefined ? { ...action, onsetAt } : action;

/** What the command says itself wins over the pin; a server is one place, a cluster another, never both. */
function targetOf(parsed: ParsedArgoCd, pin: Target): Target {
  const server =
    parsed.server !== undefined && !sameServer(parsed.server, pin.argoCdServer)
      ? parsed.server
      : pin.argoCdServer;
  if (server !== undefined && !parsed.core) return { argoCdServer: server };
  const context = parsed.context ?? pin.context;
  return {
    ...(context === undefined ? {} : { context }),
    ...(pin.server !== undefined && context === pin.context ? { server: pin.server } : {}),
    ...(pin.namespace === undefined ? {} : { namespace: pin.namespace }),
  };
}

/** Hosts alone: a guide's `--server` says nothing of the scheme, and rarely of the path. */
const sameServer = (written: string, pinned: string | undefined): boolean => {
  const hostOf = (url: string): string =>
    url
      .replace(/^https?:\/\//, '')
      .replace(/[/].*$/, '')
      .replace(/:(?:80|443)$/, '');
  return pinned !== undefined && hostOf(written).toLowerCase() === hostOf(pinned).toLowerCase();
};

const settled = (word: string | undefined, marked: MarkedWords): string | undefined =>
  word === undefined || marked.isOpen(word) ? undefined : word;

function otherServer(
  { server }: ParsedArgoCd,
  pin: Target,
  changes: boolean,
  marked: MarkedWords,
): readonly Trap[] {
  const written = settled(server, marked);
  if (written === undefined || pin.argoCdServer === undefined || sameServer(written, pin.argoCdServer))
    return [];
  const message =
    `The command goes to the Argo CD server ${written}, but this incident is pinned to ${pin.argoCdServer}. ` +
    (changes ? 'It will not run until you pin the other server or correct the guide.' : 'It only reads.');
  return [{ code: 'target-differs', message, blocks: changes }];
}

const secondNames = (parsed: ParsedArgoCd, marked: MarkedWords): readonly string[] =>
  [...new Set(parsed.nameWords.flatMap(marked.valuesIn))]
    .filter((value) => !/^[A-Za-z0-9][\w.:/-]*$/.test(value))
    .map((value) => `“${value}” cannot be part of an app's name, its history id or a server's address.`);
