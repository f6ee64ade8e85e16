import * as vscode from 'vscode';
import { figuresInPieces, type Figures, type Range } from '../../core/history/figures.ts';
import { rulesOfGuides } from '../../core/history/guideRules.ts';
import type { IncidentRecord } from '../../core/history/incidentRecord.ts';
import { searchEntryOf, type SearchEntry } from '../../core/history/searchRecords.ts';
import {
  createIncidentRecords,
  type LoadedRecords,
  type LoadRecords,
} from '../../journal/incidentRecords.ts';
import { calculateInSlices, inSlices } from '../../journal/inSlices.ts';
import type { CommandDeps } from '../commands/commandDeps.ts';

/** What History and Trends are made of; read when somebody first looks. */
export interface IncidentHistory {
  load(options?: LoadRecords): Promise<LoadedRecords>;
  /** All of them, ready to be searched. Throws once `signal` aborts. */
  entries(options?: LoadRecords): Promise<readonly SearchEntry[]>;
  /** Worked out in slices. Throws once `signal` aborts. */
  figures(loaded: LoadedRecords, wanted: WantedFigures): Promise<Figures>;
}

export interface WantedFigures {
  readonly range: Range;
  readonly drills: boolean;
  readonly signal?: AbortSignal | undefined;
}

type Deps = Pick<CommandDeps, 'incidents' | 'journal' | 'guides' | 'session' | 'now'>;

export function createIncidentHistory({ incidents, journal, guides, session, now }: Deps): IncidentHistory {
  const records = createIncidentRecords(incidents, journal);
  const folded = new WeakMap<IncidentRecord, SearchEntry>();
  const load = async (options: LoadRecords = {}): Promise<LoadedRecords> => {
    await session.ready();
    return records.load(options);
  };
  return {
    load,
    async entries(options = {}) {
      const loaded = await load(options);
      const entries: SearchEntry[] = [];
      await inSlices(
        loaded.records,
        (record) => {
          const entry = folded.get(record) ?? searchEntryOf(record);
          folded.set(record, entry);
          entries.push(entry);
        },
        options.signal,
      );
      return entries;
    },
    async figures({ records }, { range, drills, signal }) {
      const pieces = figuresInPieces(records, {
        ...{ range, drills, now: now() },
        rulesOf: rulesOfGuides(await guides.load()),
      });
      return calculateInSlices(pieces, signal);
    },
  };
}

/** Loads with its progress in the window, from the first second on; undefined when the person calls it off. */
export async function loadWithProgress<T>(
  title: string,
  load: (options: LoadRecords) => Promise<T>,
): Promise<T | undefined> {
  const abort = new AbortController();
  const location = vscode.ProgressLocation.Notification;
  const begun = load({ signal: abort.signal, onProgress: (read, of) => told(read, of) });
  let told: (read: number, of: number) => void = () => undefined;
  const settled = begun.then(
    () => true,
    () => true,
  );
  const isQuick = await Promise.race([
    settled,
    new Promise<false>((done) => setTimeout(() => done(false), 700)),
  ]);
  if (!isQuick)
    void vscode.window.withProgress({ location, title, cancellable: true }, (progress, token) => {
      token.onCancellationRequested(() => abort.abort());
      let last = 0;
      told = (read, of) => {
        progress.report({ message: `${read} of ${of} journals`, increment: (100 * (read - last)) / of });
        last = read;
      };
      return settled;
    });
  try {
    return await begun;
  } catch (thrown) {
    if (abort.signal.aborted) return undefined;
    throw thrown;
  }
}
