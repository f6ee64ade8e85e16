/** A run of lines that is parsed by itself, with the 0-based line it begins at. */
export interface Segment {
  readonly from: number;
  readonly to: number;
}

interface OpenFence {
  readonly marker: string;
  /** Of a kind in which a heading or an inner fence may well be content. */
  readonly isDocument: boolean;
}

const opener = /^[\s>]*(?:(?:[-*+]|\d{1,9}[.)])\s+)*(`{3,}|~{3,})([^`]*)$/;
const document = /^(?:markdown|md|mdx|text|txt|plain|plaintext)\b/i;

/**
 * Cuts the file where a fence was clearly forgotten to be closed, so that what follows is read as the guide it is
 * instead of being swallowed: at a labelled fence that opens inside a command fence, and, in a file that ends inside a
 * fence, at a heading with Markdown behind it. A heading above that label goes with it. A file whose fences close is one
 * segment. Linear: two passes over the lines at most.
 */
export function splitAtUnclosedFences(lines: readonly string[], from: number): Segment[] {
  const first = scan(lines, from, false);
  const cuts = first.endsOpen ? scan(lines, from, true).cuts : first.cuts;
  const starts = [from, ...cuts];
  return starts.map((start, index) => ({ from: start, to: starts[index + 1] ?? lines.length }));
}

/** The text of the line that opens the fence around a 1-based line; undefined where that line stands in none. */
export function openingOfFence(lines: readonly string[], line: number, from: number): string | undefined {
  const segment = splitAtUnclosedFences(lines, from).find((each) => each.from < line && line <= each.to);
  let opening: { readonly text: string; readonly marker: string } | undefined;
  for (let at = segment?.from ?? line; at < line; at++) {
    const text = lines[at] ?? '';
    const [, marker = '', info = ''] = opener.exec(text) ?? [];
    if (marker === '') continue;
    if (!opening) opening = { text, marker };
    else if (marker.startsWith(opening.marker) && info.trim() === '') opening = undefined;
  }
  return opening?.text;
}

function scan(
  lines: readonly string[],
  from: number,
  broken: boolean,
): { cuts: number[]; endsOpen: boolean } {
  const cuts: number[] = [];
  let open: OpenFence | undefined;
  let heading: number | undefined; // the first line in the open fence that would be a heading outside
  for (let at = from; at < lines.length; at++) {
    const line = lines[at] ?? '';
    const fence = line.includes('```') || line.includes('~~~') ? opener.exec(line) : null;
    if (!open) {
      if (fence) [open, heading] = [opened(fence), undefined];
      continue;
    }
    const { isDocument } = open;
    if (fence) {
      const [, marker = '', info = ''] = fence;
      const fits = marker[0] === open.marker[0] && marker.length >= open.marker.length;
      if (fits && info.trim() === '') {
        open = undefined;
      } else if (fits && /^\s*[a-z{]/i.test(info) && (broken || !isDocument)) {
        cuts.push(heading ?? at);
        [open, heading] = [opened(fence), undefined];
      }
      continue;
    }
    if (
      isDocument ||
      !line.startsWith('##') ||
      !/^#{2,6}\s+\S/.test(line) ||
      (lines[at - 1] ?? '').trim() !== ''
    )
      continue;
    heading ??= at;
    if (broken && isFollowedByMarkdown(lines, at)) {
      cuts.push(heading);
      open = undefined;
    }
  }
  return { cuts, endsOpen: open !== undefined };
}

/** In a shell `## Deploy` is a comment with commands behind it; a heading has a table, a list, a sentence. */
function isFollowedByMarkdown(lines: readonly string[], heading: number): boolean {
  const end = Math.min(lines.length, heading + 12);
  for (let at = heading + 1; at < end; at++) {
    const line = (lines[at] ?? '').trim().slice(0, 400);
    if (line === '' || line.startsWith('#')) continue;
    if (at === heading + 1) return false;
    return /^(?:\||[-*+]\s|>\s|\d{1,3}[.)]\s|<!--|\[[^\]]+\]\()|^\p{Lu}[^|&;$]*\s[^|&;$]*[.:!?]$/u.test(line);
  }
  return false;
}

const opened = (match: RegExpExecArray): OpenFence => ({
  marker: match[1] ?? '```',
  isDocument: document.test((match[2] ?? '').trim()),
});
