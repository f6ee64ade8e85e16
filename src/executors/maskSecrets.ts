import type { Outcome } from '../core/plan/plan.ts';
import type { OutputStream, RunIo } from '../core/ports.ts';

/** What stands where a secret was. */
export const masked = '***';

/** Lines of a longer secret (a key file) that are hidden on their own too; shorter ones would hide ordinary words. */
const shortestLine = 8;

/** A secret's other shapes in texts: its lines, as part of a URL, inside JSON. */
const shapesOf = (value: string): readonly string[] => [
  value,
  ...value.split(/\r?\n/).filter((line) => line.length >= shortestLine),
  encodeURIComponent(value.replace(/\p{Cs}/gu, '\uFFFD')),
  JSON.stringify(value).slice(1, -1),
  ...encodedShapes(value),
];

/** Longer values are files; their lines are hidden. A piece of base64 shorter than this says nothing. */
const longestEncoded = 512;
const shortestEncoded = 8;

/**
 * What of a value's base64 (RFC 4648, both alphabets) is the same whatever stands before and behind it: three texts, for
 * it can begin at the first, second or third byte of a group. A character that holds bits of a neighbour is left out.
 */
function encodedShapes(value: string): readonly string[] {
  const bytes = Buffer.from(value);
  if (bytes.length > longestEncoded) return [];
  return [0, 1, 2].flatMap((before) => {
    const padded = Buffer.concat([Buffer.alloc(before), bytes]);
    const [from, to] = [Math.ceil((before * 8) / 6), Math.floor((padded.length * 8) / 6)];
    return (['base64', 'base64url'] as const)
      .map((encoding) => padded.toString(encoding).slice(from, to))
      .filter((piece) => piece.length >= shortestEncoded);
  });
}

export interface Masker {
  /** What may be shown of `text` now; a piece that could be the beginning of a secret is held back. */
  write(text: string): string;
  /** What was held back, when nothing follows any more. */
  end(): string;
}

/**
 * Hides every occurrence of the values in a text that comes in pieces, wherever the pieces are cut: the result is the
 * same as for the whole text at once. Overlapping and adjoining occurrences become one mask.
 */
export function createMasker(values: readonly string[]): Masker {
  const hidden = [...new Set(values.filter((value) => value !== '').flatMap(shapesOf))].filter(Boolean);
  let kept = '';
  /** How many characters at the start of `kept` belong to an occurrence whose mask has been given out. */
  let covered = 0;
  /** True while the last thing given out is a mask: an occurrence that adjoins it needs no second one. */
  let shown = false;

  function give(text: string, last: boolean): string {
    const settled = last ? text.length : firstUnsettled(text, hidden);
    let out = '';
    let coveredTo = covered;
    for (const [start, end] of occurrences(text, hidden)) {
      if (start >= settled) break;
      if (start > coveredTo) {
        out += text.slice(coveredTo, start);
        shown = false;
      }
      if (!shown) out += masked;
      shown = true;
      coveredTo = Math.max(coveredTo, end);
    }
    if (coveredTo < settled) {
      out += text.slice(coveredTo, settled);
      shown = false;
    }
    covered = Math.max(0, coveredTo - settled);
    kept = text.slice(settled);
    return out;
  }
  return {
    write: (text) => (hidden.length === 0 ? text : give(kept + text, false)),
    end: () => (kept === '' ? '' : give(kept, true)),
  };
}

/** Where an occurrence could begin that needs more text to be known: the shortest tail that starts a value. */
function firstUnsettled(text: string, hidden: readonly string[]): number {
  let first = text.length;
  for (const value of hidden) {
    for (let at = Math.max(0, text.length - value.length + 1); at < first; at += 1) {
      if (value.startsWith(text.slice(at))) first = at;
    }
  }
  return first;
}

/** All occurrences, overlapping ones too, in order of their starts. */
function occurrences(text: string, hidden: readonly string[]): readonly (readonly [number, number])[] {
  const found: [number, number][] = [];
  for (const value of hidden) {
    for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + 1))
      found.push([at, at + value.length]);
  }
  return found.sort((a, b) => a[0] - b[0] || b[1] - a[1]);
}

/** A whole text with every occurrence hidden. */
export function maskText(text: string, values: readonly string[]): string {
  const masker = createMasker(values);
  return masker.write(text) + masker.end();
}

/** The outcome with every text in it masked. */
export const maskOutcome = (outcome: Outcome, values: readonly string[]): Outcome =>
  Object.fromEntries(
    Object.entries(outcome).map(([key, value]) => [
      key,
      typeof value === 'string' && key !== 'kind' ? maskText(value, values) : (value as unknown),
    ]),
  ) as unknown as Outcome;

/** A run's output with the values hidden in both streams. `end` gives out what was held back. */
export interface MaskedIo extends RunIo {
  end(): Promise<void>;
}

export function maskIo(io: RunIo, values: readonly string[]): MaskedIo {
  const maskers: Readonly<Record<OutputStream, Masker>> = {
    stdout: createMasker(values),
    stderr: createMasker(values),
  };
  const { changed } = io;
  return {
    write: (text, stream) => {
      const shown = maskers[stream].write(text);
      return shown === '' ? undefined : io.write(shown, stream);
    },
    ...(changed === undefined ? {} : { changed: (change) => changed.call(io, change) }),
    async end() {
      for (const stream of ['stdout', 'stderr'] as const) {
        const rest = maskers[stream].end();
        if (rest !== '') await io.write(rest, stream);
      }
    },
  };
}
