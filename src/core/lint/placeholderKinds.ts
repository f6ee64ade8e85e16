import { normalName } from '../plan/words/placeholderSyntax.ts';
import type { LintProblem } from './lintProblem.ts';
import type { LintedStep } from './lintedStep.ts';
import { nearMatch } from './nearMatch.ts';
import type { TextEdit } from './textEdit.ts';

/** Names whose kind a place anywhere in a command is told by, with what is then checked and offered. */
export const kindNames = [
  'pod',
  'deployment',
  'service',
  'ingress',
  'namespace',
  'app',
  'revision',
  'flag',
  'number',
] as const;

/**
 * Placeholders that are taken as free text, because neither their place nor their name says what they are: nothing is
 * offered for them and nothing checked. Each name is told once, where it stands first.
 */
export function placeholderKinds(linted: readonly LintedStep[]): readonly LintProblem[] {
  const known = new Set<string>();
  const unknown = new Map<
    string,
    { written: string; line: LintProblem['range']; edits: ((name: string) => TextEdit)[] }
  >();
  // Only what is written in angle brackets or braces is told of; a variable only says what a name stands for.
  const told = new Set(linted.filter(({ step }) => /[<{]/.test(step.command ?? '')));
  const look = (each: LintedStep): void => {
    const { located } = each;
    if (!located?.isExact) return;
    for (const { occurrence, kind, secret } of each.slots) {
      const { name, written, start, end, expansion } = occurrence;
      if (name === '...' || secret !== undefined) continue;
      if (kind !== 'text') known.add(name);
      // A variable of the shell keeps its spelling: other lines of a script may set it.
      if (kind !== 'text' || expansion || !/^[<{]/.test(written)) continue;
      const range = located.range(start, end);
      const before = unknown.get(name) ?? { written, line: range, edits: [] };
      before.edits.push((put) => ({ range, text: written.startsWith('<') ? `<${put}>` : `{{${put}}}` }));
      unknown.set(name, before);
    }
  };
  told.forEach(look);
  if (![...unknown.keys()].some((name) => !known.has(name))) return [];
  for (const each of linted) if (!told.has(each) && each.step.command?.includes('$') === true) look(each);
  return [...unknown].flatMap(([name, { written, line: range, edits }]): readonly LintProblem[] => {
    if (known.has(name)) return [];
    const near = nearMatch(normalName(name), kindNames);
    const offered = near === undefined ? ['pod', 'deployment', 'service'] : [near];
    return [
      {
        line: range.line,
        code: 'placeholder-kind',
        severity: 'info',
        message:
          `What ${written} stands for cannot be told from its place or its name, so it is asked as free text, without ` +
          `suggestions. A name such as ${near === undefined ? '<pod>, <deployment> or <app>' : `<${near}>`} says it.`,
        range,
        fixes: offered.map((put) => ({
          kind: 'edit' as const,
          title: `Rename ${written} to <${put}>`,
          edits: edits.map((edit) => edit(put)),
        })),
      },
    ];
  });
}
