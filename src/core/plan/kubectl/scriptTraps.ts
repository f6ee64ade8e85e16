import type { Target, Trap } from '../plan.ts';
import { commandWords, flagAt, type SimpleCommand } from '../words/commandWords.ts';
import type { MarkedWords } from '../words/markedWord.ts';
import { parseKubectl } from './kubectlGrammar.ts';
import { isClusterWide, isEverywhere } from './namespaceOfAction.ts';

/** What may stand before a program's name in a simple command of a shell. */
const before = /^(?:[A-Za-z_]\w*=.*|sudo|time|command|exec|nohup|!|\{|\(|if|then|elif|else|while|until|do)$/;

/** The kubectl commands of a script, each from its program on and without what it redirects; those in quotes are none. */
export const kubectlCommands = (script: string): readonly SimpleCommand[] =>
  script.includes('kubectl') && !script.includes('<<')
    ? commandWords(script).flatMap((words) => {
        const start = words.findIndex(({ text }) => !before.test(text));
        if (words[start]?.text !== 'kubectl') return [];
        const end = words.findIndex(({ text }, at) => at > start && /^\d*[<>](?![\w-]+>)/.test(text));
        return [words.slice(start, end < 0 ? undefined : end)];
      })
    : [];

/** The namespaces that the kubectl commands of a script name. */
export const namespacesIn = (script: string): readonly string[] =>
  kubectlCommands(script).flatMap((words) => {
    const at = flagAt(words, '--namespace', '-n');
    const text = words[at]?.text ?? '';
    const value = /^(?:--namespace|-n)$/.test(text)
      ? words[at + 1]?.text
      : /^(?:--namespace=|-n=?)(.+)$/.exec(text)?.[1];
    return value ?? [];
  });

/** A script that chooses a namespace for what follows. */
const choosesNamespace = /\bset-context\b[^\n;|&]*--namespace\b|\bkubens\s/;

/**
 * The traps of the kubectl commands in a script that a shell runs, each with the number of its command. What the grammar
 * does not cover has none: it is not known what it would do.
 */
export function kubectlScriptTraps(
  script: string,
  {
    target,
    interactive,
    marked,
  }: { readonly target: Target; readonly interactive: boolean; readonly marked: MarkedWords },
): readonly Trap[] {
  const hasNamespace = target.namespace !== undefined || choosesNamespace.test(script);
  return kubectlCommands(script).flatMap((words, kubectl): readonly Trap[] => {
    const parsed = parseKubectl(
      words.slice(1).map(({ text }) => text),
      marked,
    );
    if (!parsed.ok) return [];
    const { action } = parsed.value;
    const said = marked.asWritten(
      words
        .slice(0, 3)
        .map(({ text }) => text)
        .join(' '),
    );
    const warn = (code: Trap['code'], message: string): Trap => ({ code, message, blocks: false, kubectl });
    const traps: Trap[] = [];
    if (
      !hasNamespace &&
      parsed.value.namespace === undefined &&
      !isEverywhere(action) &&
      !isClusterWide(action)
    )
      traps.push(
        warn(
          'no-namespace',
          `Neither “${said}” nor the incident names a namespace: it goes to the context’s own.`,
        ),
      );
    if (parsed.value.tailChosen)
      traps.push(
        warn(
          'logs-selector-tail',
          `With a selector “${said}” shows only the last 10 lines of each container. Say how many with --tail, or all of a time with --since and --tail=-1.`,
        ),
      );
    if (parsed.value.terminal && !interactive)
      traps.push(
        warn(
          'exec-no-terminal',
          `An output channel is no terminal: take -i and -t out of “${said}”, or write interactive=true for a terminal.`,
        ),
      );
    return traps;
  });
}
