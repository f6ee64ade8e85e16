import type { OutputRef } from '../incident/events.ts';
import type { Run } from '../incident/incident.ts';
import { codeSpan, linkTo } from './markdownText.ts';

/** Runs that read the same, in their order; never empty. */
export interface AlikeRuns {
  readonly first: Run;
  readonly last: Run;
  readonly count: number;
}

/**
 * Runs with the same key together, where the first of them stood: a night in which one step was tried again and again
 * is one line of a list.
 */
export function groupAlike(runs: readonly Run[], keyOf: (run: Run) => string): readonly AlikeRuns[] {
  const groups = new Map<string, AlikeRuns>();
  for (const run of runs) {
    const key = keyOf(run);
    const known = groups.get(key);
    groups.set(key, { first: known?.first ?? run, last: run, count: (known?.count ?? 0) + 1 });
  }
  return [...groups.values()];
}

/** The command, or the first and the last one where they differ. Markdown. */
export const commandsOf = ({ first, last }: AlikeRuns): string =>
  first.command === last.command
    ? codeSpan(first.command)
    : `first ${codeSpan(first.command)}, last ${codeSpan(last.command)}`;

/** Links to the output, to the first and to the last one of several; nothing where none was kept. */
export function outputsOf({ first, last }: AlikeRuns, linkToOutput: (ref: OutputRef) => string): string {
  const link = (text: string, { end }: Run): string =>
    end?.output ? `, ${linkTo(text, linkToOutput(end.output))}` : '';
  return first === last
    ? link('output', first)
    : `${link('first output', first)}${link('last output', last)}`;
}
