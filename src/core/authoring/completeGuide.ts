import type { Step } from '../guide/guide.ts';
import { attributeValues } from '../lint/lintAttributes.ts';
import type { LintedStep } from '../lint/lintedStep.ts';
import { commandWords, type CommandWord } from '../plan/words/commandWords.ts';
import { kindNames } from '../lint/placeholderKinds.ts';
import { inLine, type TextRange } from '../lint/textEdit.ts';
import type { ValueKind } from '../plan/plan.ts';
import { kindOfPlaceholder } from '../plan/words/kindOfPlaceholder.ts';
import { attributeDocs } from './attributeDocs.ts';

export interface CompletionItem {
  readonly label: string;
  readonly detail: string;
  readonly documentation: string;
  /** What is written; `$0` is where the cursor stands then. */
  readonly insert: string;
}

/** What can be written at a place of a guide: known words, or names that only systems know. */
export type Completion =
  | { readonly kind: 'items'; readonly range: TextRange; readonly items: readonly CompletionItem[] }
  | {
      readonly kind: 'names';
      readonly range: TextRange;
      readonly of: ValueKind;
      /** The namespace that the command itself names. */
      readonly namespace: string | undefined;
    };

/**
 * What fits at a line and column (both from 1) of a guide: attributes in a fence's braces and their values, kinds of
 * placeholders behind `<`, and elsewhere in a command what its place wants. Undefined where nothing of ours fits.
 */
export function completeGuide(
  lines: readonly string[],
  linted: readonly LintedStep[],
  at: { readonly line: number; readonly column: number },
): Completion | undefined {
  const text = lines[at.line - 1] ?? '';
  const before = text.slice(0, at.column - 1);
  if (/^[\s>*+\d.)-]*(?:`{3,}|~{3,})[^{]*\{[^}]*$/.test(before)) return completeAttribute(text, at);
  const step = linted.find(({ step: each }) => each.line <= at.line && at.line <= each.endLine);
  const offset = step?.located?.offsetAt(at.line, at.column);
  if (!step?.located || offset === undefined) return undefined;
  const opened = /<([\p{L}\d_-]*)$/u.exec(before);
  if (opened) return completePlaceholder(text, at, opened[1] ?? '', linted);
  return completeName(step.located.text.slice(0, offset), at);
}

function completeAttribute(
  text: string,
  { line, column }: { readonly line: number; readonly column: number },
): Completion | undefined {
  const before = text.slice(text.indexOf('{'), column - 1);
  const value = /([\w.:-]+)["']?\s*[=:]\s*(["']?)([^"'\s,{}]*)$/.exec(before);
  if (value) {
    const [, key = '', , typed = ''] = value;
    const rest = /^[^"'\s,{}]*/.exec(text.slice(column - 1))?.[0].length ?? 0;
    const values = attributeDocs[key]?.values ?? attributeValues[key] ?? [];
    return {
      kind: 'items',
      range: inLine(line, column - typed.length, column + rest),
      items: values.map((each) => ({ label: each, detail: key, documentation: '', insert: each })),
    };
  }
  const key = /(?:^\{|[\s,])(["']?)([\w.]*)$/.exec(before);
  if (!key) return undefined;
  const isJson = key[1] !== '' || /^\{\s*"/.test(before);
  const typed = key[2] ?? '';
  const rest = /^[\w.]*/.exec(text.slice(column - 1))?.[0].length ?? 0;
  return {
    kind: 'items',
    range: inLine(line, column - typed.length - (key[1]?.length ?? 0), column + rest),
    items: Object.entries(attributeDocs).map(([name, { detail, documentation }]) => ({
      label: name,
      detail,
      documentation,
      insert: isJson ? `"${name}":"$0"` : name.startsWith('ir.') ? `${name}="$0"` : `${name}=$0`,
    })),
  };
}

function completePlaceholder(
  text: string,
  { line, column }: { readonly line: number; readonly column: number },
  typed: string,
  linted: readonly LintedStep[],
): Completion {
  const closes = text[column - 1] === '>' ? '' : '>';
  const used = linted.flatMap((each) =>
    each.slots.flatMap(({ occurrence, secret }) =>
      secret === undefined && /^<[\w-]+>$/.test(occurrence.written) ? [occurrence.written.slice(1, -1)] : [],
    ),
  );
  const names = [...new Set([...kindNames, ...used.filter((name) => name !== typed)])];
  return {
    kind: 'items',
    range: inLine(line, column - typed.length, column),
    items: names.map((name) => ({
      label: name,
      detail: (kindNames as readonly string[]).includes(name)
        ? 'asked as this kind, with suggestions'
        : 'in this guide',
      documentation: '',
      insert: `${name}${closes}`,
    })),
  };
}

/** The simple command that the cursor stands in, with the word it stands in, which may be empty. */
function wordsAt(before: string): readonly CommandWord[] {
  const last = commandWords(before).at(-1) ?? [];
  if (/[\n;|&]\s*$/.test(before) && !/\\\n\s*$/.test(before)) return [];
  return /\s$/.test(before) ? [...last, { text: '', start: before.length, end: before.length }] : last;
}

function completeName(
  before: string,
  { line, column }: { readonly line: number; readonly column: number },
): Completion | undefined {
  const words = wordsAt(before);
  const word = words.at(-1);
  if (word === undefined || words.length < 2 || /^["']/.test(before.slice(word.start))) return undefined;
  const from = Math.max(...['/', '=', ','].map((char) => word.text.lastIndexOf(char))) + 1;
  const texts = words.map(({ text }) => text);
  const of = kindOfPlaceholder(texts, texts.length - 1, from, '');
  if (of === 'text' || of === 'number') return undefined;
  return {
    kind: 'names',
    range: inLine(line, column - (word.text.length - from), column),
    of,
    namespace: of === 'namespace' ? undefined : namespaceOf(texts),
  };
}

/** What a command's own `-n` says. */
function namespaceOf(words: readonly string[]): string | undefined {
  const at = words.findIndex((word) => word === '-n' || word === '--namespace');
  const joined = words.find((word) => word.startsWith('--namespace='))?.slice('--namespace='.length);
  const named = joined ?? (at < 0 ? undefined : words[at + 1]);
  return named !== undefined && /^[a-z0-9-]+$/.test(named) ? named : undefined;
}

/** The step at a line of the file: the one that holds it, else the first one below it in the same fence. */
export const stepAtLine = (linted: readonly { readonly step: Step }[], line: number): Step | undefined =>
  linted.find(({ step }) => step.line <= line && line <= step.endLine)?.step ??
  linted.find(({ step }) => step.line === line + 1)?.step;
