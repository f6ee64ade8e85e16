/** A run of lines that is parsed by itself, with the 0-based line it begins at. */
export interface Segment {
  readonly from: number;
  readonly to: number;
}

interface OpenFence {
  readonly marker: string;
  readonly language: string;
  readonly depth: number;
}

const opener = /^[\s>]*(?:(?:[-*+]|\d{1,9}[.)])\s+)*(`{3,}|~{3,})([^`]*)$/;
/** In these a heading or an inner fence may well be content. */
const document = /^(?:markdown|md|mdx|text|txt|plain|plaintext)\b/i;

/**
 * Cuts the file where a fence was clearly forgotten to be closed, so that what follows is read as the guide it is
 * instead of being swallowed: before a line that opens a labelled fence inside a command fence, and, in a file that
 * ends inside a fence, also before a heading that follows a blank line. A file whose fences close is one segment.
 * Linear: two passes over the lines at most.
 */
export function splitAtUnclosedFences(lines: readonly string[], from: number): Segment[] {
  const first = scan(lines, from, false);
  const cuts = first.endsOpen ? scan(lines, from, true).cuts : first.cuts;
  const starts = [from, ...cuts];
  return starts.map((start, index) => ({ from: start, to: starts[index + 1] ?? lines.length }));
}

function scan(
  lines: readonly string[],
  from: number,
  broken: boolean,
): { cuts: number[]; endsOpen: boolean } {
  const cuts: number[] = [];
  let open: OpenFence | undefined;
  for (let at = from; at < lines.length; at++) {
    const line = lines[at] ?? '';
    const fence = line.includes('```') || line.includes('~~~') ? opener.exec(line) : null;
    if (!open) {
      if (fence) open = opened(line, fence);
      continue;
    }
    if (fence) {
      const [, marker = '', info = ''] = fence;
      const fits = marker[0] === open.marker[0] && marker.length >= open.marker.length;
      if (fits && info.trim() === '') {
        open = undefined;
      } else if (fits && /^\s*[a-z{]/i.test(info) && (broken || !document.test(open.language))) {
        cuts.push(at);
        open = opened(line, fence);
      }
      continue;
    }
    const isHeading = broken && /^#{2,6}\s+\S/.test(line) && (lines[at - 1] ?? '').trim() === '';
    if (isHeading && !document.test(open.language)) {
      cuts.push(at);
      open = undefined;
    }
  }
  return { cuts, endsOpen: open !== undefined };
}

const opened = (line: string, match: RegExpExecArray): OpenFence => ({
  marker: match[1] ?? '```',
  language: (match[2] ?? '').trim(),
  depth: line.length - line.trimStart().length,
});
