import { hash } from 'node:crypto';
import { appendFile, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { IncidentRecord } from '../core/history/incidentRecord.ts';
import { inSlices } from './inSlices.ts';

/** Beside the summaries: derived from the journal and made again where it does not fit, so deleting it loses nothing. */
export const INDEX_FILE = 'history.jsonl';

/**
 * What a line begins with. One of another version is of another build: it is left alone, and what it held is derived
 * anew. Raise it with every change of `IncidentRecord`.
 */
const BEGIN = '{"version":3,"sum":"';
/** A SHA-256 in base64url. */
const SUM_LENGTH = 43;

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

/** The index as it stands on disk, each line checked against its sum; a torn, changed or foreign one is left out. Throws only once `signal` aborts. */
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

/** A line whose sum fits was written by this version as it stands, so its shape is not looked at again. */
function parseLine(line: string): IndexEntry | undefined {
  const content = line.slice(BEGIN.length + SUM_LENGTH);
  if (!line.startsWith(BEGIN) || line.slice(BEGIN.length, -content.length) !== sumOf(content))
    return undefined;
  try {
    return JSON.parse(`{${content.slice(2)}`) as IndexEntry;
  } catch {
    return undefined;
  }
}

const sumOf = (content: string): string => hash('sha256', content, 'base64url');

function lineOf({ stamp, record }: IndexEntry): string {
  const content = `",${JSON.stringify({ stamp, record }).slice(1)}`;
  return `${BEGIN}${sumOf(content)}${content}\n`;
}

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
