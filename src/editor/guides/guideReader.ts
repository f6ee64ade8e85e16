import { createHash } from 'node:crypto';
import type { Guide } from '../../core/guide/guide.ts';

/** A Markdown file of the workspace: its address, and its path as people write it. */
export interface GuideFile {
  readonly uri: string;
  readonly file: string;
}

/** Guides that were read before, by what their file held; it may forget any of them. */
export interface GuideCache {
  get(hash: string): Promise<Guide | undefined>;
  put(hash: string, guide: Guide): void;
  /** Keeps what was put and asked for since the last time. */
  save(): Promise<void>;
}

export interface GuideReaderPorts {
  /** Rejects when the file cannot be read. */
  readonly read: (uri: string) => Promise<Uint8Array>;
  /** Undefined where the text is no guide. */
  readonly parse: (source: string, file: string) => Guide | undefined;
  readonly cache: GuideCache;
  /** Lets the rest of the process have its turn. */
  readonly pause: () => Promise<void>;
  /** Milliseconds, for the time between pauses only. */
  readonly clock: () => number;
  readonly onUnreadable: (file: string, thrown: unknown) => void;
}

export interface GuideReader {
  /**
   * The guides among these files, in their order. A file that was read before and is not `stale` is not read again;
   * one whose content is known is not parsed again; one that is no longer listed is forgotten. `onSome` gets what is
   * there so far, from time to time. Ends early, with what there is, when the signal is aborted.
   */
  readAll(
    files: readonly GuideFile[],
    signal: AbortSignal,
    onSome?: (guides: readonly Guide[]) => void,
  ): Promise<readonly Guide[]>;
  /** The file changed: it is read at the next turn. */
  stale(uri: string): void;
}

/** Parsing is paused after this long, so that typing and drawing go on. */
const longestStretchMs = 20;
/** So many files are on their way from the disk at once. */
const readAtOnce = 16;
/** After so many files what is there is shown. */
const shownEvery = 100;

/** Reads many guides without standing in the way, and each only when it is new. */
export function createGuideReader(ports: GuideReaderPorts): GuideReader {
  const known = new Map<string, { readonly hash: string; readonly guide: Guide | undefined }>();
  const staleOnes = new Set<string>();

  const readOne = async ({ uri, file }: GuideFile): Promise<void> => {
    staleOnes.delete(uri);
    try {
      const bytes = await ports.read(uri);
      // The path is part of it: links and ids are resolved against it.
      const hash = createHash('sha256').update(file).update('\0').update(bytes).digest('hex');
      if (known.get(uri)?.hash === hash) return;
      const cached = await ports.cache.get(hash);
      const guide = cached ?? ports.parse(new TextDecoder().decode(bytes), file);
      if (guide && !cached) ports.cache.put(hash, guide);
      known.set(uri, { hash, guide });
    } catch (thrown) {
      known.delete(uri);
      ports.onUnreadable(file, thrown);
    }
  };

  return {
    stale: (uri) => {
      staleOnes.add(uri);
    },
    readAll: async (files, signal, onSome) => {
      const listed = new Set(files.map(({ uri }) => uri));
      for (const uri of known.keys()) if (!listed.has(uri)) known.delete(uri);
      const guides = (): Guide[] => files.flatMap(({ uri }) => known.get(uri)?.guide ?? []);
      const waiting = files.filter(({ uri }) => !known.has(uri) || staleOnes.has(uri));
      let since = ports.clock();
      let next = 0;
      let done = 0;
      const work = async (): Promise<void> => {
        for (let at = next++; at < waiting.length && !signal.aborted; at = next++) {
          const file = waiting[at];
          if (file) await readOne(file);
          done++;
          if (done % shownEvery === 0 && done < waiting.length) onSome?.(guides());
          if (ports.clock() - since < longestStretchMs) continue;
          await ports.pause();
          since = ports.clock();
        }
      };
      await Promise.all(Array.from({ length: readAtOnce }, work));
      if (!signal.aborted && waiting.length > 0) await ports.cache.save();
      return guides();
    },
  };
}
