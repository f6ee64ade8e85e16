import { formatDuration } from '../incident/durations.ts';
import { utcDate } from '../incident/instants.ts';
import { measures, type Measure } from '../incident/measuredTimes.ts';
import {
  ranges,
  type Figures,
  type KeptFigure,
  type TimeFigure,
  type WeekFigure,
} from '../history/figures.ts';
import { fewData } from '../history/distribution.ts';
import { describeTrait } from '../history/recurrence.ts';
import { oneLine } from './oneLine.ts';
import {
  createCells,
  withoutEmptyColumns,
  type Cells,
  type Report,
  type ReportSection,
  type ReportCell,
  type ReportTable,
} from './reportPage.ts';

/** What a list of incidents says of one of them. */
export interface ShownIncident {
  readonly number: string;
  readonly title: string;
}

export interface TrendsContext {
  readonly incidentOf: (id: string) => ShownIncident | undefined;
  /** Incidents that cannot be read: they are in no figure. */
  readonly unreadable: number;
}

const rangeNames = { '30': '30 days', '90': '90 days', '365': '365 days', all: 'All' } as const;
const measureNames: Readonly<Record<Measure, readonly [name: string, how: string]>> = {
  detect: ['Detect', 'onset to the first sign'],
  acknowledge: ['Acknowledge', 'declaration to the acknowledgement'],
  mitigate: ['Mitigate', 'onset, else declaration, to the mitigation'],
  resolve: ['Resolve', 'onset, else declaration, to the resolution'],
};
const mostRows = 50;
const mostGroups = 6;
const tooFew = 'too few to compare';

/** The page of all figures. Every one of them that counts incidents opens them. */
export function trendsPage(figures: Figures, { incidentOf, unreadable }: TrendsContext): Report {
  const cells = createCells();
  const { cell, count } = cells;
  const { incidents, from, to, drillsLeftOut, imported, undated, drills } = figures;
  const period = from === undefined ? 'no incident yet' : `${utcDate(dayTime(from))} to ${utcDate(to)}, UTC`;
  const notices = [
    ...(unreadable === 0
      ? []
      : [`${some(unreadable, 'incident')} cannot be read and are in no figure. Their files are untouched.`]),
  ];
  return {
    page: {
      title: 'Trends',
      notices,
      facts: [
        { label: 'Period', cell: cell(period) },
        { label: 'Incidents', cell: count(incidents, 'All of the period') },
        ...(drills
          ? [{ label: 'Drills', cell: cell('counted') }]
          : [{ label: 'Drills left out', cell: count(drillsLeftOut, 'Drills left out') }]),
        ...(imported.length === 0
          ? []
          : [{ label: 'Imported, in no time', cell: count(imported, 'Imported') }]),
        ...(undated.length === 0
          ? []
          : [{ label: 'Without a date, in no week', cell: count(undated, 'Without a date') }]),
      ],
      controls: {
        ranges: ranges.map((value) => ({
          value: String(value),
          label: rangeNames[value],
          chosen: value === figures.range,
        })),
        drills,
      },
      sections:
        incidents.length === 0
          ? [nothing(drillsLeftOut.length)]
          : [
              weekSection('severity', figures.weeks, [...figures.severities.keys()], cells),
              weekSection('service', figures.weeks, [...figures.services.keys()], cells),
              timeSection(figures, cells),
              keptSection(figures, cells),
              actionSection(figures, cells),
              stepSection(figures, cells),
              recurrenceSection(figures, incidentOf, cells),
            ],
    },
    targets: cells.targets,
  };
}

const dayTime = (from: string): string => (from.length === 10 ? `${from}T00:00:00.000Z` : from);
const some = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

const nothing = (drills: number): ReportSection => ({
  id: 'nothing',
  heading: 'Nothing to count',
  notes: [
    drills === 0
      ? 'No incident was declared in this period. Choose a longer one, or import post-mortems that were written by hand (Incident: Import Post-Mortems).'
      : `Only drills were declared in this period: ${drills}. They count where “Count drills” is ticked.`,
  ],
  chart: undefined,
  table: undefined,
});

function weekSection(
  by: 'severity' | 'service',
  weeks: readonly WeekFigure[],
  names: readonly string[],
  { count, keep }: Cells,
): ReportSection {
  const shown = names.length <= mostGroups + 1 ? names : names.slice(0, mostGroups);
  const rest = names.slice(shown.length);
  const others = `${rest.length} others`;
  const groupsOf = (week: WeekFigure) => (by === 'severity' ? week.bySeverity : week.byService);
  const idsOf = (week: WeekFigure): readonly (readonly [string, readonly string[]])[] => {
    const groups = groupsOf(week);
    const of = (name: string): readonly string[] => groups.get(name) ?? [];
    return [
      ...shown.map((name) => [name, of(name)] as const),
      ...(rest.length === 0 ? [] : [[others, rest.flatMap(of)] as const]),
    ];
  };
  const columns = [...shown, ...(rest.length === 0 ? [] : [others])];
  return {
    id: `weeks-${by}`,
    heading: `Incidents per week by ${by}`,
    notes: [
      'A week begins on Monday, UTC. The first and the last may be cut short by the period.',
      ...(rest.length === 0
        ? []
        : [
            `${others}: ${rest
              .slice(0, 20)
              .map((name) => oneLine(name, 40))
              .join(', ')}${rest.length > 20 ? ', …' : ''}.`,
          ]),
    ],
    chart: {
      label: `Incidents per week by ${by}, ${some(weeks.length, 'week')}`,
      series: columns,
      bars: weeks.map((week) => ({
        label: week.week,
        values: idsOf(week).map(([, ids]) => ids.length),
        opens:
          week.incidents.length === 0
            ? undefined
            : keep({ kind: 'incidents', title: `Week of ${week.week}`, ids: week.incidents }),
      })),
    },
    table: {
      caption: `Incidents per week by ${by}, the newest week first`,
      columns: [
        { label: 'Week of', isNumber: false },
        { label: 'All', isNumber: true },
        ...columns.map((label) => ({ label, isNumber: true })),
      ],
      rows: [...weeks]
        .reverse()
        .map((week) => [
          plain(week.week),
          count(week.incidents, `Week of ${week.week}`),
          ...idsOf(week).map(([name, ids]) => count(ids, `Week of ${week.week}, ${name}`)),
        ]),
    },
  };
}

const plain = (text: string): ReportCell => ({ text, opens: undefined, spoken: undefined, tone: 'plain' });

function timeSection({ times, timesBySeverity }: Figures, { cell, count }: Cells): ReportSection {
  const row = (measure: Measure, severity: string | undefined, figure: TimeFigure): readonly ReportCell[] => {
    const [name, how] = measureNames[measure];
    const what = severity === undefined ? name : `${name}, ${severity}`;
    const tone = figure.few ? 'quiet' : 'plain';
    const value = (name: string, ms: number | undefined): ReportCell =>
      ms === undefined
        ? cell('none', { tone: 'quiet' })
        : cell(formatDuration(ms), {
            tone,
            opens: { kind: 'incidents', title: `${what}: known`, ids: figure.incidents },
            spoken: `${formatDuration(ms)}, ${name}, open the incidents behind it`,
          });
    return [
      severity === undefined ? cell(`${name}: ${how}`) : cell(what, { tone: 'quiet' }),
      count(figure.incidents, `${what}: known`),
      value('median', figure.median),
      value('90th percentile', figure.p90),
      cell(figure.few ? tooFew : '', { tone: 'quiet' }),
      count(figure.unknown, `${what}: not known`),
    ];
  };
  return {
    id: 'times',
    heading: 'Times',
    notes: [
      `Medians and 90th percentiles of what was recorded. Fewer than ${fewData} are ${tooFew}: one more incident can turn them over.`,
    ],
    chart: undefined,
    table: withoutEmptyColumns({
      caption: 'Times to detect, acknowledge, mitigate and resolve',
      columns: columnsOf('Time', '#Incidents', '#Median', '#90th percentile', 'Data', '#Not known'),
      rows: measures.flatMap((measure) => [
        row(measure, undefined, times[measure]),
        ...(timesBySeverity.size < 2
          ? []
          : [...timesBySeverity].map(([severity, of]) => row(measure, severity, of[measure]))),
      ]),
    }),
  };
}

/** A label that begins with # is of a column of numbers. */
const columnsOf = (...labels: readonly string[]): ReportTable['columns'] =>
  labels.map((label) => ({ label: label.replace(/^#/, ''), isNumber: label.startsWith('#') }));

/** `80 %`, rounded down: only all of them are 100 %. */
const share = (part: number, whole: number): string =>
  whole === 0 ? 'none' : `${Math.floor((100 * part) / whole)} %`;

function keptSection({ updates, postMortems }: Figures, { cell, count, figure }: Cells): ReportSection {
  const row = (name: string, kept: KeptFigure): readonly ReportCell[] => {
    const due = kept.onTime + kept.late;
    return [
      cell(name),
      figure(kept.onTime, kept.incidents, `${name}: due`),
      figure(kept.late, kept.lateIn, `${name}: late`),
      cell(share(kept.onTime, due)),
      cell(due > 0 && due < fewData ? tooFew : '', { tone: 'quiet' }),
      count(kept.lateIn, `${name}: late`),
      count(kept.unknown, `${name}: not known`),
    ];
  };
  return {
    id: 'kept',
    heading: 'Promises kept',
    notes: [
      'By the cadence and the deadlines of each incident’s guide. An update that became due and never came is late. A post-mortem is on time when it was reviewed within its deadline, as the tree counts it down.',
      ...(postMortems.pending.length === 0
        ? []
        : [
            `${some(postMortems.pending.length, 'post-mortem')} not reviewed yet, with time left: not counted.`,
          ]),
    ],
    chart: undefined,
    table: withoutEmptyColumns({
      caption: 'Updates and post-mortems on time',
      columns: columnsOf(
        'What',
        '#On time',
        '#Late',
        '#Share on time',
        'Data',
        '#Incidents with a late one',
        '#Not known',
      ),
      rows: [row('Updates', updates), row('Post-mortems', postMortems)],
    }),
  };
}

function actionSection({ actions }: Figures, { cell, count, figure }: Cells): ReportSection {
  const { open, overdue, done, openIn, overdueIn, doneIn, unknown } = actions;
  const isRead = open + done > 0;
  return {
    id: 'actions',
    heading: 'Action items',
    notes: [
      isRead
        ? 'As they stood when a post-mortem was last saved or synced, and of an imported one as its copy says. An open one is overdue once its day has passed; one without a day never is.'
        : 'Open and overdue: not known. No post-mortem of this period was read for its action items.',
    ],
    chart: undefined,
    table: isRead
      ? {
          caption: 'Action items open, overdue and done',
          columns: columnsOf('Action items', '#Open', '#Of them overdue', '#Done', '#Incidents not known'),
          rows: [
            [
              cell('Of all post-mortems'),
              figure(open, openIn, 'Action items open'),
              figure(overdue, overdueIn, 'Action items overdue'),
              figure(done, doneIn, 'Action items done'),
              count(unknown, 'Action items not known'),
            ],
          ],
        }
      : undefined,
  };
}

function stepSection({ steps }: Figures, { cell, count, figure }: Cells): ReportSection {
  const shown = steps.slice(0, mostRows);
  return {
    id: 'steps',
    heading: 'Steps that fail or are skipped',
    notes: [
      ...(steps.length === 0 ? ['No step failed and none was skipped in this period.'] : []),
      ...(steps.length > shown.length
        ? [`The first ${shown.length} of ${steps.length}; an export has them all.`]
        : []),
    ],
    chart: undefined,
    table:
      steps.length === 0
        ? undefined
        : {
            caption: 'Steps that failed or were skipped, the most troublesome first',
            columns: columnsOf(
              'Step',
              '#Failed runs',
              '#Runs',
              '#Incidents where it failed',
              '#Incidents where it was skipped',
            ),
            rows: shown.map(({ text, runs, failedRuns, failedIn, skippedIn, incidents }) => [
              cell(oneLine(text, 100)),
              figure(failedRuns, failedIn, `${text}: failed`),
              figure(runs, incidents, `${text}: run or skipped`),
              count(failedIn, `${text}: failed`),
              count(skippedIn, `${text}: skipped`),
            ]),
          },
  };
}

function recurrenceSection(
  { recurrences, incidents }: Figures,
  incidentOf: TrendsContext['incidentOf'],
  { cell, figure }: Cells,
): ReportSection {
  const shown = recurrences.slice(0, mostRows);
  return {
    id: 'recurrence',
    heading: 'Recurrence',
    notes: [
      recurrences.length === 0
        ? 'No incident of this period came again: none had the same service, alert or error as another in the 30 days before it.'
        : `${recurrences.length} of ${some(incidents.length, 'incident')} (${share(recurrences.length, incidents.length)}) had an earlier one within 30 days with the same service, alert or error.${recurrences.length > shown.length ? ` The newest ${shown.length} are listed; an export has them all.` : ''}`,
    ],
    chart: undefined,
    table:
      recurrences.length === 0
        ? undefined
        : {
            caption: 'Incidents that recur, the newest first',
            columns: columnsOf('Incident', 'In common', '#Earlier ones'),
            rows: shown.map(({ incident, recurrence }) => {
              const known = incidentOf(incident);
              const name = known ? `${known.number} ${oneLine(known.title, 80)}` : incident;
              return [
                cell(name, { opens: { kind: 'incident', id: incident }, spoken: `Open ${name}` }),
                cell(oneLine(recurrence.because.map(describeTrait).join('; '), 160)),
                figure(
                  recurrence.count,
                  recurrence.earlier.map(({ id }) => id),
                  `Before ${known?.number ?? incident}, the newest`,
                ),
              ];
            }),
          },
  };
}
