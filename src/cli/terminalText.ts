import { oneLine } from '../core/views/oneLine.ts';

/** One line of a guide's text, safe to print: a guide must not move the cursor or hide text (escape codes, bidi). */
export const printable = (text: string, max = 160): string =>
  oneLine(text, max).replace(/[\p{Cc}\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu, '\uFFFD');

/** Letters that terminals draw two columns wide: Chinese, Japanese, Korean, full-width forms, pictures. */
const WIDE =
  /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\uFF01-\uFF60\p{Emoji_Presentation}]/u;

/** Columns of a terminal that a text takes. */
const widthOf = (text: string): number => {
  if (/^[ -~]*$/.test(text)) return text.length;
  let width = 0;
  for (const letter of text) width += /\p{M}/u.test(letter) ? 0 : WIDE.test(letter) ? 2 : 1;
  return width;
};

/** Rows as lines with two blanks between columns; the last column is not padded. */
export function renderRows(rows: readonly (readonly string[])[], indent: string): string {
  const widths: number[] = [];
  for (const row of rows)
    for (const [at, cell] of row.slice(0, -1).entries())
      widths[at] = Math.max(widths[at] ?? 0, widthOf(cell));
  const pad = (cell: string, at: number): string =>
    cell + ' '.repeat(Math.max(0, (widths[at] ?? 0) - widthOf(cell)));
  const line = (row: readonly string[]): string =>
    [...row.slice(0, -1).map(pad), ...row.slice(-1)].join('  ').trimEnd();
  return rows.map((row) => `${indent}${line(row)}\n`).join('');
}

/** JSON for programs: every key is always there, with null where the guide says nothing. */
export const renderJson = (value: unknown): string =>
  `${JSON.stringify(value, (_key, part: unknown) => (part === undefined ? null : part), 2)}\n`;

/** `1 file`, `2 files`. */
export const count = (number: number, word: string): string => `${number} ${word}${number === 1 ? '' : 's'}`;
