import { stat } from 'node:fs/promises';
import type { Result } from '../core/errors.ts';
import type { Beat } from './liveWriters.ts';
import { watchJournal } from './watchJournal.ts';
import type { JournalWatch } from './watchJournal.ts';

export interface WatchRootDeps {
  readonly folder: string;
  readonly everyMs: number;
  readonly listIncidents: () => Promise<Result<readonly string[]>>;
  readonly fingerprint: (incident: string) => Promise<string>;
  /** Signs of life of the other activations on this folder. */
  readonly otherBeats: () => Promise<readonly Beat[]>;
  readonly onChange: (incident: string) => void;
}

/**
 * Watches a whole journal without touching its thousands of old incidents: the list of folders (read again only when
 * the root changed), and the files of those incidents that are new or that a live activation says it writes to.
 */
export function watchRoot(deps: WatchRootDeps): JournalWatch {
  const { folder, everyMs, listIncidents, fingerprint, otherBeats, onChange } = deps;
  let first: ReadonlySet<string> | undefined;
  let fresh: readonly string[] = [];
  let listed: ReadonlyMap<string, string> = new Map();
  let changedAt: number | undefined;
  let settled = false;

  const lookAtList = async (): Promise<ReadonlyMap<string, string>> => {
    const at = await stat(folder).then(
      ({ mtimeMs }) => mtimeMs,
      () => undefined,
    );
    // A folder made in the tick of the clock in which the list was read leaves no other trace: list once more.
    if (first && at === changedAt && settled) return listed;
    settled = at === changedAt;
    changedAt = at;
    const ids = await listIncidents();
    if (!ids.ok) return listed;
    const known = (first ??= new Set(ids.value));
    fresh = ids.value.filter((id) => !known.has(id));
    return (listed = new Map(ids.value.map((id) => [id, ''])));
  };
  const lookAtBusy = async (): Promise<ReadonlyMap<string, string>> => {
    const busy = (await otherBeats()).flatMap((beat) => beat.incidents);
    const ids = [...new Set([...busy, ...fresh])];
    return new Map(await Promise.all(ids.map(async (id) => [id, await fingerprint(id)] as const)));
  };

  const list = watchJournal({ folder, look: lookAtList, onChange, everyMs });
  const busy = watchJournal({ folder, look: lookAtBusy, onChange, everyMs });
  return {
    ready: Promise.all([list.ready, busy.ready]).then(() => undefined),
    dispose() {
      list.dispose();
      busy.dispose();
    },
  };
}
