import type { FlagSpec } from '../words/commandFlags.ts';
import { kubectlChanges } from './kubectlChanges.ts';
import { kubectlReads } from './kubectlReads.ts';
import type { KubectlVerb, ParsedKubectl } from './kubectlWords.ts';
import { NotCovered, notCovered, readKubectlWords, valueFlag } from './kubectlWords.ts';
import type { MarkedWords } from '../words/markedWord.ts';

export type { ParsedKubectl } from './kubectlWords.ts';

export type KubectlResult =
  | { readonly ok: true; readonly value: ParsedKubectl }
  /** Completes "it runs in your shell because …". */
  | { readonly ok: false; readonly reason: string };

const GLOBAL: readonly FlagSpec[] = [valueFlag('namespace', 'n'), valueFlag('context')];

const VERBS: Readonly<Record<string, KubectlVerb>> = { ...kubectlReads, ...kubectlChanges };
const FLAGS: ReadonlyMap<KubectlVerb, readonly FlagSpec[]> = new Map(
  Object.values(VERBS).map((verb) => [verb, [...GLOBAL, ...verb.flags]]),
);

/** Where the verb stands: kubectl takes its global flags in front of it too. */
function verbIndex(words: readonly string[]): number {
  let i = 0;
  while (/^(?:-n|--namespace|--context)/.test(words[i] ?? ''))
    i += /^(?:-n|--namespace|--context)$/.test(words[i] ?? '') ? 2 : 1;
  return i;
}

/**
 * Reads the words behind `kubectl` (marks in place) for the verbs of `kubectlReads` and `kubectlChanges`. Anything
 * not covered completely is a reason, never a guess.
 */
export function parseKubectl(words: readonly string[], marked: MarkedWords): KubectlResult {
  try {
    return { ok: true, value: parseCovered(words, marked) };
  } catch (thrown) {
    if (thrown instanceof NotCovered) return { ok: false, reason: thrown.reason };
    throw thrown;
  }
}

function parseCovered(words: readonly string[], marked: MarkedWords): ParsedKubectl {
  const at = verbIndex(words);
  const name = words[at];
  if (name === undefined) return notCovered('it names no kubectl command');
  const verb = Object.hasOwn(VERBS, name) ? VERBS[name] : undefined;
  if (!verb) return notCovered(`kubectl ${name} has no plan of its own yet`);
  const others = [...words.slice(0, at), ...words.slice(at + 1)];
  const read = readKubectlWords(name, others, FLAGS.get(verb) ?? verb.flags, marked);
  if (read.rest !== undefined && name !== 'exec') return notCovered('of the words behind --');
  return verb.parse(read);
}
