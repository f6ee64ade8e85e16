import { watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';

export interface JournalWatch {
  /** Settles once the present state is known: what changes after this is reported. Never rejects. */
  readonly ready: Promise<void>;
  dispose(): void;
}

export interface WatchDeps {
  /** The folder whose changes are a reason to look; need not exist yet. */
  readonly folder: string;
  /** Incident id -> a text that differs when its files did. */
  readonly look: () => Promise<ReadonlyMap<string, string>>;
  readonly onChange: (incident: string) => void;
  /** Between two looks where the system reports nothing, in ms. */
  readonly everyMs: number;
}

/** Long enough for a burst of notices to become one look. */
const COALESCE_MS = 30;

/**
 * Reports incidents whose files changed: at once where the system tells (fs.watch), by looking every `everyMs` where
 * it does not (network drives, used-up inotify watches). One look at a time; a look that fails changes nothing.
 */
export function watchJournal({ folder, look, onChange, everyMs }: WatchDeps): JournalWatch {
  let known: ReadonlyMap<string, string> | undefined;
  let looking: Promise<void> | undefined;
  let again = false;
  let disposed = false;
  let soon: NodeJS.Timeout | undefined;
  let watcher: FSWatcher | undefined;

  const lookOnce = async () => {
    let seen: ReadonlyMap<string, string>;
    try {
      seen = await look();
    } catch {
      return;
    }
    const before = known;
    known = seen;
    if (!before || disposed) return;
    const ids = new Set([...before.keys(), ...seen.keys()]);
    for (const id of ids) if (before.get(id) !== seen.get(id)) onChange(id);
  };

  const lookNow = (): Promise<void> => {
    again = true;
    looking ??= (async () => {
      while (again && !disposed) {
        again = false;
        await lookOnce();
      }
      looking = undefined;
    })();
    return looking;
  };

  const drop = () => {
    watcher?.close();
    watcher = undefined;
  };
  const listen = () => {
    if (watcher || disposed) return;
    try {
      watcher = watch(folder, { persistent: false }, () => {
        soon ??= setTimeout(() => {
          soon = undefined;
          void lookNow();
        }, COALESCE_MS).unref();
      });
      watcher.on('error', drop);
    } catch {
      // Not there yet, or no watches left: the timer looks, and tries to listen again.
    }
  };

  listen();
  const ready = lookNow();
  const timer = setInterval(() => {
    listen();
    void lookNow();
  }, everyMs).unref();

  return {
    ready,
    dispose() {
      disposed = true;
      clearInterval(timer);
      clearTimeout(soon);
      drop();
    },
  };
}
