import { recordOfIncident, type IncidentRecord } from '../core/history/incidentRecord.ts';
import { replay } from '../core/incident/evolve.ts';
import type { Incident } from '../core/incident/incident.ts';
import { readImported } from './importedPostMortems.ts';
import type { Incidents } from './incidents.ts';
import { inSlices } from './inSlices.ts';
import type { LocalJournal } from './localJournal.ts';
import { appendToIndex, readIndex, rewriteIndex, type IndexEntry } from './recordIndex.ts';

/** The records of all incidents, from an index beside the summaries that is read when somebody first asks. */
export interface IncidentRecords {
  /**
   * All of them as they are now, imported post-mortems too, in no order. What the index does not hold is read from the
   * journals, `READERS` at a time, and told to `onProgress`; the event loop is never held for long. Throws only once
   * `signal` aborts: what was read until then is kept.
   */
  load(options?: LoadRecords): Promise<LoadedRecords>;
}

export interface LoadRecords {
  readonly signal?: AbortSignal;
  readonly onProgress?: (read: number, of: number) => void;
}

export interface LoadedRecords {
  readonly records: readonly IncidentRecord[];
  /** Incidents and imported files that are there and cannot be read now: they are in no list and no figure. */
  readonly unreadable: readonly string[];
}

const READERS = 8;
/** The index is written anew once so many of its lines are replaced by later ones. */
const MOST_STALE = 1_000;

export function createIncidentRecords(
  incidents: Pick<Incidents, 'summaries' | 'get' | 'stampOf'>,
  journal: Pick<LocalJournal, 'folder' | 'writer' | 'read'>,
): IncidentRecords {
  const ofIncident = new WeakMap<Incident, IncidentRecord>();
  let entries: Map<string, IndexEntry> | undefined;
  let stale = 0;
  let turn: Promise<unknown> = Promise.resolve();

  const recordOf = (incident: Incident): IncidentRecord => {
    const known = ofIncident.get(incident) ?? recordOfIncident(incident);
    ofIncident.set(incident, known);
    return known;
  };

  const load = async ({ signal, onProgress }: LoadRecords): Promise<LoadedRecords> => {
    if (!entries) {
      const reading = await readIndex(journal.folder, signal);
      entries = reading.entries;
      stale = reading.lines - entries.size;
    }
    const index = entries;
    const records: IncidentRecord[] = [];
    const unread: string[] = [];
    const unreadable: string[] = [];
    await inSlices(
      incidents.summaries(),
      ({ id }) => {
        const incident = incidents.get(id);
        const entry = index.get(id);
        if (incident) records.push(recordOf(incident));
        else if (entry && entry.stamp === incidents.stampOf(id)) records.push(entry.record);
        else unread.push(id);
      },
      signal,
    );
    const fresh: IndexEntry[] = [];
    const total = unread.length;
    const queue = unread.values();
    let read = 0;
    const readNext = async (): Promise<void> => {
      for (const id of queue) {
        signal?.throwIfAborted();
        // The stamp first: lines that come while it is read make the record stale, not wrong.
        const stamp = incidents.stampOf(id);
        const reading = await journal.read(id);
        const incident = reading.ok ? replay(reading.value.events) : undefined;
        if (!incident) unreadable.push(id);
        else {
          const record = recordOfIncident(incident);
          records.push(record);
          if (stamp !== undefined) fresh.push({ stamp, record });
        }
        onProgress?.((read += 1), total);
      }
    };
    try {
      await Promise.all(Array.from({ length: READERS }, readNext));
    } finally {
      await keep(index, fresh);
    }
    const imported = await readImported(journal.folder, index, signal);
    await keep(index, imported.fresh);
    return {
      records: [...records, ...imported.records],
      unreadable: [...unreadable, ...imported.unreadable].sort(),
    };
  };

  const keep = async (index: Map<string, IndexEntry>, fresh: readonly IndexEntry[]): Promise<void> => {
    for (const entry of fresh) {
      if (index.has(entry.record.id)) stale += 1;
      index.set(entry.record.id, entry);
    }
    if (stale > MOST_STALE) {
      stale = 0;
      await rewriteIndex(journal.folder, index.values(), journal.writer);
    } else await appendToIndex(journal.folder, fresh);
  };

  return {
    // One after another: two at once would read the same journals twice.
    load(options = {}) {
      const mine = turn.then(() => load(options));
      turn = mine.catch(() => undefined);
      return mine;
    },
  };
}
