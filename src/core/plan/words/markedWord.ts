import { MARK, mayHoldMark } from './placeholders.ts';
import type { Slot } from './placeholders.ts';
import { quoteWord } from './quoteWord.ts';

/**
 * Words of a command in which placeholders are marks. Grammars read words with all marks in place, so that no
 * value can become a flag, a second kind or another path; `fill` then puts the known values in.
 */
export interface MarkedWords {
  /** How many placeholders the command has. */
  readonly count: number;
  /** Known values in, marks of unknown ones left. A value inside JSON text stays inside its string. */
  fill(word: string): string;
  /** Every mark left is replaced by the placeholder as the guide wrote it. */
  asWritten(word: string): string;
  /** For a shell: quoted where needed, unknown placeholders as written. */
  quote(word: string): string;
  /** True when a placeholder without value is in the word. */
  isOpen(word: string): boolean;
  /** The values that `fill` would put into this word. */
  valuesIn(word: string): readonly string[];
  /** True when a reference to a secret is in the word. */
  hasSecret(word: string): boolean;
}

const isJson = (text: string): boolean => {
  if (!/^\s*[{[]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

export function createMarkedWords(slots: readonly Slot[]): MarkedWords {
  const slotOf = (index: string | undefined): Slot | undefined => slots[Number(index)];
  const hasMark = (word: string): boolean => mayHoldMark(word) && word.search(MARK) >= 0;
  const asWritten = (word: string): string =>
    mayHoldMark(word)
      ? word.replace(MARK, (mark, index: string) => slotOf(index)?.occurrence.written ?? mark)
      : word;
  return {
    count: slots.length,
    fill(word) {
      if (!hasMark(word)) return word;
      const json = isJson(word);
      return word.replace(MARK, (mark, index: string) => {
        const value = slotOf(index)?.value;
        if (value === undefined) return mark;
        return json ? JSON.stringify(value).slice(1, -1) : value;
      });
    },
    asWritten,
    quote(word) {
      if (!hasMark(word)) return quoteWord(word);
      const bare = word.replace(MARK, '');
      const contexts = [...word.matchAll(MARK)].map((hit) => slotOf(hit[1])?.occurrence);
      const plain = bare === '' || quoteWord(bare) === bare;
      if (plain && contexts.every((each) => each?.context === 'plain')) return asWritten(word);
      // Between single quotes a shell would not read the variable.
      if (contexts.some((each) => each?.written.startsWith('$')))
        return `"${asWritten(word.replace(/(["\\$`])/g, '\\$1'))}"`;
      return `'${asWritten(word.replaceAll("'", "'\\''"))}'`;
    },
    isOpen: hasMark,
    valuesIn: (word) =>
      mayHoldMark(word) ? [...word.matchAll(MARK)].flatMap((hit) => slotOf(hit[1])?.value ?? []) : [],
    hasSecret: (word) =>
      mayHoldMark(word) && [...word.matchAll(MARK)].some((hit) => slotOf(hit[1])?.secret !== undefined),
  };
}
