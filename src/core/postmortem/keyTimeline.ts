import { parseInstant, utcTime } from '../incident/instants.ts';
import { escapeMarkdown, inWords } from './markdownText.ts';
import type { EntryKind, EntrySort, TimelineEntry } from './timelineEntries.ts';

/** Nobody reads more: beyond it what is alike is told together. */
const ROW_LIMIT = 60;
/** Names told of a row that stands for many. */
const NAME_LIMIT = 6;

export interface TimelineRow {
  readonly at: string;
  /** Markdown on one line. */
  readonly text: string;
}

/** A phase of the guide with what happened in it; the first may have no name. */
export interface TimelineGroup {
  readonly name: string | undefined;
  readonly at: string | undefined;
  readonly rows: readonly TimelineRow[];
}

export interface KeyTimeline {
  readonly groups: readonly TimelineGroup[];
  /** True when something of the journal is not told, or told in short. */
  readonly isTrimmed: boolean;
  /** True when the writers' clocks disagree with the order of the journal. */
  readonly isReordered: boolean;
}

interface Routine {
  readonly kind: EntryKind;
  /** How many of a kind stand by themselves in a row of their own. */
  readonly alone: number;
  readonly tell: (entries: readonly TimelineEntry[]) => string;
}

const routines: readonly Routine[] = [
  { kind: 'answer', alone: 1, tell: (all) => `Answered: ${namesOf(all, '; ')}${byOf(all)}` },
  {
    kind: 'look',
    alone: 2,
    tell: (all) => `${looksOf(all)}${byOf(all)}`,
  },
  {
    kind: 'update',
    alone: 1,
    tell: (all) => `Updates ${all[0]?.name ?? ''} to ${all.at(-1)?.name ?? ''} posted${byOf(all)}`,
  },
  { kind: 'told', alone: 0, tell: (all) => `Told: ${namesOf(all)}${byOf(all)}` },
  { kind: 'ticked', alone: 0, tell: (all) => `Checked: ${namesOf(all)}${byOf(all)}` },
  { kind: 'done', alone: 0, tell: (all) => `Done: ${namesOf(all)}${byOf(all)}` },
];

/**
 * What a reader needs of the journal: what happened stands by itself, routine between two such things is told in one
 * row, by phase and in the order of time. Very long ones are shortened further, alike by alike.
 */
export function keyTimeline(entries: readonly TimelineEntry[]): KeyTimeline {
  const sorted = inOrder(entries);
  const parts: { name: string | undefined; at: string | undefined; entries: TimelineEntry[] }[] = [
    { name: undefined, at: undefined, entries: [] },
  ];
  for (const entry of sorted) {
    if (entry.kind === 'phase') parts.push({ name: entry.name, at: entry.at, entries: [] });
    else if (entry.kind !== 'detail') parts.at(-1)!.entries.push(entry);
  }
  let grouped = parts.map((part) => part.entries);
  for (const kinds of [['said'], ['said', 'change'], ['said', 'change', 'moment']] as const) {
    const rows = grouped.reduce((sum, part) => sum + rowsOf(part).length, 0);
    if (rows <= ROW_LIMIT) break;
    grouped = parts.map((part) => shorten(part.entries, kinds));
  }
  const groups = parts
    .map(({ name, at }, index) => ({ name, at, rows: rowsOf(grouped[index]!) }))
    .filter(({ rows }) => rows.length > 0);
  const told = groups.reduce((sum, { name, rows }) => sum + rows.length + (name === undefined ? 0 : 1), 0);
  return {
    groups,
    isTrimmed: told < entries.length,
    isReordered: sorted.some((entry, index) => entry !== entries[index]),
  };
}

/** By the writers' clocks, which is what readers compare; what has no time stays behind its neighbour. */
function inOrder(entries: readonly TimelineEntry[]): readonly TimelineEntry[] {
  let last = -Infinity;
  const placed = entries.map((entry) => ({ entry, ms: (last = parseInstant(entry.at) ?? last) }));
  return placed.sort((a, b) => a.ms - b.ms).map(({ entry }) => entry);
}

/** Routine between two things that stand by themselves becomes one row of each kind. */
function rowsOf(entries: readonly TimelineEntry[]): TimelineRow[] {
  const rows: TimelineRow[] = [];
  let waiting: TimelineEntry[] = [];
  const flush = (): void => {
    for (const { kind, alone, tell } of routines) {
      const of = waiting.filter((entry) => entry.kind === kind);
      if (of.length === 0) continue;
      if (of.length <= alone) rows.push(...of.map(rowOf));
      else rows.push({ at: of[0]!.at, text: tell(of) });
    }
    waiting = [];
  };
  for (const entry of entries) {
    if (routines.some(({ kind }) => kind === entry.kind)) waiting.push(entry);
    else {
      flush();
      rows.push(rowOf(entry));
    }
  }
  flush();
  return byTime(rows);
}

const rowOf = ({ at, text, brief }: TimelineEntry): TimelineRow => ({ at, text: brief ?? text });

/** The rows of one stretch are told kind by kind, so their times may cross. */
function byTime(rows: readonly TimelineRow[]): TimelineRow[] {
  let last = -Infinity;
  return rows
    .map((row) => ({ row, ms: (last = parseInstant(row.at) ?? last) }))
    .sort((a, b) => a.ms - b.ms)
    .map(({ row }) => row);
}

/** More of these kinds than that, with only routine between them, become one entry of each kind. */
const ALIKE_LIMIT = 3;

function shorten(entries: readonly TimelineEntry[], kinds: readonly EntryKind[]): TimelineEntry[] {
  const short: TimelineEntry[] = [];
  let alike: TimelineEntry[] = [];
  const flush = (): void => {
    for (const kind of kinds) {
      const of = alike.filter((entry) => entry.kind === kind);
      if (of.length <= ALIKE_LIMIT) short.push(...of);
      else {
        const { at, by, name } = of[0]!;
        short.push({ at, by, name, kind: 'said', text: `${tellMany(kind, of)}${byOf(of)}` });
      }
    }
    alike = [];
  };
  for (const entry of entries) {
    if (kinds.includes(entry.kind)) alike.push(entry);
    else if (routines.some(({ kind }) => kind === entry.kind)) short.push(entry);
    else {
      flush();
      short.push(entry);
    }
  }
  flush();
  return [...inOrder(short)];
}

function tellMany(kind: EntryKind, all: readonly TimelineEntry[]): string {
  const until = `until ${utcTime(all.at(-1)!.at)}`;
  const failed = all.filter(({ isBad }) => isBad === true).length;
  if (kind === 'change') {
    return `${all.length} changes ${until}${failed > 0 ? `, ${failed} of them failed` : ''}: ${namesOf(all)}`;
  }
  const what = kind === 'said' ? sortsOf(all) : `${all.length} turns`;
  return `${what} ${until}, in the whole journal below`;
}

const many: Readonly<Record<EntrySort, string>> = {
  note: 'notes',
  'failed check': 'failed checks',
  'step by hand': 'steps by hand',
  'skipped step': 'skipped steps',
  'piece of evidence': 'pieces of evidence',
};

/** `20 notes and 2 failed checks`: what is there, and nothing else. */
function sortsOf(all: readonly TimelineEntry[]): string {
  const counts = new Map<EntrySort | undefined, number>();
  for (const { sort } of all) counts.set(sort, (counts.get(sort) ?? 0) + 1);
  const rest = counts.get(undefined) ?? 0;
  counts.delete(undefined);
  const parts = [...counts].map(([sort, n]) => `${n} ${n === 1 ? sort : sort && many[sort]}`);
  if (rest > 0) parts.push(`${rest} ${parts.length > 0 ? 'other ' : ''}${rest === 1 ? 'entry' : 'entries'}`);
  return inWords(parts);
}

/** `3 checks: Check pods, Look at logs (2 times)`; of one thing alone `Check pods, 146 times until 13:00`. */
function looksOf(all: readonly TimelineEntry[]): string {
  const first = all[0]!.name;
  return all.every(({ name }) => name === first)
    ? `${first}, ${all.length} times until ${utcTime(all.at(-1)!.at)}`
    : `${all.length} checks: ${namesOf(all)}`;
}

/** `Check pods, Look at logs (3 times) and 4 more`. */
function namesOf(entries: readonly TimelineEntry[], separator = ', '): string {
  const counts = new Map<string, number>();
  for (const { name } of entries) counts.set(name, (counts.get(name) ?? 0) + 1);
  const names = [...counts].map(([name, count]) => (count === 1 ? name : `${name} (${count} times)`));
  const rest = names.length - NAME_LIMIT;
  if (rest <= 0) return names.join(separator);
  return `${names.slice(0, NAME_LIMIT).join(separator)} and ${rest} more`;
}

function byOf(entries: readonly TimelineEntry[]): string {
  return ` (${[...new Set(entries.map(({ by }) => escapeMarkdown(by)))].join(', ')})`;
}
