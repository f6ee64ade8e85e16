import { formatDuration, formatRunTime } from '../incident/durations.ts';
import type { Incident } from '../incident/incident.ts';
import { utcDateTime } from '../incident/instants.ts';
import { measures, measuredTimes } from '../incident/measuredTimes.ts';
import { describeEarlier, type Recurrence } from '../history/recurrence.ts';
import { oneLine } from './oneLine.ts';
import { renderOutcome } from './outcomeText.ts';
import {
  createCells,
  type Cells,
  type Report,
  type ReportFact,
  type ReportSection,
  type ReportTable,
} from './reportPage.ts';
import { renderTarget, timelineRows } from './timeline.ts';

export interface PastContext {
  /** Why it is thought that it came again. */
  readonly recurrence: Recurrence | undefined;
  /** What the last read found wrong in its files, as sentences. */
  readonly problems: readonly string[];
  /** The post-mortem's path, where it is there. */
  readonly postMortem: string | undefined;
}

const unknown = 'unknown';

/** One incident to be read: its facts, its timeline, its evidence and the outputs of its runs. Nothing acts on it. */
export function pastIncidentPage(
  incident: Incident,
  { recurrence, problems, postMortem }: PastContext,
): Report {
  const cells = createCells();
  const readOnly =
    incident.status === 'active'
      ? 'To be read only. This incident is still active: work on it in the Incidents view. Nothing can be run or written here.'
      : 'To be read only. Nothing can be run or written here.';
  return {
    page: {
      title: oneLine(`${incident.severity} ${incident.title}`, 160),
      notices: [readOnly, ...problems],
      facts: factsOf(incident, postMortem, cells),
      controls: undefined,
      sections: [
        ...(recurrence ? [recurrenceSection(recurrence, cells)] : []),
        evidenceSection(incident, cells),
        outputSection(incident, cells),
        timelineSection(incident, cells),
      ],
    },
    targets: cells.targets,
  };
}

function factsOf(incident: Incident, postMortem: string | undefined, { cell }: Cells): readonly ReportFact[] {
  const { number, drill, status, service, resolution, impact, declaredAt, declaredBy, acknowledgedAt } =
    incident;
  const { acknowledgedBy, onsetAt, mitigatedAt, resolvedAt, guideFile, target } = incident;
  const times = measuredTimes(incident);
  const fact = (label: string, text: string | undefined): ReportFact => ({
    label,
    cell: text === undefined || text === '' ? cell(unknown, { tone: 'quiet' }) : cell(text),
  });
  const time = (at: string | undefined): string | undefined => at && utcDateTime(at);
  return [
    fact('Number', `${number}${drill ? ', a drill' : ''}`),
    fact('Status', status),
    fact('Service', service),
    fact('Target', renderTarget(target)),
    fact('Guide', guideFile),
    fact('Onset', time(onsetAt)),
    fact('Declared', `${utcDateTime(declaredAt)} by ${declaredBy}`),
    fact('Acknowledged', acknowledgedAt && `${utcDateTime(acknowledgedAt)} by ${acknowledgedBy ?? unknown}`),
    fact('Mitigated', time(mitigatedAt)),
    fact('Resolved', time(resolvedAt)),
    ...measures.map((measure): ReportFact => {
      const measured = times[measure];
      const label = `Time to ${measure}`;
      return measured.kind === 'known'
        ? fact(label, `${formatDuration(measured.ms)}, from ${measured.from.what} to ${measured.to.what}`)
        : { label, cell: cell(`${unknown}: ${measured.because}`, { tone: 'quiet' }) };
    }),
    fact('Cause', resolution?.cause),
    fact('Resolution', resolution?.resolution),
    fact('Impact', impact ? `${impact.figure} (source: ${impact.source})` : resolution?.impact),
    postMortem === undefined
      ? fact(
          'Post-mortem',
          incident.postMortem
            ? `drafted, and not found at ${incident.postMortem.file}`
            : 'none drafted in this journal',
        )
      : { label: 'Post-mortem', cell: cell(postMortem, { opens: { kind: 'file', path: postMortem } }) },
  ];
}

const columnsOf = (...labels: readonly string[]): ReportTable['columns'] =>
  labels.map((label) => ({ label, isNumber: false }));

const section = (id: string, heading: string, table: ReportTable, empty: string): ReportSection => ({
  ...{ id, heading, chart: undefined },
  notes: table.rows.length === 0 ? [empty] : [],
  table: table.rows.length === 0 ? undefined : table,
});

function recurrenceSection({ earlier, count }: Recurrence, { cell }: Cells): ReportSection {
  return {
    ...{ id: 'recurrence', heading: 'Thought to be recurring', chart: undefined },
    notes: [
      `${count} earlier ${count === 1 ? 'incident' : 'incidents'} within 30 days with something in common${count > earlier.length ? `; the newest ${earlier.length} are listed` : ''}.`,
    ],
    table: {
      caption: 'Earlier incidents, the newest first',
      columns: columnsOf('Incident', 'Why it is thought the same'),
      rows: earlier.map((one) => [
        cell(oneLine(`${one.number} ${one.title}`, 100), { opens: { kind: 'incident', id: one.id } }),
        cell(oneLine(describeEarlier(one), 300)),
      ]),
    },
  };
}

const kinds = {
  text: 'Text',
  url: 'Address',
  output: 'Lines of output',
  file: 'File',
  picture: 'Picture',
} as const;

function evidenceSection({ evidence }: Incident, { cell }: Cells): ReportSection {
  const table: ReportTable = {
    caption: 'Evidence',
    columns: columnsOf('What', 'Kind', 'Kept', 'By'),
    rows: evidence.map(({ id, kind, text, note, at, by }) => [
      cell(oneLine(note ?? text, 120), {
        opens: { kind: 'evidence', id },
        spoken: `Open ${kinds[kind].toLowerCase()}: ${oneLine(note ?? text, 120)}`,
      }),
      cell(kinds[kind]),
      cell(utcDateTime(at)),
      cell(by),
    ]),
  };
  return section('evidence', 'Evidence', table, 'No evidence was kept.');
}

function outputSection({ runs }: Incident, { cell }: Cells): ReportSection {
  const table: ReportTable = {
    caption: 'Runs and their outputs',
    columns: columnsOf('Step', 'Command', 'Started', 'By', 'Outcome', 'Output'),
    rows: runs.map(({ id, text, command, startedAt, by, end }) => [
      cell(oneLine(text, 80)),
      cell(oneLine(command, 160)),
      cell(utcDateTime(startedAt)),
      cell(by),
      end
        ? cell(`${renderOutcome(end.outcome).text} (${formatRunTime(end.durationMs)})`, {
            tone: renderOutcome(end.outcome).tone === 'bad' ? 'bad' : 'plain',
          })
        : cell('its end was never recorded', { tone: 'quiet' }),
      end?.output
        ? cell(`${end.output.lines} ${end.output.lines === 1 ? 'line' : 'lines'}`, {
            opens: { kind: 'output', run: id },
            spoken: `Open the output of ${oneLine(text, 80)}`,
          })
        : cell('none', { tone: 'quiet' }),
    ]),
  };
  return section('outputs', 'Runs', table, 'Nothing was run.');
}

function timelineSection(incident: Incident, { cell }: Cells): ReportSection {
  return section(
    'timeline',
    'Timeline',
    {
      caption: 'Everything that was recorded, in order',
      columns: columnsOf('Time, UTC', 'What', 'By'),
      rows: timelineRows(incident).map(({ id, at, text, by, url }) => [
        cell(utcDateTime(at).replace(' UTC', ''), {
          opens: { kind: 'event', id },
          spoken: `${utcDateTime(at)}, open the entry`,
        }),
        cell(text, url === undefined ? {} : { opens: { kind: 'link', url } }),
        cell(by),
      ]),
    },
    'Nothing was recorded.',
  );
}
