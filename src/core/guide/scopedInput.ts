import type { Guide } from './guide.ts';
import type { GuideInput } from './guideInput.ts';
import type { Report } from './report.ts';

/** An input that a comment declares, for the steps on these lines (1-based, both included). */
export interface ScopedInput {
  readonly input: GuideInput;
  readonly from: number;
  readonly to: number;
}

/** The inputs that hold for a step on `line`: those of comments before those of the frontmatter, each name once. */
export function inputsAt(
  line: number,
  comments: readonly ScopedInput[],
  general: readonly GuideInput[],
): readonly GuideInput[] {
  const own = comments.filter(({ from, to }) => from <= line && line <= to).map(({ input }) => input);
  if (own.length === 0) return general;
  const named = new Map<string, GuideInput>();
  for (const input of [...own, ...general]) if (!named.has(input.name)) named.set(input.name, input);
  return [...named.values()];
}

/** Tells of inputs that no step under their heading has a placeholder for: a misspelt name, or another heading's. */
export function reportUnused(
  comments: readonly ScopedInput[],
  { runbooks, phases }: Pick<Guide, 'runbooks' | 'phases'>,
  report: Report,
): void {
  if (comments.length === 0) return;
  const steps = [
    ...runbooks.flatMap((runbook) => runbook.steps),
    ...phases.flatMap(({ parts }) => parts.flatMap((part) => ('steps' in part ? part.steps : []))),
  ];
  const commands = steps.map(({ line, command = '' }) => ({
    line,
    text: command.toLowerCase().replace(/[\s_]+/g, '-'),
  }));
  for (const { input, from, to } of comments)
    if (!commands.some(({ line, text }) => from <= line && line <= to && text.includes(input.name)))
      report(
        input.line,
        'input-unused',
        'warning',
        `No step under this heading has the placeholder “${input.name}”. An input is for the heading it stands under.`,
      );
}
