/** Longest line the tail shows; the saved output has the whole line. */
const maxLineChars = 2_000;

/** The last lines of an output that goes on. */
export interface Tail {
  write(text: string): void;
  /** The kept lines joined with LF, the unfinished last line included. */
  text(): string;
  /** Lines of the whole output so far, an unfinished one counted. */
  lines(): number;
}

/**
 * Keeps the last `keep` lines of what is written, in constant memory.
 * @param keep number of lines
 */
export function createTail(keep: number): Tail {
  let kept: string[] = [];
  let ended = 0;
  let open = '';
  return {
    write(text) {
      const parts = text.split('\n');
      const last = parts.pop() ?? '';
      if (parts.length === 0) {
        if (open.length <= maxLineChars) open += last;
        return;
      }
      parts[0] = open + (parts[0] ?? '');
      open = last;
      ended += parts.length;
      kept.push(...parts.slice(-keep).map(shorten));
      if (kept.length > keep * 4) kept = kept.slice(-keep);
    },
    text: () => [...kept, ...(open ? [shorten(open)] : [])].slice(-keep).join('\n'),
    lines: () => ended + (open ? 1 : 0),
  };
}

const shorten = (line: string): string =>
  line.length > maxLineChars
    ? `${line.slice(0, maxLineChars)} … (line cut here, whole in the saved output)`
    : line;
