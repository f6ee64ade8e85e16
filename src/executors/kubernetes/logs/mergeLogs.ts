import { readStamp } from './logLines.ts';

/** One log to be merged: its lines in batches, each with its time in front. */
export interface MergedSource {
  /** Written in front of each line. */
  readonly prefix: string;
  readonly batches: AsyncIterator<readonly string[]>;
  /** Told what ended the log before its end. */
  readonly onCut: (thrown: unknown) => Promise<void> | void;
  /** Told when the others no longer wait for this one. */
  readonly onLate: () => Promise<void> | void;
}

export interface MergeOptions {
  readonly timestamps: boolean;
  /** How long all wait for the next line of one, milliseconds. */
  readonly patienceMs: number;
  /** False once no more is wanted. */
  readonly write: (text: string) => Promise<boolean>;
}

interface Reader extends MergedSource {
  lines: readonly string[];
  at: number;
  /** The time of the next line; the line before it speaks for one without. */
  key: string;
  from: number;
  coming: Promise<void> | undefined;
  ended: boolean;
  late: boolean;
}

/** So much is put together before it is written, letters. */
const pieceLength = 64 * 1024;

/**
 * Writes the lines of several logs in the order of their times; lines of one log stay in its order. Every log must have
 * shown its next line before any is written; one that keeps the others waiting too long is left behind and its lines
 * follow when they come. False when no more was wanted.
 */
export async function mergeLogs(sources: readonly MergedSource[], options: MergeOptions): Promise<boolean> {
  const readers = sources.map((source): Reader => ({
    ...source,
    lines: [],
    at: 0,
    key: '',
    from: 0,
    coming: undefined,
    ended: false,
    late: false,
  }));
  let piece: string[] = [];
  let length = 0;
  const flush = async (): Promise<boolean> => {
    if (piece.length === 0) return true;
    const text = piece.join('');
    piece = [];
    length = 0;
    return options.write(text);
  };
  for (const reader of readers) refill(reader);
  for (;;) {
    if (readers.some((reader) => reader.coming !== undefined && !reader.late)) {
      if (!(await flush())) return false;
      await untilShown(readers, options.patienceMs);
    }
    const [first, limit] = earliest(readers);
    if (first === undefined) {
      if (!(await flush())) return false;
      const coming = readers.flatMap((reader) => reader.coming ?? []);
      if (coming.length === 0) return true;
      await Promise.race(coming);
      continue;
    }
    do {
      const line = first.lines[first.at] ?? '';
      const text = first.prefix + (options.timestamps ? line : line.slice(first.from)) + '\n';
      piece.push(text);
      length += text.length;
      first.at += 1;
      if (first.at < first.lines.length) look(first);
    } while (first.at < first.lines.length && (limit === undefined || first.key <= limit));
    if (first.at >= first.lines.length) refill(first);
    if (length >= pieceLength && !(await flush())) return false;
  }
}

function look(reader: Reader): void {
  const { key, from } = readStamp(reader.lines[reader.at] ?? '');
  if (key !== undefined) reader.key = key;
  reader.from = from;
}

function refill(reader: Reader): void {
  if (reader.ended) return;
  reader.coming = (async () => {
    try {
      const next = await reader.batches.next();
      if (next.done === true) reader.ended = true;
      else {
        reader.lines = next.value;
        reader.at = 0;
        look(reader);
      }
    } catch (thrown) {
      reader.ended = true;
      await reader.onCut(thrown);
    }
    reader.coming = undefined;
    reader.late = false;
  })();
}

async function untilShown(readers: readonly Reader[], patienceMs: number): Promise<void> {
  const awaited = readers.filter((reader) => reader.coming !== undefined && !reader.late);
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, patienceMs);
  });
  await Promise.race([Promise.all(awaited.flatMap(({ coming }) => coming ?? [])), patience]);
  clearTimeout(timer);
  for (const reader of awaited) {
    if (reader.coming === undefined) continue;
    reader.late = true;
    await reader.onLate();
  }
}

/** The log whose next line is the oldest, and the time of the oldest line of any other. */
function earliest(readers: readonly Reader[]): readonly [Reader | undefined, string | undefined] {
  let first: Reader | undefined;
  let limit: string | undefined;
  for (const reader of readers) {
    if (reader.at >= reader.lines.length) continue;
    if (first === undefined) first = reader;
    else if (reader.key < first.key) {
      limit = first.key;
      first = reader;
    } else if (limit === undefined || reader.key < limit) limit = reader.key;
  }
  return [first, limit];
}
