import type { Trap } from '../plan/plan.ts';
import type { SimpleCommand } from '../plan/words/commandWords.ts';
import type { LocatedCommand } from './locateCommand.ts';
import type { TextRange } from './textEdit.ts';

/** Which words of a command a trap is about; of the first group where there is one. */
const places: Readonly<Partial<Record<Trap['code'], RegExp>>> = {
  'logs-selector-tail': /(?<=\s)(?:-l|--selector)(?:[= ]?(?:"[^"\n]*"|'[^'\n]*'|[^\s|]+))?/,
  'exec-no-terminal': /(?<=\s)(?:-(?:it|ti|i|t)|--stdin|--tty)(?=\s)/,
  'incomplete-argument': /\.\.\.|…/,
  'argocd-auto-sync': /\bargocd\s+app\s+rollback\b/,
  'cluster-or-instance': /\b(?:failover-db-cluster|reboot-db-instance)\b/,
  'autoscaler-undoes-scale': /\bscale\b/,
  'grep-no-match': /\bgrep\b/,
  'no-namespace': /\bkubectl\s+[\w-]+(?:\s+[\w,./-]+)?/,
  'ingress-rules-replaced': /\bpatch\b/,
  'no-credentials': /\bcurl\b/,
  'cannot-verify': /https?:\/\/[^\s'"]+/,
  'not-retried': /--retry\b/,
  // A variable of Grafana in a query.
  'not-understood': /\$__\w+|\$\{(?:__[^}\n]*|\w+:[^}\n]*)\}|\[\[[^\]\n]*\]\]/,
};

/** The place of what a trap is about, inside one command of a script where it is about that; the whole where no word stands out. */
export function placeOfTrap(
  code: Trap['code'],
  located: LocatedCommand,
  within: SimpleCommand | undefined,
): TextRange {
  const { text } = located;
  const from = within?.[0]?.start ?? 0;
  const found = places[code]?.exec(text.slice(from, within?.at(-1)?.end));
  if (found) return located.range(from + found.index, from + found.index + found[0].length);
  const start = text.length - text.trimStart().length;
  return located.range(start, text.trimEnd().length);
}
