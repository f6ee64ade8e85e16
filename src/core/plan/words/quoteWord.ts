/** Characters that mean nothing to any of the shells we write for, wherever they stand in a word. */
const PLAIN = /^[A-Za-z0-9_./:@%+,=-]+$/;

/** True when a value reads the same bare, between single quotes and between double quotes. */
export const isPlain = (value: string): boolean => PLAIN.test(value);

/** A word for a POSIX shell (sh, bash, zsh): bare where nothing in it is special, else between single quotes. */
export function quoteWord(word: string): string {
  // A leading `=` is zsh's command lookup.
  if (isPlain(word) && !word.startsWith('=')) return word;
  return `'${word.replaceAll("'", "'\\''")}'`;
}
