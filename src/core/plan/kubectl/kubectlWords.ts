import type { FlagSpec } from '../words/commandFlags.ts';
import { parseFlags } from '../words/commandFlags.ts';
import type { KubernetesAction, ObjectRef } from './kubernetesAction.ts';
import type { MarkedWords } from '../words/markedWord.ts';
import type { SelectorKind } from './validateSelector.ts';

/** A kubectl command that is covered completely. Its strings may still hold marks of unknown placeholders. */
export interface ParsedKubectl {
  readonly action: Exclude<KubernetesAction, { verb: 'restore' }>;
  /** As written in the command; undefined when it says nothing. */
  readonly namespace: string | undefined;
  readonly context: string | undefined;
  /** Numbers that have no value yet (NaN in the action), as the words that stand for them, by flag name. */
  readonly openNumbers: Readonly<Record<string, string>>;
  /** `exec -i` or `-t` was asked for. */
  readonly terminal: boolean;
  /** `logs -l` without `--tail`: kubectl would show ten lines, we ask for all. */
  readonly tailChosen: boolean;
  /** Words that become names or labels: values in them must not smuggle in a second one. */
  readonly nameWords: readonly string[];
  /** The words that are selectors, raw: a value may be all of one, or one of its names. */
  readonly selectors: readonly (readonly [SelectorKind, word: string])[];
}

/** The words behind one kubectl verb, read as its flags say, with every way to ask for them. */
export interface KubectlWords {
  readonly verb: string;
  /** Raw, marks in place. */
  readonly positionals: readonly string[];
  /** The words behind `--`, raw; undefined when there was none. */
  readonly rest: readonly string[] | undefined;
  readonly marked: MarkedWords;
  has(flag: string): boolean;
  /** As written, marks in place. */
  raw(flag: string): string | undefined;
  /** With the known values filled in. */
  text(flag: string): string | undefined;
  is(flag: string): boolean;
  /** A whole number; NaN while a placeholder stands for it. */
  number(flag: string, lowest: number): number | undefined;
  /** Notes that the number of this flag has no value yet, and what stands for it. */
  leaveOpen(flag: string, written: string): void;
  /** `--dry-run`, `=client` and `=server` mean one, `=none` and silence do not. */
  dryRun(): boolean;
  /** Exactly one object, `kind name` or `kind/name`. */
  one(from: readonly string[]): ObjectRef;
  /** The parsed command; `named` are the words that become names. */
  done(
    action: ParsedKubectl['action'],
    named: readonly string[],
    extra?: Partial<ParsedKubectl>,
  ): ParsedKubectl;
}

/** One verb's flags and what its words mean. */
export interface KubectlVerb {
  readonly flags: readonly FlagSpec[];
  parse(words: KubectlWords): ParsedKubectl;
}

export const valueFlag = (name: string, short?: string): FlagSpec => ({
  name,
  takes: 'value',
  ...(short ? { short } : {}),
});
export const boolFlag = (name: string, short?: string): FlagSpec => ({
  name,
  takes: 'bool',
  ...(short ? { short } : {}),
});
export const dryRunFlag: FlagSpec = { name: 'dry-run', takes: 'optional' };

const selectorFlags = [
  ['label', 'selector'],
  ['field', 'field-selector'],
] as const;

/** Ends a parse from anywhere inside it with the reason why a shell must do it. */
export class NotCovered {
  readonly reason: string;
  constructor(reason: string) {
    this.reason = reason;
  }
}
export const notCovered = (reason: string): never => {
  throw new NotCovered(reason);
};

/** Kinds and names as kubectl takes them: `kind[,kind] [name…]` or `kind/name…` of one kind. */
export function resourcesOf(positionals: readonly string[]): { kinds: string[]; names: string[] } {
  const [first, ...rest] = positionals;
  if (first === undefined) return notCovered('it names no kind of object');
  if (first.includes('/')) {
    const pairs = positionals.map((each) => each.split('/'));
    const kinds = [...new Set(pairs.map(([kind = '']) => kind))];
    if (pairs.some((pair) => pair.length !== 2 || pair.includes('')) || kinds.length !== 1)
      notCovered('it names objects of several kinds');
    return { kinds, names: pairs.map(([, name = '']) => name) };
  }
  const kinds = first.split(',');
  if (kinds.includes('')) notCovered('a kind is empty');
  if (rest.some((name) => name.includes('/') || name === '')) notCovered('it names objects in two ways');
  return { kinds, names: rest };
}

/** Reads the words of one verb (itself taken out); throws NotCovered for a flag it does not have. */
export function readKubectlWords(
  verb: string,
  words: readonly string[],
  flags: readonly FlagSpec[],
  marked: MarkedWords,
): KubectlWords {
  const parsed = parseFlags(words, flags);
  if (!parsed.ok) return notCovered(parsed.reason);
  const { positionals, rest } = parsed;
  const openNumbers: Record<string, string> = {};
  const raw = (name: string): string | undefined => parsed.flags.get(name);
  const text = (name: string): string | undefined => {
    const written = raw(name);
    return written === undefined ? undefined : marked.fill(written);
  };
  return {
    verb,
    positionals,
    rest,
    marked,
    has: (name) => parsed.flags.has(name),
    raw,
    text,
    is: (name) => raw(name) === 'true',
    number(name, lowest) {
      const filled = text(name);
      if (filled === undefined) return undefined;
      if (/^-?\d{1,9}$/.test(filled) && Number(filled) >= lowest) return Number(filled);
      if (!marked.isOpen(filled)) return notCovered(`of --${name}=${filled}`);
      openNumbers[name] = filled;
      return NaN;
    },
    leaveOpen(name, written) {
      openNumbers[name] = written;
    },
    dryRun() {
      const written = raw('dry-run');
      if (written !== undefined && !/^(?:|client|server|none)$/.test(written))
        notCovered(`of --dry-run=${written}`);
      return written !== undefined && written !== 'none';
    },
    one(from) {
      const { kinds, names } = resourcesOf(from);
      const [kind = '', name = ''] = [kinds[0], names[0]];
      if (kinds.length !== 1 || names.length !== 1) notCovered('it does not name exactly one object');
      return { kind: marked.fill(kind), name: marked.fill(name) };
    },
    done: (action, named, extra = {}) => ({
      action,
      namespace: text('namespace'),
      context: text('context'),
      openNumbers,
      terminal: false,
      tailChosen: false,
      nameWords: [...named, ...['namespace', 'container'].flatMap((name) => raw(name) ?? [])],
      selectors: selectorFlags.flatMap(([kind, flag]) => {
        const word = raw(flag);
        return word === undefined ? [] : [[kind, word] as const];
      }),
      ...extra,
    }),
  };
}
