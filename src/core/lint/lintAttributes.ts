import { hasJsonAttributes, ownAttributes } from '../guide/attributes.ts';
import { parseNeeds } from '../approvals/needs.ts';
import type { Result } from '../errors.ts';
import type { Step } from '../guide/guide.ts';
import { startsWithIf } from '../guide/vocabulary.ts';
import { clausesOf } from '../judge/assertions.ts';
import { parseCapture } from '../judge/capture.ts';
import { refuseCapture } from '../plan/words/refuseToKeep.ts';
import { parseExpression } from '../judge/expression.ts';
import { parseStepTarget } from '../plan/stepTarget.ts';
import { parseGoDuration } from '../plan/kubectl/goDuration.ts';
import type { LintedStep } from './lintedStep.ts';
import type { Fix, LintProblem } from './lintProblem.ts';
import { nearMatch } from './nearMatch.ts';
import { inLine, replaceIn } from './textEdit.ts';

/** Keys that Runme gives a meaning (https://docs.runme.dev/configuration/cell-level). */
export const runmeAttributes = [
  'background',
  'category',
  'closeTerminalOnSuccess',
  'cwd',
  'excludeFromRunAll',
  'id',
  'ignore',
  'interactive',
  'interpreter',
  'mimeType',
  'name',
  'promptEnv',
  'skipPrompts',
  'tag',
  'terminalRows',
] as const;

/** One attribute as it is written in a fence's opening line; columns from 1, the ends exclusive. */
export interface WrittenAttribute {
  readonly key: string;
  readonly keyFrom: number;
  /** The value without its quotes; both columns are the key's end where it has none. */
  readonly value: string;
  readonly valueFrom: number;
  readonly valueTo: number;
}

const written = /(["']?)([\w.:-]+)\1(\s*[=:]\s*)("(?:[^"\\]|\\.)*"|'[^']*'|[^\s,}"'][^\s,}]*)?/g;

/** The attributes between the braces of a fence's opening line, in both of Runme's styles. */
export function writtenAttributes(line: string): readonly WrittenAttribute[] {
  const brace = line.indexOf('{');
  if (brace < 0) return [];
  written.lastIndex = 0;
  return [...line.slice(brace).matchAll(written)].map((found) => {
    const [, quote = '', key = '', between = '', raw = ''] = found;
    const keyFrom = brace + found.index + quote.length + 1;
    const from = keyFrom + key.length + quote.length + between.length;
    const isQuoted = raw.length > 1 && /^["']/.test(raw);
    const value = isQuoted ? raw.slice(1, -1) : raw;
    return {
      key,
      keyFrom,
      value,
      valueFrom: from + (isQuoted ? 1 : 0),
      valueTo: from + raw.length - (isQuoted ? 1 : 0),
    };
  });
}

/** The 1-based line of the fence that a step stands in; undefined for commands outside of fences. */
export function fenceLineOf(step: Step, lines: readonly string[]): number | undefined {
  for (let line = step.line; line > 0; line--)
    if (/^[\s>*+\d.)-]*(?:`{3,}|~{3,})/.test(lines[line - 1] ?? '')) return line;
  return undefined;
}

/** Misspelt attributes, values that mean nothing, and names that two fences share. */
export function lintAttributes(
  linted: readonly LintedStep[],
  lines: readonly string[],
): readonly LintProblem[] {
  const problems: LintProblem[] = [];
  const seen = new Set<Step['attributes']>();
  const names = new Map<string, number>();
  for (const { step } of linted) {
    // The steps of one fence share its attributes.
    if (seen.has(step.attributes) || Object.keys(step.attributes).length === 0) continue;
    seen.add(step.attributes);
    const line = fenceLineOf(step, lines);
    if (line === undefined) continue;
    const opening = lines[line - 1] ?? '';
    const isJson = hasJsonAttributes(opening);
    for (const found of writtenAttributes(opening)) {
      // The place as written, the value as it is read: without its escapes.
      const value = step.attributes[found.key] ?? found.value;
      const attribute = { ...found, value, form: formOf(opening, found, isJson) };
      const problem =
        lintKey(attribute, line) ?? lintValue(attribute, line, step) ?? lintName(attribute, line, names);
      if (problem) problems.push(problem);
    }
  }
  return problems;
}

/** How a value is written: in double quotes, otherwise as text, or in JSON as a bare number or word, a list or an object. */
type Form = 'quoted' | 'text' | 'bare' | 'nested';

interface LintedAttribute extends WrittenAttribute {
  readonly form: Form;
}

function formOf(line: string, { value, valueFrom }: WrittenAttribute, isJson: boolean): Form {
  if (line[valueFrom - 2] === '"') return 'quoted';
  if (!isJson) return 'text';
  return /^[\w.+-]+$/.test(value) ? 'bare' : 'nested';
}

/** Puts another value in place of a written one: JSON with a bare word in it is none, and no attribute of it is read. */
function putValue(
  { form, valueFrom, valueTo }: LintedAttribute,
  line: number,
  title: string,
  put: string,
): readonly Fix[] {
  if (form === 'nested') return [];
  const quoted = JSON.stringify(put);
  const text = form === 'bare' ? quoted : form === 'quoted' ? quoted.slice(1, -1) : put;
  return [{ kind: 'edit', title, edits: [replaceIn(line, valueFrom, valueTo, text)] }];
}

const known: readonly string[] = [...ownAttributes.map((key) => `ir.${key}`), ...runmeAttributes];

function lintKey({ key, keyFrom }: WrittenAttribute, line: number): LintProblem | undefined {
  const isOurs = key.startsWith('ir.');
  const bare = ownAttributes.find((own) => own === key.replace(/^ir[_:-]?/i, ''));
  const near = known.includes(key) ? undefined : (nearMatch(key, known) ?? (bare && `ir.${bare}`));
  if (known.includes(key) || (!isOurs && near === undefined)) return undefined;
  const to = keyFrom + key.length;
  return {
    line,
    code: 'attribute-unknown',
    severity: 'warning',
    message: isOurs
      ? `“${key}” is no attribute of ours and does nothing.${near === undefined ? '' : ` Is ${near} meant?`} Known are ${known.slice(0, ownAttributes.length).join(', ')}.`
      : `“${key}” does nothing here. Is ${near ?? ''} meant?`,
    range: inLine(line, keyFrom, to),
    fixes:
      near === undefined
        ? []
        : [{ kind: 'edit', title: `Rename to ${near}`, edits: [replaceIn(line, keyFrom, to, near)] }],
  };
}

/** What a value must be one of; others are read by their own grammars. */
export const attributeValues: Readonly<Record<string, readonly string[]>> = {
  'ir.risk': ['read', 'change', 'destructive'],
  interactive: ['true', 'false'],
  background: ['true', 'false'],
  excludeFromRunAll: ['true', 'false'],
};

function lintValue(attribute: LintedAttribute, line: number, step: Step): LintProblem | undefined {
  const { key, value, valueFrom, valueTo } = attribute;
  const tell = (message: string, puts: readonly string[]): LintProblem => ({
    line,
    code: 'attribute-value',
    severity: 'warning',
    message,
    range: inLine(line, valueFrom, Math.max(valueTo, valueFrom + 1)),
    fixes: puts.flatMap((put) => putValue(attribute, line, `Write ${put}`, put)),
  });
  const values = attributeValues[key];
  if (values !== undefined && !values.includes(value)) {
    const near = nearMatch(value, values);
    return tell(
      `${key} is one of ${values.join(', ')}; “${value}” is none of them and does nothing.`,
      near === undefined ? values : [near],
    );
  }
  if (key === 'ir.timeout' && !isTimeout(value)) {
    const number = /^\s*(\d{1,4})\s*(s|m|h)?/i.exec(value);
    const unit = /^\s*\d+\s*min/i.test(value) ? 'm' : (number?.[2]?.toLowerCase() ?? 's');
    return tell(
      `“${value}” is no timeout, so the step has its usual one. Write it like 30s, 5m or 1h; none means until stopped.`,
      number ? [`${number[1] ?? ''}${unit}`] : ['5m'],
    );
  }
  const unread = whyUnread(key, value, step);
  return unread === undefined ? undefined : tell(`${key}: ${unread}`, []);
}

/** What the grammar of a condition, an assertion, a capture or an approval says against a value, or a secret's name does. */
function whyUnread(key: string, value: string, step: Step): string | undefined {
  const sentence = (result: Result<unknown>): string | undefined =>
    result.ok ? undefined : result.failure.message;
  switch (key) {
    case 'ir.when':
      // Words are judged as a comment's are: "If pods pending".
      return startsWithIf.test(value) ? undefined : sentence(parseExpression(value));
    case 'ir.assert':
      return clausesOf(value)
        .map((clause) => sentence(parseExpression(clause)))
        .find(Boolean);
    case 'ir.capture':
      return clausesOf(value)
        .map((clause) => {
          const read = parseCapture(clause);
          return read.ok ? refuseCapture(step, read.value.name) : read.failure.message;
        })
        .find(Boolean);
    case 'ir.approve':
      return parseNeeds(value).problem;
    case 'ir.target':
      return sentence(parseStepTarget(value));
    default:
      return undefined;
  }
}

const isTimeout = (value: string): boolean =>
  value.trim() === 'none' || parseGoDuration(value.trim()) !== undefined;

function lintName(
  attribute: LintedAttribute,
  line: number,
  names: Map<string, number>,
): LintProblem | undefined {
  const { key, value, valueFrom, valueTo } = attribute;
  if (key !== 'name' || value === '') return undefined;
  const first = names.get(value);
  if (first === undefined) {
    names.set(value, line);
    return undefined;
  }
  let number = 2;
  while (names.has(`${value}-${String(number)}`)) number += 1;
  const put = `${value}-${String(number)}`;
  names.set(put, line);
  return {
    line,
    code: 'step-name-duplicate',
    severity: 'warning',
    message: `The name “${value}” is taken by the step at line ${String(first)}. A name leads to one step: number this one.`,
    range: inLine(line, valueFrom, valueTo),
    fixes: putValue(attribute, line, `Name it ${put}`, put),
  };
}
