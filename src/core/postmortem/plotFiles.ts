import type { Incident } from '../incident/incident.ts';
import { parseInstant } from '../incident/instants.ts';
import type { Measured } from '../metrics/metricQuery.ts';
import { renderPlot } from '../metrics/renderPlot.ts';
import { runPlots } from '../metrics/runPlots.ts';
import { escapeMarkdown } from './markdownText.ts';

/** A plot beside a post-mortem. */
export interface PlotFile {
  /** `error-rate-of-the-service.svg` */
  readonly name: string;
  readonly svg: string;
  /** What is on it, in words. */
  readonly alt: string;
}

/** More than anybody looks at in a post-mortem; the runs have them all. */
const mostPlots = 8;
const longestName = 60;

/**
 * What the incident's queries showed, a plot each: of those that are the same the newest that was answered, in the order
 * in which they were first asked. `measured` oldest first. Pure; the same input gives the same files.
 */
export function plotFiles(incident: Incident, measured: readonly Measured[]): readonly PlotFile[] {
  const newest = new Map<string, Measured>();
  for (const { results, ...run } of measured)
    for (const result of results) {
      const key = JSON.stringify([result.title, result.query]);
      const isShown = (result.answer?.series ?? []).some(({ points }) => points.length > 0);
      if (isShown) newest.set(key, { ...run, results: [result] });
    }
  const taken = new Set<string>();
  return [...newest.values()].slice(0, mostPlots).flatMap((run): readonly PlotFile[] => {
    const [result] = run.results;
    const [plot] = runPlots(run, incident.onsetAt).plots;
    if (!result?.answer || !plot) return [];
    const { title, unit, answer } = result;
    const svg = renderPlot({
      title,
      unit,
      series: answer.series,
      span: run.span,
      marks: marksOf(incident),
      stepMs: run.stepMs,
    });
    return [{ name: nameFor(title, taken), svg, alt: `${title}. ${plot.summary}` }];
  });
}

function marksOf({ onsetAt, mitigatedAt }: Incident): { at: number; label: string }[] {
  const mark = (label: string, at: string | undefined): { at: number; label: string }[] => {
    const ms = at === undefined ? undefined : parseInstant(at);
    return ms === undefined ? [] : [{ at: ms, label }];
  };
  return [...mark('onset', onsetAt), ...mark('mitigated', mitigatedAt)];
}

/** Letters and digits of any script; two plots of one title are told apart by a number. */
function nameFor(title: string, taken: Set<string>): string {
  const words = title.toLowerCase().normalize('NFC').replace(/[^\p{L}\p{M}\p{N}]+/gu, '-'); // prettier-ignore
  const plain = [...words.replace(/^[-\p{M}]+/u, '')].slice(0, longestName).join('').replace(/-+$/, '') || 'plot'; // prettier-ignore
  let name = plain;
  for (let n = 2; taken.has(name); n++) name = `${plain}-${n}`;
  taken.add(name);
  return `${name}.svg`;
}

/** The plots as pictures of a document, a paragraph each; `linkTo` gives the address of a file. */
export const plotLines = (plots: readonly PlotFile[], linkTo: (name: string) => string): string[] =>
  plots.flatMap(({ name, alt }, index) => [
    ...(index === 0 ? [] : ['']),
    `![${escapeMarkdown(alt)}](${linkTo(name)})`,
  ]);
