import type { Pieces } from '../pieces.ts';
import type { IncidentRecord } from './incidentRecord.ts';

/** A step that went wrong somewhere, over all incidents of a range. */
export interface StepFigure {
  readonly sequence: string;
  readonly step: string;
  /** As the newest incident that came to it calls it. */
  readonly text: string;
  readonly runs: number;
  readonly failedRuns: number;
  readonly failedIn: readonly string[];
  readonly skippedIn: readonly string[];
  /** Incidents that ran or skipped it. */
  readonly incidents: readonly string[];
}

/** The steps that failed or were skipped, the most troublesome first. `records` the newest first. */
export function* stepsInPieces(records: readonly IncidentRecord[]): Pieces<readonly StepFigure[]> {
  const found = new Map<
    string,
    Omit<StepFigure, 'runs' | 'failedRuns'> & {
      runs: number;
      failedRuns: number;
      readonly failedIn: string[];
      readonly skippedIn: string[];
      readonly incidents: string[];
    }
  >();
  for (const { id, steps } of records) {
    yield;
    for (const { sequence, step, text, runs, failed, skipped } of steps) {
      const key = `${sequence}\n${step}`;
      const figure = found.get(key) ?? {
        ...{ sequence, step, text, runs: 0, failedRuns: 0, failedIn: [], skippedIn: [], incidents: [] },
      };
      found.set(key, figure);
      figure.runs += runs;
      figure.failedRuns += failed;
      figure.incidents.push(id);
      if (failed > 0) figure.failedIn.push(id);
      if (skipped) figure.skippedIn.push(id);
    }
  }
  const trouble = ({ failedIn, skippedIn }: StepFigure): number => failedIn.length + skippedIn.length;
  return [...found.values()]
    .filter((figure) => trouble(figure) > 0)
    .sort((a, b) => trouble(b) - trouble(a) || (a.text < b.text ? -1 : 1));
}
