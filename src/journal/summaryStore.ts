import { join, sep } from 'node:path';
import { replay } from '../core/incident/evolve.ts';
import { inSlices } from './inSlices.ts';
import type { LocalJournal } from './localJournal.ts';
import { isFresh, readSummaryCache, stampFolder, summaryOf, writeSummaryCache } from './summaries.ts';
import type { IncidentSummary, SummaryCache } from './summaries.ts';

/** The summaries of all incidents: from the cache where its stamp still fits, else from the journal. */
export interface SummaryStore {
  /** Brings the summaries up to date with these folders. Gives the active ones and those that cannot be folded. */
  load(ids: readonly string[]): Promise<{ active: readonly string[]; unreadable: readonly string[] }>;
  /** Newest first. */
  all(): readonly IncidentSummary[];
  /** Of a resolved one: a text that differs once its files do; undefined while its summary is still to be written. */
  stampOf(id: string): string | undefined;
  put(summary: IncidentSummary): void;
  /** True when it was there. */
  drop(id: string): boolean;
  /** Writes the cache if something is still to be written. Never throws. */
  dispose(): Promise<void>;
}

const WRITE_AFTER_MS = 3_000;
const READERS = 8;

export function createSummaryStore(journal: LocalJournal): SummaryStore {
  const summaries = new Map<string, IncidentSummary>();
  let cache: SummaryCache = new Map();
  /** Resolved ones whose cache entry is to be made from the disk again, with a stamp taken before the read. */
  const dirty = new Set<string>();
  /** Told by `put` or `drop` since the last load began. */
  const touched = new Set<string>();
  let changed = false;
  let sorted: readonly IncidentSummary[] | undefined;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();

  const set = (summary: IncidentSummary) => {
    summaries.set(summary.id, summary);
    sorted = undefined;
  };
  const uncache = (id: string) => {
    dirty.delete(id);
    if (cache.delete(id)) changed = true;
  };

  /** Only resolved ones are cached: the active ones are read whole at the start anyway. */
  const derive = async (id: string): Promise<IncidentSummary | undefined> => {
    const stamp = await stampFolder(join(journal.folder, id)).catch(() => undefined);
    const reading = await journal.read(id);
    const incident = reading.ok ? replay(reading.value.events) : undefined;
    if (!incident) return undefined;
    const summary = summaryOf(incident);
    if (stamp && summary.status === 'resolved') {
      cache.set(id, { summary, stamp });
      changed = true;
    }
    return summary;
  };

  const write = async () => {
    for (const id of [...dirty]) {
      dirty.delete(id);
      await derive(id);
    }
    if (!changed) return;
    changed = false;
    await writeSummaryCache(journal.folder, cache, journal.writer);
  };
  const writeNow = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    return (writing = writing.then(write));
  };
  const writeSoon = () => {
    timer ??= setTimeout(() => void writeNow(), WRITE_AFTER_MS).unref();
  };

  return {
    async load(ids) {
      touched.clear();
      cache = await readSummaryCache(journal.folder);
      const present = new Set(ids);
      for (const id of summaries.keys()) if (!present.has(id) && !touched.has(id)) summaries.delete(id);
      sorted = undefined;
      for (const id of cache.keys()) if (!present.has(id)) uncache(id);

      const unread: string[] = [];
      await inSlices(ids, (id) => {
        const cached = cache.get(id);
        if (cached && !touched.has(id) && isFresh(`${journal.folder}${sep}${id}`, cached.stamp)) {
          set(cached.summary);
        } else {
          if (!touched.has(id)) uncache(id);
          unread.push(id);
        }
      });

      const active: string[] = [];
      const unreadable: string[] = [];
      const queue = unread.values();
      const readers = Array.from({ length: READERS }, async () => {
        for (const id of queue) {
          const summary = await derive(id);
          if (!summary) unreadable.push(id);
          else {
            // What was told meanwhile is newer than what was read.
            if (!touched.has(id)) set(summary);
            if (summary.status === 'active') active.push(id);
          }
        }
      });
      await Promise.all(readers);
      if (changed) writeSoon();
      return { active: active.sort(), unreadable: unreadable.sort() };
    },
    all: () => (sorted ??= [...summaries.values()].sort((a, b) => (a.id < b.id ? 1 : -1))),
    stampOf(id) {
      const stamp = cache.get(id)?.stamp;
      return stamp && `${stamp.folderMs} ${stamp.files.join(' ')}`;
    },
    put(summary) {
      touched.add(summary.id);
      set(summary);
      const cached = cache.get(summary.id)?.summary;
      if (cached && JSON.stringify(cached) === JSON.stringify(summary)) return;
      uncache(summary.id);
      if (summary.status === 'resolved') dirty.add(summary.id);
      if (changed || dirty.size > 0) writeSoon();
    },
    drop(id) {
      touched.add(id);
      uncache(id);
      if (changed) writeSoon();
      sorted = undefined;
      return summaries.delete(id);
    },
    async dispose() {
      await writeNow();
    },
  };
}
