import type { Guide, PhasePart, Step } from '../../../../src/core/guide/guide.ts';
import { parseGuide } from '../../../../src/core/guide/parseGuide.ts';

/** A guide out of lines of Markdown. */
export const parsed = (...lines: string[]): Guide => parseGuide(lines.join('\n'), { file: 'docs/guide.md' });

/** Every step of the file: runbooks, and the steps and options of phases. */
export const allSteps = (guide: Guide): readonly Step[] => [
  ...guide.runbooks.flatMap(({ steps }) => steps),
  ...guide.phases.flatMap(({ parts }) =>
    parts.flatMap((part) => (part.kind === 'steps' || part.kind === 'option' ? part.steps : [])),
  ),
];

export const partsOf = <K extends PhasePart['kind']>(
  guide: Guide,
  kind: K,
): readonly Extract<PhasePart, { kind: K }>[] =>
  guide.phases
    .flatMap(({ parts }) => parts)
    .filter((part): part is Extract<PhasePart, { kind: K }> => part.kind === kind);

/** The steps of one fence of commands. */
export const stepsOf = (...lines: string[]): readonly Step[] => fenced('bash', ...lines);
export const fenced = (info: string, ...lines: string[]): readonly Step[] =>
  allSteps(parsed('## Runbooks', '### One', `\`\`\`${info}`, ...lines, '```'));

export const commandsOf = (steps: readonly Step[]): readonly (string | undefined)[] =>
  steps.map(({ command }) => command);

export const codes = (guide: Guide): readonly string[] => guide.problems.map(({ code }) => code);
