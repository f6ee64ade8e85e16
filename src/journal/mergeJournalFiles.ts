import type { AnyEvent } from '../core/incident/events.ts';
import type { JournalFile, JournalProblem } from './parseJournalFile.ts';

export interface MergedJournal {
  /** In clock order; ties by writer, then number. */
  readonly events: readonly AnyEvent[];
  /** Hash of the last line of each writer. */
  readonly heads: Readonly<Record<string, string>>;
  readonly problems: readonly JournalProblem[];
  /** Hash of every readable line: a head recorded once must be among them. */
  readonly hashes: ReadonlySet<string>;
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Clock order; ties by writer, then number. */
export const compareEvents = (a: AnyEvent, b: AnyEvent): number =>
  compareText(a.clock, b.clock) || compareText(a.writer, b.writer) || a.n - b.n;

/**
 * The set union of all writers' lines: the same line in two files (a copied file) counts once, two different lines
 * with one number are both kept and reported. The order of the files does not matter. Never throws.
 */
export function mergeJournalFiles(files: readonly JournalFile[]): MergedJournal {
  const problems = files.flatMap((file) => file.problems);
  const byHash = new Map<string, AnyEvent>();
  const byNumber = new Map<string, string>();
  const lastOf = new Map<string, { n: number; hash: string }>();
  for (const { file, lines } of files) {
    for (const { event, hash, line } of lines) {
      if (byHash.has(hash)) continue;
      byHash.set(hash, event);
      const number = `${event.writer}/${event.n}`;
      if (byNumber.has(number)) {
        const message = `Line ${line} of ${file} and another line both say they are number ${event.n} of the same writer. Both are shown as they stand.`;
        problems.push({ file, line, code: 'broken-chain', message });
      } else {
        byNumber.set(number, hash);
      }
      const last = lastOf.get(event.writer);
      if (!last || event.n > last.n || (event.n === last.n && hash < last.hash)) {
        lastOf.set(event.writer, { n: event.n, hash });
      }
    }
  }
  const sorted = [...byHash].sort(
    ([hashA, a], [hashB, b]) => compareEvents(a, b) || compareText(hashA, hashB),
  );
  return {
    events: sorted.map(([, event]) => event),
    heads: Object.fromEntries([...lastOf].sort().map(([writer, { hash }]) => [writer, hash])),
    problems,
    hashes: new Set(byHash.keys()),
  };
}
