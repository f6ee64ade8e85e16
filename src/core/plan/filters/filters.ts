import { translateGrep } from './grepPattern.ts';
import type { LineMatcher } from './grepPattern.ts';
import type { Filter } from '../plan.ts';

/** Line filters in a row, fed with text as it comes. */
export interface FilterPipeline {
  /** Takes any piece of the output, lines split anywhere, and gives what is ready to be shown. */
  write(text: string): string;
  /** Gives the rest; `matched` is false when a grep selected nothing. Call it once. */
  end(): { readonly text: string; readonly matched: boolean };
  /** True when nothing that still comes can change the result (`head` has its lines): upstream may stop. */
  readonly done: boolean;
}

/** One filter: whole lines in, whole lines out; a last line without line end comes with `finish`. */
interface Stage {
  take(lines: readonly string[]): readonly string[];
  finish(last: string | undefined): { readonly lines: readonly string[]; readonly last: string | undefined };
  readonly done?: boolean;
}

type Grep = Extract<Filter, { name: 'grep' }>;

function matcherOf(filter: Grep): LineMatcher | undefined {
  const { pattern, fixed, extended, ignoreCase } = filter;
  // GNU grep ends at once, without even a count, when an inverted empty pattern can select nothing.
  if (pattern === '' && filter.invert) return undefined;
  if (!fixed) return translateGrep(pattern, { extended, ignoreCase });
  if (/[\n\0]/.test(pattern)) return undefined;
  if (!ignoreCase) return { matches: (line) => line.includes(pattern) };
  const expression = new RegExp(pattern.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'), 'iu');
  return { matches: (line) => expression.test(line) };
}

/** False when only the real tool would give the right answer: a grep pattern that cannot be translated surely. */
export const canFilter = (filter: Filter): boolean =>
  filter.name !== 'grep' || /^[A-Za-z0-9_ ]+$/.test(filter.pattern) || matcherOf(filter) !== undefined;

/**
 * Behaves as the GNU tools do with LC_ALL=C order, in memory and line by line. Filters must have passed
 * `canFilter`; a grep that has not selects nothing.
 */
export function createFilterPipeline(filters: readonly Filter[]): FilterPipeline {
  let matched = true;
  const stages = filters.map((filter) => {
    if (filter.name !== 'grep') return createStage(filter);
    const grep = createGrep(filter);
    return grep;
  });
  const greps = stages.filter((stage): stage is GrepStage => 'selected' in stage);
  let partial = '';

  const join = (lines: readonly string[]): string => (lines.length > 0 ? `${lines.join('\n')}\n` : '');
  const through = (lines: readonly string[], from: number): readonly string[] =>
    stages.slice(from).reduce((sofar, stage) => (sofar.length > 0 ? stage.take(sofar) : sofar), lines);
  return {
    write(text) {
      if (stages.length === 0) return text;
      const cut = text.lastIndexOf('\n');
      if (cut < 0) {
        partial += text;
        return '';
      }
      const lines = (partial + text.slice(0, cut)).split('\n');
      partial = text.slice(cut + 1);
      return join(through(lines, 0));
    },
    end() {
      let last = partial === '' ? undefined : partial;
      let out: readonly string[] = [];
      partial = '';
      for (const stage of stages) {
        const passed = out.length > 0 ? stage.take(out) : [];
        const rest = stage.finish(last);
        out = [...passed, ...rest.lines];
        last = rest.last;
      }
      matched = greps.every((grep) => grep.selected > 0);
      return { text: join(out) + (last ?? ''), matched };
    },
    get done() {
      return stages.some((stage) => stage.done === true);
    },
  };
}

interface GrepStage extends Stage {
  readonly selected: number;
}

function createGrep(filter: Grep): GrepStage {
  const matcher = matcherOf(filter);
  let selected = 0;
  const select = (line: string): boolean => {
    if (!matcher || matcher.matches(line) === filter.invert) return false;
    selected += 1;
    return true;
  };
  return {
    take(lines) {
      const chosen = lines.filter(select);
      return filter.count ? [] : chosen;
    },
    finish(last) {
      // GNU grep ends its last line even where the input did not.
      const lines = last !== undefined && select(last) && !filter.count ? [last] : [];
      return { lines: filter.count ? [String(selected)] : lines, last: undefined };
    },
    get selected() {
      return selected;
    },
  };
}

function createStage(filter: Exclude<Filter, Grep>): Stage {
  switch (filter.name) {
    case 'head':
      return createHead(filter.lines);
    case 'tail':
      return createTail(filter.lines);
    case 'wc':
      return createCount(filter.linesOnly);
    case 'sort':
      return createSort(filter);
    case 'uniq':
      return createUniq(filter.count);
  }
}

function createHead(wanted: number): Stage {
  let left = wanted;
  return {
    take(lines) {
      const taken = lines.slice(0, left);
      left -= taken.length;
      return taken;
    },
    finish: (last) => ({ lines: [], last: left > 0 ? last : undefined }),
    get done() {
      return left <= 0;
    },
  };
}

function createTail(wanted: number): Stage {
  let kept: string[] = [];
  const trim = (): void => {
    kept = wanted === 0 ? [] : kept.slice(-wanted);
  };
  return {
    take(lines) {
      for (const line of lines) kept.push(line);
      if (kept.length > 2 * wanted + 1000) trim();
      return [];
    },
    finish(last) {
      if (last !== undefined) kept.push(last);
      trim();
      return last === undefined || wanted === 0
        ? { lines: kept, last: undefined }
        : { lines: kept.slice(0, -1), last };
    },
  };
}

/** Bytes of a text in UTF-8, without a platform encoder. */
function utf8Length(text: string): number {
  let bytes = 0;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    // Each half of a surrogate pair counts two of the four bytes.
    bytes += unit < 0x80 ? 1 : unit < 0x800 || (unit >= 0xd800 && unit < 0xe000) ? 2 : 3;
  }
  return bytes;
}

function createCount(linesOnly: boolean): Stage {
  let lines = 0;
  let words = 0;
  let bytes = 0;
  const count = (line: string): void => {
    words += line.match(/[^ \t\v\f\r]+/g)?.length ?? 0;
    bytes += utf8Length(line);
  };
  return {
    take(more) {
      lines += more.length;
      bytes += more.length;
      if (!linesOnly) more.forEach(count);
      return [];
    },
    finish(last) {
      if (last !== undefined) count(last);
      const columns = [lines, words, bytes].map((each) => String(each).padStart(7)).join(' ');
      return { lines: [linesOnly ? String(lines) : columns], last: undefined };
    },
  };
}

/** UTF-16 order made UTF-8 byte order: surrogates sort behind everything else of the basic plane. */
function compareBytes(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i += 1) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return byteRank(x) - byteRank(y);
  }
  return a.length - b.length;
}
const byteRank = (unit: number): number =>
  unit < 0xd800 ? unit : unit < 0xe000 ? unit + 0x2000 : unit - 0x800;

interface Figure {
  readonly negative: boolean;
  readonly whole: string;
  readonly fraction: string;
}

/** The number at the start of a line as `sort -n` reads it, exact for any length; no number is zero. */
function figureOf(line: string): Figure {
  const hit = /^[ \t]*(-?)(\d*)(?:\.(\d*))?/.exec(line);
  const whole = (hit?.[2] ?? '').replace(/^0+/, '');
  const fraction = (hit?.[3] ?? '').replace(/0+$/, '');
  return { negative: hit?.[1] === '-' && (whole !== '' || fraction !== ''), whole, fraction };
}

function compareFigures(a: Figure, b: Figure): number {
  if (a.negative !== b.negative) return a.negative ? -1 : 1;
  const size =
    a.whole.length - b.whole.length || compareBytes(a.whole, b.whole) || compareBytes(a.fraction, b.fraction);
  return a.negative ? -size : size;
}

function createSort({
  reverse,
  numeric,
  unique,
}: {
  readonly reverse: boolean;
  readonly numeric: boolean;
  readonly unique: boolean;
}): Stage {
  const lines: string[] = [];
  return {
    take(more) {
      for (const line of more) lines.push(line);
      return [];
    },
    finish(last) {
      if (last !== undefined) lines.push(last);
      const keyed = lines.map((line) => ({ line, figure: numeric ? figureOf(line) : undefined }));
      type Keyed = (typeof keyed)[number];
      const byKey = (a: Keyed, b: Keyed): number =>
        a.figure && b.figure ? compareFigures(a.figure, b.figure) : compareBytes(a.line, b.line);
      const direction = reverse ? -1 : 1;
      // Equal numbers fall back to the whole line, unless only the first of them is kept.
      keyed.sort((a, b) => direction * (byKey(a, b) || (unique ? 0 : compareBytes(a.line, b.line))));
      const kept = unique
        ? keyed.filter((each, index) => {
            const before = keyed[index - 1];
            return before === undefined || byKey(before, each) !== 0;
          })
        : keyed;
      return { lines: kept.map(({ line }) => line), last: undefined };
    },
  };
}

function createUniq(count: boolean): Stage {
  let current: string | undefined;
  let times = 0;
  const show = (line: string): string => (count ? `${String(times).padStart(7)} ${line}` : line);
  const next = (line: string): readonly string[] => {
    if (line === current) {
      times += 1;
      return [];
    }
    const before = current === undefined ? [] : [show(current)];
    current = line;
    times = 1;
    return before;
  };
  return {
    take: (lines) => lines.flatMap(next),
    finish(last) {
      const before = last === undefined ? [] : next(last);
      return { lines: current === undefined ? before : [...before, show(current)], last: undefined };
    },
  };
}
