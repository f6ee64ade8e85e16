/** A stretch of a command: what runs as it stands, or a placeholder that still needs a value. */
export interface CommandPart {
  readonly text: string;
  readonly unfilled: boolean;
}

/** A command as words, each with the spaces behind it, and line ends apart; together they are the command. */
export function commandWords(command: string, unfilled: readonly string[]): CommandPart[][] {
  const words: CommandPart[][] = [];
  let open = false;
  for (const part of splitCommand(command, unfilled)) {
    const pieces = part.unfilled ? [part.text] : (part.text.match(/\s*\n\s*|[^\S\n]+|\S+[^\S\n]*/g) ?? []);
    for (const text of pieces) {
      // Inside a word, which is laid out by itself, a line end at its end would be none.
      const word = open && !text.includes('\n') ? words.at(-1) : undefined;
      if (word) word.push({ text, unfilled: part.unfilled });
      else words.push([{ text, unfilled: part.unfilled }]);
      open = part.unfilled || !/\s$/.test(text);
    }
  }
  return words;
}

/** Cuts a command at its unfilled placeholders, longest first so that `<pod-name>` is not taken for `<pod`. */
export function splitCommand(command: string, unfilled: readonly string[]): CommandPart[] {
  const wanted = unfilled.filter((each) => each !== '').sort((a, b) => b.length - a.length);
  const parts: CommandPart[] = [];
  let from = 0;
  let plainFrom = 0;
  while (from < command.length) {
    const found = wanted.find((each) => command.startsWith(each, from));
    if (found === undefined) {
      from += 1;
      continue;
    }
    if (from > plainFrom) parts.push({ text: command.slice(plainFrom, from), unfilled: false });
    parts.push({ text: found, unfilled: true });
    from += found.length;
    plainFrom = from;
  }
  if (plainFrom < command.length) parts.push({ text: command.slice(plainFrom), unfilled: false });
  return parts;
}
