import { statSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import * as v from 'valibot';
import { useOf } from '../core/history/runbookUse.ts';
import type { Incident } from '../core/incident/incident.ts';
import type { IncidentSummary } from '../core/views/historyTree.ts';
import { listJournalFiles } from './readIncidentFolder.ts';
import { isUlid } from './ulid.ts';

export type { IncidentSummary };

export function summaryOf(incident: Incident): IncidentSummary {
  const { id, number, title, severity, service, status, declaredAt, resolvedAt } = incident;
  const ms = resolvedAt === undefined ? NaN : Date.parse(resolvedAt) - Date.parse(declaredAt);
  const durationMs = Number.isFinite(ms) ? ms : undefined;
  const use = status === 'resolved' ? useOf(incident) : undefined;
  const runbookUse = use && use.uses.length > 0 ? { runbookUse: JSON.stringify(use) } : {};
  const open = incident.drill ? [] : (incident.actionItems?.items.filter(({ done }) => !done) ?? []);
  const openActions = open.length > 0 ? { openActions: open.map(({ due = '' }) => due) } : {};
  return {
    ...{ id, number, title, severity, service, status, declaredAt, resolvedAt, durationMs },
    ...runbookUse,
    ...openActions,
  };
}

/** What an incident's files looked like before they were read: different now means the summary is stale. */
const stampSchema = v.object({
  folderMs: v.number(),
  files: v.array(v.tuple([v.string(), v.number(), v.number()])),
});
export type Stamp = v.InferOutput<typeof stampSchema>;

const entrySchema = v.object({
  id: v.pipe(v.string(), v.check(isUlid)),
  number: v.string(),
  title: v.string(),
  severity: v.string(),
  service: v.optional(v.string()),
  status: v.literal('resolved'),
  declaredAt: v.string(),
  resolvedAt: v.string(),
  durationMs: v.optional(v.number()),
  runbookUse: v.optional(v.string()),
  openActions: v.optional(v.array(v.string())),
  stamp: stampSchema,
});
/** Raised with each change of what a summary holds. */
const CACHE_VERSION = 3;
const cacheSchema = v.object({ version: v.literal(CACHE_VERSION), incidents: v.array(v.unknown()) });

export interface CachedSummary {
  readonly summary: IncidentSummary;
  readonly stamp: Stamp;
}
export type SummaryCache = Map<string, CachedSummary>;

/** Derived from the journal and made again whenever it does not fit: deleting it loses nothing. */
export const SUMMARIES_FILE = 'summaries.json';

const statOf = (path: string) => {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
};

/** The stamp of an incident's folder, to be taken before reading it. Throws without the folder. */
export async function stampFolder(folder: string): Promise<Stamp> {
  const folderMs = statSync(folder).mtimeMs;
  const files = (await listJournalFiles(folder)).map((name): [string, number, number] => {
    const found = statSync(join(folder, name));
    return [name, found.size, found.mtimeMs];
  });
  return { folderMs, files };
}

/** Synchronous: thousands of trips to the thread pool take three times as long; callers go on in slices. */
export function isFresh(folder: string, stamp: Stamp): boolean {
  // The folder's time tells of files that came or went, each file's size and time of lines that did.
  if (statOf(folder)?.mtimeMs !== stamp.folderMs) return false;
  return stamp.files.every(([name, size, ms]) => {
    // Not `join`: its normalising costs as much as the look itself.
    const found = statOf(`${folder}${sep}${name}`);
    return found !== undefined && found.size === size && found.mtimeMs === ms;
  });
}

/** The cache as it stands on disk, each entry checked; empty when it is missing or makes no sense. Never throws. */
export async function readSummaryCache(root: string): Promise<SummaryCache> {
  const cache: SummaryCache = new Map();
  try {
    const parsed = v.safeParse(cacheSchema, JSON.parse(await readFile(join(root, SUMMARIES_FILE), 'utf8')));
    for (const entry of parsed.success ? parsed.output.incidents : []) {
      if (!v.is(entrySchema, entry)) continue;
      const { id, number, title, severity, service, status, declaredAt, resolvedAt, stamp } = entry;
      const summary = {
        ...{ id, number, title, severity, service, status, declaredAt, resolvedAt },
        durationMs: entry.durationMs,
        ...(entry.runbookUse === undefined ? {} : { runbookUse: entry.runbookUse }),
        ...(entry.openActions === undefined ? {} : { openActions: entry.openActions }),
      };
      cache.set(id, { summary, stamp });
    }
  } catch {
    // Not there, or not JSON: it is made again.
  }
  return cache;
}

/** Writes the resolved ones, atomically by rename. Never throws: without a cache the next start is only slower. */
export async function writeSummaryCache(root: string, cache: SummaryCache, writer: string): Promise<void> {
  const incidents = [...cache.values()].map(({ summary, stamp }) => ({ ...summary, stamp }));
  const temporary = join(root, `${SUMMARIES_FILE}.${writer}.tmp`);
  try {
    await writeFile(temporary, JSON.stringify({ version: CACHE_VERSION, incidents }));
    await rename(temporary, join(root, SUMMARIES_FILE));
  } catch {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}
