import { parse } from 'shell-quote';

export type Split =
  /** The words of each command of a pipeline, in order; every one has at least one word. */
  | { readonly ok: true; readonly stages: readonly (readonly string[])[] }
  /** Why a shell is needed: completes "it runs in your shell because …". */
  | { readonly ok: false; readonly reason: string };

const OPERATORS: Readonly<Record<string, string>> = {
  '&&': 'it joins commands with &&',
  '||': 'it joins commands with ||',
  ';': 'it holds several commands',
  '&': 'it starts a background process',
  '>': 'it redirects output',
  '>>': 'it redirects output',
  '>&': 'it redirects output',
  '&>': 'it redirects output',
  '<': 'it redirects input',
  '(': 'it has a subshell',
  ')': 'it has a subshell',
};

/** A word without escapes, expansions, operators and patterns: what shell-quote gives back but for its quotes. */
const plainWord = /(?:[^\s'"$\\|&;()<>*?#`]+|'[^']*'|"[^"\\$]*")+/y;
const space = /\s*/y;

/** Nearly every command is plain words and pipes, which need no parser; undefined for the others. */
function splitPlain(text: string): readonly (readonly string[])[] | undefined {
  let stage: string[] = [];
  const stages = [stage];
  for (let at = 0; at < text.length; at = space.lastIndex) {
    plainWord.lastIndex = at;
    const word = plainWord.exec(text)?.[0];
    if (word !== undefined) {
      const isQuoted = word.includes("'") || word.includes('"');
      stage.push(isQuoted ? word.replace(/'([^']*)'|"([^"]*)"/g, '$1$2') : word);
      space.lastIndex = at + word.length;
    } else if (text[at] === '|' && text[at + 1] !== '|' && text[at + 1] !== '&') {
      stages.push((stage = []));
      space.lastIndex = at + 1;
    } else return undefined;
    space.test(text);
  }
  return stages.every(({ length }) => length > 0) ? stages : undefined;
}

/** Takes a command apart that a scan has found free of expansions; what shell-quote cannot is a reason. */
export function splitWords(text: string): Split {
  const plain = splitPlain(text.trim());
  if (plain) return { ok: true, stages: plain };
  let entries;
  try {
    entries = parse(text.trim());
  } catch {
    return { ok: false, reason: 'its quoting cannot be read' };
  }
  const stages: string[][] = [[]];
  for (const entry of entries) {
    if (typeof entry === 'string') stages[stages.length - 1]?.push(entry);
    else if ('op' in entry && entry.op === '|') stages.push([]);
    // A shell leaves `https://host/path?a=b` as it is unless a file matches, and no file name begins like that.
    else if ('pattern' in entry && /^https?:\/\/[^*]*$/.test(entry.pattern))
      stages[stages.length - 1]?.push(entry.pattern);
    else if ('pattern' in entry) return { ok: false, reason: 'it uses the shell’s pattern characters' };
    else if ('op' in entry) return { ok: false, reason: OPERATORS[entry.op] ?? `it uses ${entry.op}` };
    else return { ok: false, reason: 'it has a comment in the middle' };
  }
  if (stages.some((stage) => stage.length === 0)) return { ok: false, reason: 'a pipe leads nowhere' };
  return { ok: true, stages };
}
