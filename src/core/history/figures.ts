import { toInstant, parseInstant } from '../incident/instants.ts';
import { measures, type Measure } from '../incident/measuredTimes.ts';
import { distributionOf, type Distribution } from './distribution.ts';
import type { RulesOf } from './guideRules.ts';
import type { ActionRecord, IncidentRecord } from './incidentRecord.ts';
import { postMortemKept, updatesKept } from './promises.ts';
import { atOf, findRecurrences, recurrenceDays, type Recurrence } from './recurrence.ts';
import { stepFigures, type StepFigure } from './stepFigures.ts';

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
  /** Imported post-mortems among the incidents: they are counted, and are in no time. */
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
export function figuresOf(records: readonly IncidentRecord[], options: FigureOptions): Figures {
  const { range, drills, now } = options;
  const end = parseInstant(now) ?? 0;
  const start = range === 'all' ? -Infinity : end - range * dayMs;
  const real = drills ? records : records.filter(({ drill }) => !drill);
  const inRange = (one: IncidentRecord): boolean => {
    const at = one.declaredAt === undefined ? undefined : atOf(one.declaredAt);
    return at !== undefined && at >= start && at <= end;
  };
  const all = records.filter(inRange);
  const counted = (drills ? all : all.filter(({ drill }) => !drill)).sort(newestFirst);
  const recurrences = findRecurrences(real, options.recurrenceDays ?? recurrenceDays);
  const severities = sortSeverities(groupBy(counted, ({ severity }) => severity));
  const own = counted.filter(({ imported }) => imported === undefined);
  const oldest = counted.at(-1)?.declaredAt;
  return {
    range,
    drills,
    from: range === 'all' ? oldest : toInstant(start),
    to: now,
    incidents: idsOf(counted),
    drillsLeftOut: drills ? [] : idsOf(all.filter(({ drill }) => drill)),
    imported: idsOf(counted.filter(({ imported }) => imported !== undefined)),
    undated: idsOf(real.filter(({ declaredAt }) => declaredAt === undefined)),
    weeks: weeksOf(counted, range === 'all' ? (oldest && atOf(oldest)) || end : start, end),
    severities,
    services: byCount(groupBy(counted, ({ service }) => service)),
    times: timesOf(own),
    timesBySeverity: new Map(
      [...severities.keys()].map((name) => [
        name,
        timesOf(own.filter(({ severity }) => (severity ?? notSaid) === name)),
      ]),
    ),
    updates: updateFigure(own, options),
    postMortems: postMortemFigure(own, options, recurrences),
    actions: actionFigure(own, now),
    steps: stepFigures(own),
    recurrences: counted.flatMap(({ id }) => {
      const recurrence = recurrences.get(id);
      return recurrence ? [{ incident: id, recurrence }] : [];
    }),
  };
}

const idsOf = (records: readonly IncidentRecord[]): Ids => records.map(({ id }) => id);

function newestFirst(a: IncidentRecord, b: IncidentRecord): number {
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

function weeksOf(records: readonly IncidentRecord[], start: number, end: number): readonly WeekFigure[] {
  const byWeek = new Map<number, IncidentRecord[]>();
  for (let week = mondayOf(start); week <= end; week += weekMs) byWeek.set(week, []);
  for (const record of records) {
    const at = record.declaredAt === undefined ? undefined : atOf(record.declaredAt);
    if (at !== undefined) byWeek.get(mondayOf(at))?.push(record);
  }
  return [...byWeek].map(([week, list]) => ({
    week: toInstant(week).slice(0, 10),
    incidents: idsOf(list),
    bySeverity: groupBy(list, ({ severity }) => severity),
    byService: groupBy(list, ({ service }) => service),
  }));
}

function timesOf(records: readonly IncidentRecord[]): Readonly<Record<Measure, TimeFigure>> {
  const figure = (measure: Measure): TimeFigure => {
    const known = records.filter(({ times }) => times[measure] !== undefined);
    return {
      ...distributionOf(known.map(({ times }) => times[measure] ?? 0)),
      incidents: idsOf(known),
      unknown: idsOf(records.filter(({ times }) => times[measure] === undefined)),
    };
  };
  return Object.fromEntries(measures.map((one) => [one, figure(one)])) as Record<Measure, TimeFigure>;
}

function updateFigure(records: readonly IncidentRecord[], { rulesOf, now }: FigureOptions): KeptFigure {
  const figure = {
    onTime: 0,
    late: 0,
    lateIn: [] as string[],
    incidents: [] as string[],
    unknown: [] as string[],
  };
  for (const record of records) {
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

function postMortemFigure(
  records: readonly IncidentRecord[],
  { rulesOf, now }: FigureOptions,
  recurrences: ReadonlyMap<string, Recurrence>,
): Figures['postMortems'] {
  const by = { 'on-time': [], late: [], pending: [], 'not-asked': [], 'not-known': [] } as Record<
    ReturnType<typeof postMortemKept>,
    string[]
  >;
  for (const record of records)
    by[postMortemKept(record, rulesOf(record.guideFile), recurrences.has(record.id), now)].push(record.id);
  return {
    onTime: by['on-time'].length,
    late: by.late.length,
    lateIn: by.late,
    incidents: [...by['on-time'], ...by.late],
    pending: by.pending,
    unknown: by['not-known'],
  };
}

function actionFigure(records: readonly IncidentRecord[], now: string): ActionFigure {
  const today = now.slice(0, 10);
  const read = records.filter(({ actions }) => actions !== undefined);
  const having = (test: (action: ActionRecord) => boolean): Ids =>
    idsOf(read.filter(({ actions }) => actions?.some(test)));
  const sum = (test: (action: ActionRecord) => boolean): number =>
    read.reduce((total, { actions }) => total + (actions?.filter(test).length ?? 0), 0);
  const isOpen = ({ done }: ActionRecord): boolean => !done;
  const isLate = ({ done, due }: ActionRecord): boolean => !done && due !== undefined && due < today;
  return {
    open: sum(isOpen),
    overdue: sum(isLate),
    done: sum(({ done }) => done),
    openIn: having(isOpen),
    overdueIn: having(isLate),
    unknown: idsOf(
      records.filter(({ actions, resolvedAt }) => actions === undefined && resolvedAt !== undefined),
    ),
  };
}
