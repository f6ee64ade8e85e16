import { measures } from '../incident/measuredTimes.ts';
import type { Figures, KeptFigure, TimeFigure } from './figures.ts';
import { describeTrait } from './recurrence.ts';

/** One figure as a row. Empty where a column says nothing of it. */
export interface FigureRow {
  readonly figure: string;
  /** The Monday of the week, or the step, or the incident. */
  readonly of: string;
  /** The severity or the service. */
  readonly group: string;
  readonly value: number | string;
  readonly unit: string;
  /** How many incidents it rests on. */
  readonly incidents: number;
  readonly note: string;
  /** Their ULIDs; in JSON alone. */
  readonly ids: readonly string[];
}

/** Every figure as rows, for other programs. Times in ms. */
export function figureRows(figures: Figures): readonly FigureRow[] {
  const row = (
    figure: string,
    value: number | string,
    unit: string,
    ids: readonly string[],
    more: Partial<FigureRow> = {},
  ): FigureRow => ({
    ...{ figure, of: '', group: '', value, unit, incidents: ids.length, note: '', ids },
    ...more,
  });
  const time = (name: string, group: string, figure: TimeFigure): readonly FigureRow[] => {
    const more = { group, note: figure.few ? 'too few to compare' : '' };
    return [
      row(`${name} median`, figure.median ?? '', 'ms', figure.incidents, more),
      row(`${name} 90th percentile`, figure.p90 ?? '', 'ms', figure.incidents, more),
      row(`${name} not known`, figure.unknown.length, 'incidents', figure.unknown, { group }),
    ];
  };
  const kept = (name: string, figure: KeptFigure): readonly FigureRow[] => [
    row(`${name} on time`, figure.onTime, 'count', figure.incidents),
    row(`${name} late`, figure.late, 'count', figure.lateIn),
    row(`${name} not known`, figure.unknown.length, 'incidents', figure.unknown),
  ];
  const { actions } = figures;
  return [
    row('incidents', figures.incidents.length, 'incidents', figures.incidents),
    row('imported, in no time', figures.imported.length, 'incidents', figures.imported),
    row('without a date, in no week', figures.undated.length, 'incidents', figures.undated),
    row('drills left out', figures.drillsLeftOut.length, 'incidents', figures.drillsLeftOut),
    ...figures.weeks.flatMap(({ week, incidents, bySeverity, byService }) => [
      row('incidents per week', incidents.length, 'incidents', incidents, { of: week }),
      ...[...bySeverity].map(([group, ids]) =>
        row('incidents per week and severity', ids.length, 'incidents', ids, { of: week, group }),
      ),
      ...[...byService].map(([group, ids]) =>
        row('incidents per week and service', ids.length, 'incidents', ids, { of: week, group }),
      ),
    ]),
    ...measures.flatMap((measure) => [
      ...time(`time to ${measure}`, '', figures.times[measure]),
      ...[...figures.timesBySeverity].flatMap(([severity, of]) =>
        time(`time to ${measure}`, severity, of[measure]),
      ),
    ]),
    ...kept('updates', figures.updates),
    ...kept('post-mortems', figures.postMortems),
    row(
      'post-mortems with time left',
      figures.postMortems.pending.length,
      'incidents',
      figures.postMortems.pending,
    ),
    row('actions open', actions.open, 'count', actions.openIn),
    row('actions overdue', actions.overdue, 'count', actions.overdueIn),
    row('actions done', actions.done, 'count', actions.doneIn),
    row('actions not known', actions.unknown.length, 'incidents', actions.unknown),
    ...figures.steps.flatMap(
      ({ text: of, sequence: group, failedRuns, runs, failedIn, skippedIn, incidents }) => [
        row('step runs', runs, 'count', incidents, { of, group }),
        row('step runs that failed', failedRuns, 'count', failedIn, { of, group }),
        row('step skipped', skippedIn.length, 'incidents', skippedIn, { of, group }),
      ],
    ),
    ...figures.recurrences.map(({ incident, recurrence }) =>
      row(
        'earlier incidents with something in common',
        recurrence.count,
        'incidents',
        recurrence.earlier.map(({ id }) => id),
        {
          of: incident,
          note: recurrence.because.map(describeTrait).join('; '),
        },
      ),
    ),
  ];
}

const columns = ['figure', 'of', 'group', 'value', 'unit', 'incidents', 'note'] as const;

/** CSV as RFC 4180 has it: commas, CRLF, quotes doubled, one header line. */
export const figuresCsv = (figures: Figures): string =>
  [columns.map(csvCell), ...figureRows(figures).map((row) => columns.map((column) => csvCell(row[column])))]
    .map((cells) => `${cells.join(',')}\r\n`)
    .join('');

/**
 * One cell. Titles and services are what people typed: a text that a spreadsheet would run as a formula gets an
 * apostrophe before it (OWASP, CSV Injection).
 */
export function csvCell(value: number | string): string {
  if (typeof value === 'number') return String(value);
  const safe = /^[\s\u0000]*[=+\-@\t\r\n＝＋－＠]/u.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The same rows with the ids of the incidents behind each, and what they are figures of. */
export const figuresJson = (figures: Figures): string =>
  `${JSON.stringify(
    {
      version: 1,
      range: figures.range,
      from: figures.from ?? null,
      to: figures.to,
      drills: figures.drills,
      figures: figureRows(figures),
    },
    undefined,
    2,
  )}\n`;
