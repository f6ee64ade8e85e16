import { appendFile, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import type { IncidentRecord } from '../core/history/incidentRecord.ts';
import { inSlices } from './inSlices.ts';

/** Beside the summaries: derived from the journal and made again where it does not fit, so deleting it loses nothing. */
export const INDEX_FILE = 'history.jsonl';

const text = v.string();
const number = v.number();
const missing = () => undefined;
const maybeText = v.optional(text, missing);
const maybeNumber = v.optional(number, missing);

const recordSchema: v.GenericSchema<unknown, IncidentRecord> = v.pipe(
  v.unknown(),
  v.object({
    id: text,
    number: text,
    title: text,
    service: maybeText,
    declaredAt: maybeText,
    alerts: v.array(text),
    errors: v.array(text),
    severity: maybeText,
    status: v.picklist(['active', 'resolved']),
    drill: v.boolean(),
    resolvedAt: maybeText,
    durationMs: maybeNumber,
    cause: maybeText,
    people: v.array(text),
    guideFile: maybeText,
    times: v.object({
      detect: v.exactOptional(number),
      acknowledge: v.exactOptional(number),
      mitigate: v.exactOptional(number),
      resolve: v.exactOptional(number),
    }),
    updates: v.array(number),
    snoozes: v.array(v.tuple([number, number])),
    postMortemAt: maybeText,
    steps: v.array(
      v.object({
        sequence: text,
        step: text,
        text,
        runs: number,
        failed: number,
        skipped: v.boolean(),
      }),
    ),
    actions: v.optional(
      v.array(
        v.object({
          text,
          done: v.boolean(),
          due: v.exactOptional(text),
          owner: v.exactOptional(text),
          issue: v.exactOptional(text),
        }),
      ),
      missing,
    ),
    text,
    imported: v.exactOptional(text),
  }),
);

/** Raised with each change of what a record holds: what another build wrote is left alone, and derived anew. */
const VERSION = 2;
const lineSchema = v.object({ version: v.literal(VERSION), stamp: text, record: recordSchema });

export interface IndexEntry {
  /** What the incident's files looked like: another one now means that the record is stale. */
  readonly stamp: string;
  readonly record: IncidentRecord;
}

export interface IndexReading {
  readonly entries: Map<string, IndexEntry>;
  /** Lines in the file, also those that a later one replaces or that cannot be read. */
  readonly lines: number;
}

/** The index as it stands on disk, each line checked; a torn or foreign line is left out. Throws only once `signal` aborts. */
export async function readIndex(root: string, signal?: AbortSignal): Promise<IndexReading> {
  const entries = new Map<string, IndexEntry>();
  const content = await readFile(join(root, INDEX_FILE), 'utf8').catch(() => '');
  const lines = content.split('\n').filter((line) => line !== '');
  await inSlices(
    lines,
    (line) => {
      const entry = parseLine(line);
      if (entry) entries.set(entry.record.id, entry);
    },
    signal,
  );
  return { entries, lines: lines.length };
}

function parseLine(line: string): IndexEntry | undefined {
  try {
    const parsed = v.safeParse(lineSchema, JSON.parse(line));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}

const lineOf = (entry: IndexEntry): string => `${JSON.stringify({ version: VERSION, ...entry })}\n`;

/** Adds what is new at the end. Never throws: without it the next start only reads more journals. */
export async function appendToIndex(root: string, entries: readonly IndexEntry[]): Promise<void> {
  if (entries.length === 0) return;
  // A line that a crash left without its end must not swallow the first of these.
  await appendFile(join(root, INDEX_FILE), `\n${entries.map(lineOf).join('')}`).catch(() => undefined);
}

/** Writes it anew, atomically by rename, without what later lines replaced. Never throws. */
export async function rewriteIndex(
  root: string,
  entries: Iterable<IndexEntry>,
  writer: string,
): Promise<void> {
  const temporary = join(root, `${INDEX_FILE}.${writer}.tmp`);
  const lines: string[] = [];
  try {
    await inSlices(entries, (entry) => void lines.push(lineOf(entry)));
    await writeFile(temporary, lines.join(''));
    await rename(temporary, join(root, INDEX_FILE));
  } catch {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}
