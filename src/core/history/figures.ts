import { isOverdue } from '../actionItems/actionItem.ts';
import { toInstant, parseInstant } from '../incident/instants.ts';
import { measures, type Measure } from '../incident/measuredTimes.ts';
import { whole, type Pieces } from '../pieces.ts';
import { distributionOf, type Distribution } from './distribution.ts';
import type { RulesOf } from './guideRules.ts';
import type { IncidentRecord } from './incidentRecord.ts';
import { postMortemKept, updatesKept } from './promises.ts';
import { atOf, recurrenceDays, recurrencesInPieces, type Recurrence } from './recurrence.ts';
import { stepsInPieces, type StepFigure } from './stepFigures.ts';

/** Days back from now, or everything there is. */
export type Range = 30 | 90 | 365 | 'all';
export const ranges: readonly Range[] = [30, 90, 365, 'all'];

/** What a figure of incidents counts: its value is how many there are, and these are they. */
export type Ids = readonly string[];

/** What the severity or the service is called where nobody said it. */
export const notSaid = 'not known';

export interface WeekFigure {
  /** The Monday it begins on, UTC: `2026-11-23`. */
  readonly week: string;
  readonly incidents: Ids;
  /** By name; those without any are left out. */
  readonly bySeverity: ReadonlyMap<string, Ids>;
  readonly byService: ReadonlyMap<string, Ids>;
}

export interface TimeFigure extends Distribution {
  readonly incidents: Ids;
  /** Those whose time is not known: they are in no median. */
  readonly unknown: Ids;
}

export interface KeptFigure {
  readonly onTime: number;
  readonly late: number;
  /** Incidents with one that was late. */
  readonly lateIn: Ids;
  /** Incidents that have at least one. */
  readonly incidents: Ids;
  /** Those of which it cannot be told: their guide is not there, say. */
  readonly unknown: Ids;
}

export interface ActionFigure {
  readonly open: number;
  readonly overdue: number;
  readonly done: number;
  readonly openIn: Ids;
  readonly overdueIn: Ids;
  readonly doneIn: Ids;
  /** Those whose post-mortem nobody has read for its actions. */
  readonly unknown: Ids;
}

export interface RecurrenceFigure {
  readonly incident: string;
  readonly recurrence: Recurrence;
}

export interface Figures {
  readonly range: Range;
  readonly drills: boolean;
  /** UTC ISO 8601; `from` undefined where there is nothing at all. */
  readonly from: string | undefined;
  readonly to: string;
  /** The newest first. */
  readonly incidents: Ids;
  /** Drills that were left out. */
  readonly drillsLeftOut: Ids;
  /** Imported post-mortems among the incidents: they and their actions are counted, and they are in no time. */
  readonly imported: Ids;
  /** Imported ones without a date: in no week and no range. */
  readonly undated: Ids;
  /** Every week of the range, the oldest first, also those without an incident. */
  readonly weeks: readonly WeekFigure[];
  /** The most severe first, as the guide names them; by name where there is none. */
  readonly severities: ReadonlyMap<string, Ids>;
  /** The most frequent first. */
  readonly services: ReadonlyMap<string, Ids>;
  readonly times: Readonly<Record<Measure, TimeFigure>>;
  readonly timesBySeverity: ReadonlyMap<string, Readonly<Record<Measure, TimeFigure>>>;
  readonly updates: KeptFigure;
  readonly postMortems: KeptFigure & { readonly pending: Ids };
  readonly actions: ActionFigure;
  readonly steps: readonly StepFigure[];
  readonly recurrences: readonly RecurrenceFigure[];
}

export interface FigureOptions {
  readonly range: Range;
  /** Drills count only where somebody asks for them. */
  readonly drills: boolean;
  /** UTC ISO 8601. */
  readonly now: string;
  readonly rulesOf: RulesOf;
  readonly recurrenceDays?: number;
}

const dayMs = 86_400_000;
const weekMs = 7 * dayMs;
/** 1970-01-05 was a Monday. */
const firstMonday = 4 * dayMs;

/** The Monday of a time's week, ms since 1970, UTC. */
const mondayOf = (ms: number): number => Math.floor((ms - firstMonday) / weekMs) * weekMs + firstMonday;

/** All figures of the incidents that were declared in the range. Nothing is estimated: what is not known is counted apart. */
export const figuresOf = (records: readonly IncidentRecord[], options: FigureOptions): Figures =>
  whole(figuresInPieces(records, options));

/** The same figures, a record a piece: ten thousand take some hundred ms, and nobody may be held for so long. */
export function* figuresInPieces(
  records: readonly IncidentRecord[],
  options: FigureOptions,
): Pieces<Figures> {
  const { range, drills, now } = options;
  const end = parseInstant(now) ?? 0;
  const start = range === 'all' ? -Infinity : end - range * dayMs;
  const real = drills ? records : records.filter(({ drill }) => !drill);
  const counted: Dated[] = [];
  const drillsLeftOut: Dated[] = [];
  for (const record of records) {
    yield;
    const at = record.declaredAt === undefined ? undefined : atOf(record.declaredAt);
    if (at !== undefined && at >= start && at <= end)
      (record.drill && !drills ? drillsLeftOut : counted).push({ record, at });
  }
  counted.sort(newestFirst);
  yield;
  const shown = counted.map(({ record }) => record);
  const own = shown.filter(({ imported }) => imported === undefined);
  const recurrences = yield* recurrencesInPieces(real, options.recurrenceDays ?? recurrenceDays);
  const severities = sortSeverities(groupBy(shown, ({ severity }) => severity));
  yield;
  const ofSeverity = new Map<string, IncidentRecord[]>([...severities.keys()].map((name) => [name, []]));
  for (const record of own) ofSeverity.get(record.severity ?? notSaid)?.push(record);
  yield;
  const timesBySeverity = new Map<string, Readonly<Record<Measure, TimeFigure>>>();
  for (const [name, list] of ofSeverity) timesBySeverity.set(name, yield* timesInPieces(list));
  return {
    range,
    drills,
    from: range === 'all' ? shown.at(-1)?.declaredAt : toInstant(start),
    to: now,
    incidents: idsOf(shown),
    drillsLeftOut: drillsLeftOut.map(({ record }) => record.id),
    imported: idsOf(shown.filter(({ imported }) => imported !== undefined)),
    undated: idsOf(real.filter(({ declaredAt }) => declaredAt === undefined)),
    weeks: yield* weeksInPieces(counted, range === 'all' ? counted.at(-1)?.at || end : start, end),
    severities,
    services: byCount(groupBy(shown, ({ service }) => service)),
    times: yield* timesInPieces(own),
    timesBySeverity,
    updates: yield* updatesInPieces(own, options),
    postMortems: yield* postMortemsInPieces(own, options),
    actions: yield* actionsInPieces(shown, now),
    steps: yield* stepsInPieces(own),
    recurrences: shown.flatMap(({ id }) => {
      const recurrence = recurrences.get(id);
      return recurrence ? [{ incident: id, recurrence }] : [];
    }),
  };
}

interface Dated {
  readonly record: IncidentRecord;
  /** Of the declare, ms since 1970. */
  readonly at: number;
}

const idsOf = (records: readonly IncidentRecord[]): Ids => records.map(({ id }) => id);

/** By the declare as it is written, so that a day alone comes before its hours. */
function newestFirst({ record: a }: Dated, { record: b }: Dated): number {
  const [one, other] = [a.declaredAt ?? '', b.declaredAt ?? ''];
  return one < other ? 1 : one > other ? -1 : a.id < b.id ? 1 : -1;
}

function groupBy(
  records: readonly IncidentRecord[],
  nameOf: (record: IncidentRecord) => string | undefined,
): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const record of records) {
    const name = nameOf(record) ?? notSaid;
    const list = groups.get(name);
    if (list) list.push(record.id);
    else groups.set(name, [record.id]);
  }
  return groups;
}

const byCount = (groups: ReadonlyMap<string, Ids>): ReadonlyMap<string, Ids> =>
  new Map([...groups].sort(([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1)));

/** SEV1 before SEV2, and what nobody said last. */
const sortSeverities = (groups: ReadonlyMap<string, Ids>): ReadonlyMap<string, Ids> =>
  new Map(
    [...groups].sort(([a], [b]) =>
      a === notSaid ? 1 : b === notSaid ? -1 : a.localeCompare(b, 'en', { numeric: true }),
    ),
  );

function* weeksInPieces(
  counted: readonly Dated[],
  start: number,
  end: number,
): Pieces<readonly WeekFigure[]> {
  const byWeek = new Map<number, IncidentRecord[]>();
  for (let week = mondayOf(start); week <= end; week += weekMs) byWeek.set(week, []);
  for (const { record, at } of counted) byWeek.get(mondayOf(at))?.push(record);
  const weeks: WeekFigure[] = [];
  for (const [week, list] of byWeek) {
    yield;
    weeks.push({
      week: toInstant(week).slice(0, 10),
      incidents: idsOf(list),
      bySeverity: groupBy(list, ({ severity }) => severity),
      byService: groupBy(list, ({ service }) => service),
    });
  }
  return weeks;
}

function* timesInPieces(records: readonly IncidentRecord[]): Pieces<Readonly<Record<Measure, TimeFigure>>> {
  const figures: Partial<Record<Measure, TimeFigure>> = {};
  for (const measure of measures) {
    yield;
    const known = records.filter(({ times }) => times[measure] !== undefined);
    figures[measure] = {
      ...distributionOf(known.map(({ times }) => times[measure] ?? 0)),
      incidents: idsOf(known),
      unknown: idsOf(records.filter(({ times }) => times[measure] === undefined)),
    };
  }
  return figures as Record<Measure, TimeFigure>;
}

function* updatesInPieces(
  records: readonly IncidentRecord[],
  { rulesOf, now }: FigureOptions,
): Pieces<KeptFigure> {
  const figure = {
    onTime: 0,
    late: 0,
    lateIn: [] as string[],
    incidents: [] as string[],
    unknown: [] as string[],
  };
  for (const record of records) {
    yield;
    const kept = updatesKept(record, rulesOf(record.guideFile), now);
    if (!kept) figure.unknown.push(record.id);
    else {
      figure.onTime += kept.onTime;
      figure.late += kept.late;
      if (kept.late > 0) figure.lateIn.push(record.id);
      if (kept.onTime + kept.late > 0) figure.incidents.push(record.id);
    }
  }
  return figure;
}

function* postMortemsInPieces(
  records: readonly IncidentRecord[],
  { rulesOf, now }: FigureOptions,
): Pieces<Figures['postMortems']> {
  const by = { 'on-time': [], late: [], pending: [], 'not-asked': [], 'not-known': [] } as Record<
    ReturnType<typeof postMortemKept>,
    string[]
  >;
  for (const record of records) {
    yield;
    by[postMortemKept(record, rulesOf(record.guideFile), now)].push(record.id);
  }
  return {
    onTime: by['on-time'].length,
    late: by.late.length,
    lateIn: by.late,
    incidents: [...by['on-time'], ...by.late],
    pending: by.pending,
    unknown: by['not-known'],
  };
}

function* actionsInPieces(records: readonly IncidentRecord[], now: string): Pieces<ActionFigure> {
  const today = now.slice(0, 10);
  const figure = { open: 0, overdue: 0, done: 0 };
  const [openIn, overdueIn, doneIn, unknown] = [[], [], [], []] as [string[], string[], string[], string[]];
  for (const { id, actions, status } of records) {
    yield;
    if (actions === undefined) {
      if (status === 'resolved') unknown.push(id);
      continue;
    }
    const open = actions.filter(({ done }) => !done);
    const overdue = open.filter((action) => isOverdue(action, today));
    figure.open += open.length;
    figure.overdue += overdue.length;
    figure.done += actions.length - open.length;
    if (open.length > 0) openIn.push(id);
    if (overdue.length > 0) overdueIn.push(id);
    if (open.length < actions.length) doneIn.push(id);
  }
  return { ...figure, openIn, overdueIn, doneIn, unknown };
}
