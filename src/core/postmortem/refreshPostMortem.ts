import { diffIndices } from 'node-diff3';
import { failed, ok, type Result } from '../errors.ts';
import { hashLine, linesOfText, readDocument, writeDocument } from './generatedBase.ts';
import { sectionRange } from './sectionRange.ts';

export interface Refreshed {
  /** The whole document, ready to be written. */
  readonly text: string;
  /** In how many places it follows the journal now. */
  readonly renewed: number;
  /** Where people wrote and the journal says something else by now: their text stays. */
  readonly kept: readonly KeptPlace[];
}

export interface KeptPlace {
  /** 1-based, in the new text. */
  readonly line: number;
  /** What would be generated there. */
  readonly generated: readonly string[];
}

/** A stretch where something differs from what was generated, as ranges of the three texts. */
interface Region {
  readonly base: Range;
  readonly mine: Range;
  readonly next: Range;
  readonly side: 'mine' | 'next' | 'both';
}
type Range = readonly [start: number, end: number];

/**
 * Brings a post-mortem up to its journal and leaves every line that people wrote: a merge of what was generated then
 * (by the hashes in the document), what stands there, and what is generated now. Where both changed, people's text stays
 * and is reported. `part` 'timeline' leaves everything outside that section. Codes: `invalid` when the document does not
 * say what was generated, `not-found` when it has no timeline; nothing is changed then.
 */
export function refreshPostMortem(
  document: string,
  generated: string,
  part: 'all' | 'timeline' = 'all',
): Result<Refreshed> {
  const { lines, base, eol } = readDocument(document);
  if (!base)
    return failed(
      'invalid',
      'This document does not say what was generated: it was written by hand, or its last comment was changed. Nothing was touched; Draft Post-Mortem shows the new draft beside yours.',
    );
  const within = part === 'all' ? ([0, Infinity] as const) : sectionRange(lines, 'timeline');
  if (!within) return failed('not-found', 'There is no timeline in this document. Nothing was touched.');
  const next = linesOfText(generated);
  const nextHashes = next.map(hashLine);
  const mineHashes = lines.map(hashLine);

  const text: string[] = [];
  const hashes: string[] = [];
  const kept: KeptPlace[] = [];
  let renewed = 0;
  let at = { base: 0, mine: 0 };
  const takeSame = (until: number): void => {
    const length = until - at.mine;
    text.push(...lines.slice(at.mine, until));
    hashes.push(...base.hashes.slice(at.base, at.base + length));
    at = { base: at.base + length, mine: until };
  };
  for (const region of regionsOf(base.hashes, mineHashes, nextHashes)) {
    takeSame(region.mine[0]);
    const mine = lines.slice(...region.mine);
    const isWithin = region.mine[0] >= within[0] && region.mine[1] <= within[1];
    if (region.side === 'mine' || !isWithin) {
      text.push(...mine);
      hashes.push(...base.hashes.slice(...region.base));
    } else {
      const merged = mergeRegion(region, base.hashes, lines, next);
      if (merged.kept) kept.push({ line: text.length + 1, generated: merged.kept });
      if (merged.lines.join('\n') !== mine.join('\n')) renewed++;
      text.push(...merged.lines);
      hashes.push(...nextHashes.slice(...region.next));
    }
    at = { base: region.base[1], mine: region.mine[1] };
  }
  takeSame(lines.length);
  return ok({ text: writeDocument(text, { incident: base.incident, hashes }, eol), renewed, kept });
}

interface Merged {
  readonly lines: readonly string[];
  /** What was generated and is not taken. */
  readonly kept?: readonly string[];
}

function mergeRegion(
  region: Region,
  base: readonly string[],
  lines: readonly string[],
  generated: readonly string[],
): Merged {
  const mine = lines.slice(...region.mine);
  const next = generated.slice(...region.next);
  if (region.side === 'next' || mine.join('\n') === next.join('\n')) return { lines: next };
  const before = base.slice(...region.base);
  // Both only added something at one place: there is nothing to choose between.
  if (before.length === 0) return { lines: [...mine, ...next] };
  if (mine.length !== before.length || next.length !== before.length) return { lines: mine, kept: next };
  const kept: string[] = [];
  const merged = mine.map((line, index) => {
    const then = before[index];
    const now = next[index] ?? '';
    if (hashLine(line) === then) return now;
    if (hashLine(now) !== then && now !== line) kept.push(now);
    return line;
  });
  return kept.length === 0 ? { lines: merged } : { lines: merged, kept };
}

interface Hunk {
  readonly side: 'mine' | 'next';
  readonly base: Range;
  readonly to: Range;
}

function regionsOf(
  base: readonly string[],
  mine: readonly string[],
  next: readonly string[],
): readonly Region[] {
  const hunks = [...hunksOf('mine', base, mine), ...hunksOf('next', base, next)].sort(
    (a, b) => a.base[0] - b.base[0] || a.base[1] - b.base[1] || (a.side === 'mine' ? -1 : 1),
  );
  const shift = { mine: 0, next: 0 };
  const regions: Region[] = [];
  for (let i = 0; i < hunks.length;) {
    const together = [hunks[i]!];
    let end = hunks[i]!.base[1];
    for (i++; i < hunks.length && meets(together, end, hunks[i]!); i++) {
      together.push(hunks[i]!);
      end = Math.max(end, hunks[i]!.base[1]);
    }
    const range: Range = [together[0]!.base[0], end];
    const rangeOf = (side: 'mine' | 'next'): Range => {
      const start = range[0] + shift[side];
      for (const hunk of together)
        if (hunk.side === side) shift[side] += hunk.to[1] - hunk.to[0] - (hunk.base[1] - hunk.base[0]);
      return [start, range[1] + shift[side]];
    };
    const sides = new Set(together.map(({ side }) => side));
    const side = sides.size === 2 ? 'both' : together[0]!.side;
    regions.push({ base: range, mine: rangeOf('mine'), next: rangeOf('next'), side });
  }
  return regions;
}

/** Hunks that only touch stand beside each other; two additions at one place belong together. */
function meets(together: readonly Hunk[], end: number, { base: [start, stop] }: Hunk): boolean {
  const first = together[0]!.base[0];
  return start < end || (start === stop && start === end && first === end);
}

function hunksOf(side: Hunk['side'], base: readonly string[], changed: readonly string[]): readonly Hunk[] {
  return diffIndices([...base], [...changed]).map(({ buffer1: [from, length], buffer2: [to, count] }) => ({
    side,
    base: [from, from + length],
    to: [to, to + count],
  }));
}
