/** A word of a command, quotes removed, with its offsets in the text as written. */
export interface CommandWord {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** One simple command: its words, and where it ends (before a pipe, an operator, a line's end or a comment). */
export type SimpleCommand = readonly CommandWord[];

/**
 * The simple commands of a shell text with the place of each word, for pointing at them and editing them: quotes,
 * escapes, continued lines and comments are known, expansions are letters like others. Nothing is decided by it about
 * what runs. Total and linear.
 */
export function commandWords(text: string): readonly SimpleCommand[] {
  const commands: CommandWord[][] = [[]];
  let word: { text: string; start: number } | undefined;
  let quote = '';
  const end = (at: number): void => {
    if (word) commands.at(-1)?.push({ ...word, end: at });
    word = undefined;
  };
  const next = (): void => {
    if ((commands.at(-1)?.length ?? 0) > 0) commands.push([]);
  };
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? '';
    if (quote !== '') {
      if (char === quote) quote = '';
      else if (word) {
        const escapes = quote === '"' && char === '\\' && /["\\$`]/.test(text[at + 1] ?? '');
        if (escapes) at++;
        word.text += escapes ? (text[at] ?? '') : char;
      }
      continue;
    }
    if (char === '\\' && text[at + 1] === '\n') {
      end(at);
      at++;
    } else if (char === '\n' || char === ';' || char === '|' || char === '&') {
      end(at);
      next();
    } else if (/\s/.test(char)) end(at);
    else if (char === '#' && !word) {
      const newline = text.indexOf('\n', at);
      at = (newline < 0 ? text.length : newline) - 1;
    } else {
      word ??= { text: '', start: at };
      if (char === '"' || char === "'") quote = char;
      else if (char === '\\' && at + 1 < text.length) word.text += text[++at] ?? '';
      else word.text += char;
    }
  }
  end(text.length);
  return commands.filter((words) => words.length > 0);
}

/** The index of the first word that is this flag, `--name`, `--name=value` or the short form with or without value. */
export const flagAt = (words: SimpleCommand, long: string, short?: string): number =>
  words.findIndex(
    ({ text }) =>
      text === long ||
      text.startsWith(`${long}=`) ||
      (short !== undefined && (text === short || (text.startsWith(short) && !text.startsWith('--')))),
  );

/** Where a further flag may be put: behind the last word, or behind the last one before `--`. */
export function flagsEnd(words: SimpleCommand): number {
  const dashes = words.findIndex(({ text }) => text === '--');
  const last = words[(dashes < 0 ? words.length : dashes) - 1] ?? words[0];
  return last?.end ?? 0;
}
