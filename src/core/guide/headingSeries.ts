import type { Section } from './sections.ts';
import { words } from './vocabulary.ts';

/** A heading such as `Phase 2: Diagnosis (15-45 min)` taken apart. */
export interface SeriesHeading {
  readonly section: Section;
  /** The repeated word, lower case: `phase`, `option`; empty for `2. Diagnosis`. */
  readonly word: string;
  /** `2`, `B`, as written. */
  readonly label: string;
  /** Position in its series: 2 for `2`, `B`, `II`, `二`. */
  readonly order: number;
  readonly lettered: boolean;
  /** What stands behind the separator, without the brackets at the end. */
  readonly name: string;
  /** What the brackets at the end hold. */
  readonly bracket: string | undefined;
}

const romans = ['i', 'ii', 'iii', 'iv', 'v', 'vi', 'vii', 'viii', 'ix', 'x'];
const hans = [...'一二三四五六七八九十'];
const alphabets = [
  'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  'АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЭЮЯ',
  'ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ',
  'אבגדהוזחט',
  'ابتثجح',
];

// WORD LABEL SEPARATOR NAME; scripts without spaces write 第一阶段：…, フェーズ1：…; some languages "1. fázis: …".
const spaced =
  /^(\p{L}[\p{L}\p{M}'’-]{0,30}(?:\s\p{L}{1,20})?)\s{1,3}(\d{1,2}|\p{L}{1,4})\s{0,3}([:：.)]|\s[–—-])\s{0,3}(\S.*)$/su;
const joined =
  /^(第?)(\p{L}{0,12}?)([\d一二三四五六七八九十０-９]{1,2})(\p{L}{0,6})\s{0,3}[:：、—–-]\s{0,3}(\S.*)$/su;
const numberFirst = /^(\d{1,2})\.\s(\p{L}{2,20})\s{0,3}[:–—-]\s{0,3}(\S.*)$/su;
const bare = /^(\d{1,2}|[A-ZА-ЯΑ-Ω])\s{0,2}(?:[.)](?=\s)|[：:]|\s[–—-])\s{0,3}(\S.*)$/su;

/** Reads one heading; undefined when it is not of a series' form. */
function parseSeriesHeading(section: Section): SeriesHeading | undefined {
  const text = section.heading;
  if (text.length > 300 || !/[:：.)、–—-]/.test(text) || /^\d+\.\d/.test(text)) return undefined;
  const make = (word: string, label: string, rest: string): SeriesHeading | undefined => {
    const found = orderOf(label);
    if (!found) return undefined;
    const { name, bracket } = cutBracket(rest);
    return { section, word: word.toLowerCase(), label, ...found, name, bracket };
  };
  const first = numberFirst.exec(text);
  if (first) return make(first[2] ?? '', first[1] ?? '', first[3] ?? '');
  const plain = spaced.exec(text);
  const read = plain && make(plain[1] ?? '', plain[2] ?? '', plain[4] ?? '');
  if (read) return read;
  const cjk = joined.exec(text);
  if (cjk && `${cjk[2] ?? ''}${cjk[4] ?? ''}` !== '')
    return make(`${cjk[2] ?? ''}${cjk[4] ?? ''}`, cjk[3] ?? '', cjk[5] ?? '');
  const alone = bare.exec(text);
  return alone ? make('', alone[1] ?? '', alone[2] ?? '') : undefined;
}

function orderOf(label: string): { order: number; lettered: boolean } | undefined {
  const digits = label.normalize('NFKC');
  if (/^\d+$/.test(digits)) return { order: Number(digits), lettered: false };
  const han = hans.indexOf(label) + 1;
  if (han > 0) return { order: han, lettered: false };
  if ([...label].length === 1) {
    // "I" alone is Roman in a series of numbers and a letter in a series of letters; single letters A–H decide first.
    for (const alphabet of alphabets) {
      const at = [...alphabet].indexOf(label.toLocaleUpperCase('en'));
      if (at >= 0 && label !== 'I' && label !== 'V' && label !== 'X')
        return { order: at + 1, lettered: true };
    }
  }
  const roman = romans.indexOf(label.toLowerCase()) + 1;
  return roman > 0 ? { order: roman, lettered: false } : undefined;
}

function cutBracket(text: string): { name: string; bracket: string | undefined } {
  const close = text.at(-1);
  const open = close === ')' ? '(' : close === '）' ? '（' : close === ']' ? '[' : undefined;
  const at = open === undefined ? -1 : text.lastIndexOf(open);
  if (at <= 0) return { name: text.trim(), bracket: undefined };
  return { name: text.slice(0, at).trim(), bracket: text.slice(at + 1, -1).trim() };
}

/** The heading's name and bracket when it is in no series: `Triage (0-15 min)`. */
export const splitHeading = (text: string): { name: string; bracket: string | undefined } => cutBracket(text);

/** Phases and options ask about the same headings; each is taken apart once. */
const known = new WeakMap<Section, { readonly heading: SeriesHeading | undefined }>();

function seriesHeadingOf(section: Section): SeriesHeading | undefined {
  let entry = known.get(section);
  if (!entry) known.set(section, (entry = { heading: parseSeriesHeading(section) }));
  return entry.heading;
}

/**
 * Sibling headings that repeat one word with rising labels, longest form first: phases of a process, options of a
 * phase. A single heading counts when its word is known to mean one (`word`).
 */
export function findSeries(siblings: readonly Section[], word: RegExp): SeriesHeading[][] {
  const groups = new Map<string, SeriesHeading[]>();
  for (const section of siblings) {
    const heading = seriesHeadingOf(section);
    if (!heading) continue;
    const key = `${String(section.level)} ${heading.lettered ? 'a' : '1'} ${heading.word}`;
    const group = groups.get(key);
    if (!group) groups.set(key, [heading]);
    else if (heading.order > (group.at(-1)?.order ?? 0)) group.push(heading);
  }
  return [...groups.values()].filter(
    (group) => group.length > 1 || (word.test(group[0]?.word ?? '') && group[0]?.word !== ''),
  );
}

/** The options of a phase among its sub-headings: lettered ones, or numbered ones whose word says option. */
export const findOptions = (siblings: readonly Section[]): SeriesHeading[] =>
  findSeries(siblings, words.option)
    .filter(([first]) => first !== undefined && (first.lettered || words.option.test(first.word)))
    .flat();
