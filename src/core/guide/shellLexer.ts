/** How a fence's language reads lines; PowerShell continues and escapes with a backtick. */
export type Dialect = 'posix' | 'powershell';

/** A construct that can go on over several lines. */
export type Construct = 'single quote' | 'double quote' | 'backtick' | 'block';

/** Where a command stands after the lines read so far. */
export interface LexState {
  quote: '' | "'" | '"' | '`';
  /** The quote is `$'…'`, in which a backslash escapes. */
  ansi: boolean;
  parens: number;
  /** Open `for`, `while`, `if`, `case`, `{`. */
  blocks: number;
  /** Closing lines of the heredocs opened on this line; the caller skips to them. */
  heredocs: string[];
  /** The line ends in a backslash. */
  continues: boolean;
  /** The line ends in `|`, `&&` or `||`. */
  pending: boolean;
}

export const createLexState = (): LexState => ({
  quote: '',
  ansi: false,
  parens: 0,
  blocks: 0,
  heredocs: [],
  continues: false,
  pending: false,
});

const quoteNames = { "'": 'single quote', '"': 'double quote', '`': 'backtick' } as const;
export const constructOf = (quote: "'" | '"' | '`'): Construct => quoteNames[quote];

const openers = new Set(['for', 'while', 'until', 'if', 'case', 'select']);
const closers = new Set(['done', 'fi', 'esac']);
const keepsCommand = new Set(['do', 'then', 'else', 'elif', '!', 'time']);
const heredoc = /<<-?[ \t]*(['"]?)\\?([A-Za-z_][\w.-]*)\1/y;

export interface LexOptions {
  readonly dialect: Dialect;
  /** Constructs taken as plain characters, because they proved not to close. */
  readonly off: (construct: Construct) => boolean;
  /** Whether a heredoc's closing line exists further down. */
  readonly hasLine: (delimiter: string) => boolean;
}

/** Reads one line on, changing `state`. It knows enough of the shell's grammar to find where a command ends. */
export function lexLine(line: string, state: LexState, { dialect, off, hasLine }: LexOptions): void {
  const posix = dialect === 'posix';
  const escape = posix ? '\\' : '`';
  let wordStart = state.quote === '';
  let atCommand = state.quote === '' && !state.continues;
  state.continues = false;
  for (let at = 0; at < line.length; at++) {
    const char = line[at] ?? '';
    if (state.quote !== '') {
      if (char === escape && (state.quote === '"' || state.ansi || state.quote === '`')) at++;
      else if (char === state.quote) state.quote = '';
      continue;
    }
    if (char === ' ' || char === '\t') {
      wordStart = true;
      continue;
    }
    if (char === '#' && wordStart) break;
    if (char === escape) {
      if (at >= line.length - 1) state.continues = true;
      at++;
    } else if (char === "'" || char === '"' || char === '`') {
      if (!off(constructOf(char))) {
        state.quote = char;
        state.ansi = posix && char === "'" && line[at - 1] === '$';
      }
    } else if (char === ';' || char === '|' || char === '&') {
      const doubled = line[at + 1] === char || (char === '|' && line[at + 1] === '&');
      if (doubled) at++;
      state.pending = char === '|' || (char === '&' && doubled);
      [wordStart, atCommand] = [true, true];
      continue;
    } else if (char === '(') {
      if (!off('block')) state.parens++;
      [wordStart, atCommand, state.pending] = [true, true, false];
      continue;
    } else if (char === ')') {
      // Behind a `case` pattern or `name()` a command begins; behind `$(…)` the same command goes on.
      const begins = state.parens === 0 || /^\)\s*\{/.test(line.slice(at, at + 8));
      if (state.parens > 0) state.parens--;
      [wordStart, atCommand, state.pending] = [true, begins, false];
      continue;
    } else if (char === '<' && line[at + 1] === '<' && posix) {
      heredoc.lastIndex = at;
      const match = line[at + 2] === '<' ? null : heredoc.exec(line);
      const delimiter = match?.[2] ?? '';
      if (match && hasLine(delimiter)) {
        state.heredocs.push(delimiter);
        at = heredoc.lastIndex - 1;
      } else at += line[at + 2] === '<' ? 2 : 1;
    } else {
      const word = readWord(line, at);
      if (!off('block')) {
        const isCommand = atCommand || (!posix && /^[{}]$/.test(word));
        if (isCommand && (word === '{' || (posix && openers.has(word)))) state.blocks++;
        if (isCommand && (word === '}' || (posix && closers.has(word))))
          state.blocks = Math.max(0, state.blocks - 1);
      }
      atCommand = atCommand && (keepsCommand.has(word) || word === '{');
      at += Math.max(word.length, 1) - 1;
      [wordStart, state.pending] = [false, false];
      continue;
    }
    [wordStart, atCommand, state.pending] = [false, false, false];
  }
}

/** The plain characters from `from` on, up to a space, quote, operator or bracket. */
function readWord(line: string, from: number): string {
  let to = from;
  while (to < line.length && !' \t;|&()\'"`\\<'.includes(line[to] ?? ' ')) to++;
  return line.slice(from, to);
}
