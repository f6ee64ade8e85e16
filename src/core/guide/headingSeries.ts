/** A heading such as `Phase 2: Diagnosis (15-45 min)` taken apart. */
export interface SeriesHeading {
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
export function parseSeriesHeading(text: string): SeriesHeading | undefined {
  if (text.length > 300 || !/[:：.)、–—-]/.test(text) || /^\d+\.\d/.test(text)) return undefined;
  const make = (word: string, label: string, rest: string): SeriesHeading | undefined => {
    const found = orderOf(label);
    if (!found) return undefined;
    const { name, bracket } = cutBracket(rest);
    return { word: word.toLowerCase(), label, ...found, name, bracket };
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
