import type { AnyEvent, EventData, EventType } from '../../../../src/core/incident/events.ts';
import type { MadeIncident } from '../../../support/manyIncidents.ts';

/** What the same figures are when they are worked out straight from the events, by other means than the product's. */
export interface PlainFigures {
  incidents: number;
  drills: number;
  perWeek: Record<string, number>;
  perWeekAndSeverity: Record<string, number>;
  perWeekAndService: Record<string, number>;
  median: Record<string, number | undefined>;
  p90: Record<string, number | undefined>;
  known: Record<string, number>;
  updatesOnTime: number;
  updatesLate: number;
  postMortemsOnTime: number;
  postMortemsLate: number;
  actionsOpen: number;
  actionsOverdue: number;
  actionsDone: number;
  failedRuns: Record<string, number>;
  failedIn: Record<string, number>;
  skippedIn: Record<string, number>;
  recurring: number;
}

/** A guide of 15 minutes and 48 hours for SEV1 and SEV2, a week for a SEV3 that was seen to recur. */
export function plainFigures(made: readonly MadeIncident[], fromMs: number, nowMs: number): PlainFigures {
  const rows = made.map((one) => oneRow(one, nowMs)).filter((row) => !row.drill);
  const shown = rows.filter((row) => row.declared >= fromMs && row.declared <= nowMs);
  const sum: PlainFigures = {
    incidents: shown.length,
    drills: made.filter(({ events }) => find(events, 'IncidentDeclared')[0]?.data.drill).length,
    perWeek: {},
    perWeekAndSeverity: {},
    perWeekAndService: {},
    median: {},
    p90: {},
    known: {},
    updatesOnTime: 0,
    updatesLate: 0,
    postMortemsOnTime: 0,
    postMortemsLate: 0,
    actionsOpen: 0,
    actionsOverdue: 0,
    actionsDone: 0,
    failedRuns: {},
    failedIn: {},
    skippedIn: {},
    recurring: 0,
  };
  for (const row of shown) {
    const week = mondayByCalendar(row.declared);
    add(sum.perWeek, week);
    add(sum.perWeekAndSeverity, `${week} ${row.severity}`);
    add(sum.perWeekAndService, `${week} ${row.service ?? 'not known'}`);
    sum.updatesOnTime += row.onTime;
    sum.updatesLate += row.late;
    for (const { done, due } of row.items) {
      if (done) sum.actionsDone += 1;
      else sum.actionsOpen += 1;
      // A day is over when the next one begins.
      if (!done && due !== undefined && Date.parse(due) + 86_400_000 <= nowMs) sum.actionsOverdue += 1;
    }
    for (const [step, { failed, skipped }] of Object.entries(row.steps)) {
      if (failed > 0) {
        add(sum.failedIn, step);
        add(sum.failedRuns, step, failed);
      }
      if (skipped) add(sum.skippedIn, step);
    }
    // The slow way: each against every other.
    const recurs = rows.some(
      (other) =>
        other !== row &&
        other.declared < row.declared &&
        row.declared - other.declared <= 30 * 86_400_000 &&
        ((row.service !== undefined && other.service === row.service) ||
          (row.alert !== undefined && other.alert === row.alert) ||
          (row.error !== undefined && other.error === row.error)),
    );
    if (recurs) sum.recurring += 1;
    if (row.resolved !== undefined) {
      const hours = row.severity === 'SEV3' ? (row.seenToRecur ? 168 : undefined) : 48;
      if (hours !== undefined) {
        const took = ((row.reviewed ?? nowMs) - row.resolved) / 3_600_000;
        if (took > hours) sum.postMortemsLate += 1;
        else if (row.reviewed !== undefined) sum.postMortemsOnTime += 1;
      }
    }
  }
  for (const measure of ['detect', 'acknowledge', 'mitigate', 'resolve'] as const) {
    const values = shown
      .map((row) => row[measure])
      .filter((one) => one !== undefined && one >= 0) as number[];
    values.sort((a, b) => a - b);
    const n = values.length;
    sum.known[measure] = n;
    sum.median[measure] =
      n % 2 === 1 ? values[(n - 1) / 2] : n === 0 ? undefined : (values[n / 2 - 1]! + values[n / 2]!) / 2;
    sum.p90[measure] = values.find((value) => values.filter((other) => other <= value).length >= 0.9 * n);
  }
  return sum;
}

function oneRow({ events }: MadeIncident, nowMs: number) {
  const known = events.filter((event) => !('unknown' in event));
  const declare = known[0]!;
  const data = find(events, 'IncidentDeclared')[0]!.data;
  const declared = Date.parse(declare.time);
  const lastOf = (type: EventType): AnyEvent | undefined =>
    known.filter((event) => event.type === type).at(-1);
  const reopened = known.findLastIndex(({ type }) => type === 'IncidentReopened');
  const resolution = known.find((event, at) => event.type === 'IncidentResolved' && at > reopened);
  const resolved = resolution && Date.parse(resolution.time);
  const onsetText = find(events, 'OnsetSet').at(-1)?.data.at;
  const onset = onsetText === undefined ? undefined : Date.parse(onsetText);
  const mitigatedText = find(events, 'MitigatedMarked').at(-1)?.data.at;
  const signal = find(events, 'SignalAttached')[0]?.data.signal;
  const firstSign = signal ? Math.min(declared, Date.parse(signal.startedAt)) : declared;
  const acknowledged = known.find(({ type }) => type === 'IncidentAcknowledged')?.time;
  const evidence = find(events, 'EvidenceAdded')[0]?.data.text;
  const begin = onset ?? declared;
  return {
    drill: data.drill === true,
    declared,
    resolved,
    severity:
      (lastOf('SeverityChanged')?.data as EventData['SeverityChanged'] | undefined)?.severity ??
      data.severity,
    service: data.service,
    alert: signal?.labels['alertname'],
    error: evidence,
    reviewed: reviewOf(events),
    seenToRecur: find(events, 'RecurrenceSeen').length > 0,
    detect: onset === undefined ? undefined : firstSign - onset,
    acknowledge: acknowledged === undefined ? undefined : Date.parse(acknowledged) - declared,
    mitigate: mitigatedText === undefined ? undefined : Date.parse(mitigatedText) - begin,
    resolve: resolved === undefined ? undefined : resolved - begin,
    ...cadence(known, declared, resolved ?? nowMs),
    steps: stepsByHand(events),
    items: find(events, 'ActionItemsSeen').at(-1)?.data.items ?? [],
  };
}

/** When it was said to be reviewed, of those times after which nothing took it back. */
function reviewOf(events: readonly AnyEvent[]): number | undefined {
  const said = find(events, 'PostMortemStatusSet');
  const takenBack = [
    ...find(events, 'PostMortemDrafted'),
    ...said.filter(({ data }) => data.status !== 'reviewed'),
  ].map(({ time }) => Date.parse(time));
  const times = said
    .filter(({ data }) => data.status === 'reviewed')
    .map(({ time }) => Date.parse(time))
    .filter((at) => takenBack.every((back) => back < at));
  return times.length === 0 ? undefined : Math.min(...times);
}

/** Walks the events with an alarm that is set to the next time an update is due. */
function cadence(events: readonly AnyEvent[], declared: number, end: number) {
  const quarter = 15 * 60_000;
  let alarm = declared + quarter;
  let onTime = 0;
  let late = 0;
  for (const event of events) {
    const at = Date.parse(event.time);
    if (at > end) break;
    if (event.type === 'UpdateSnoozed')
      alarm = Math.max(alarm, Date.parse((event.data as EventData['UpdateSnoozed']).until));
    if (event.type !== 'UpdatePosted') continue;
    if (at > alarm) late += 1;
    else onTime += 1;
    alarm = at + quarter;
  }
  return { onTime, late: end > alarm ? late + 1 : late };
}

function stepsByHand(events: readonly AnyEvent[]): Record<string, { failed: number; skipped: boolean }> {
  const steps: Record<string, { failed: number; skipped: boolean }> = {};
  const starts = find(events, 'RunStarted').filter(({ data }) => data.dryRun !== true);
  const ends = find(events, 'RunEnded');
  for (const { data } of find(events, 'StepSkipped'))
    steps[data.step] = { failed: 0, skipped: !starts.some((start) => start.data.step === data.step) };
  for (const { data } of starts) {
    const entry = (steps[data.step] ??= { failed: 0, skipped: false });
    if (ends.some((end) => end.data.run === data.run && end.data.outcome.kind === 'failed'))
      entry.failed += 1;
  }
  return steps;
}

const find = <T extends EventType>(events: readonly AnyEvent[], type: T) =>
  events.filter((event) => !('unknown' in event) && event.type === type) as {
    time: string;
    data: EventData[T];
  }[];

function mondayByCalendar(ms: number): string {
  const date = new Date(ms);
  date.setUTCHours(0, 0, 0, 0);
  while (date.getUTCDay() !== 1) date.setUTCDate(date.getUTCDate() - 1);
  return date.toISOString().slice(0, 10);
}

function add(counts: Record<string, number>, key: string, by = 1): void {
  counts[key] = (counts[key] ?? 0) + by;
}
