import { elementsIn, matchWritten, normalName } from './placeholderSyntax.ts';

/**
 * Where an occurrence stands for the shell. `uncertain` is where no quoting is right for every value: a
 * here-document, backquotes, arithmetic, `$'…'`, or a language whose quoting we do not know.
 */
export type QuoteContext = 'plain' | 'single' | 'double' | 'uncertain';

/** One place where a value is wanted; `start` and `end` are offsets into the scanned text. */
export interface Occurrence {
  readonly name: string;
  readonly written: string;
  readonly start: number;
  readonly end: number;
  readonly context: QuoteContext;
  /** Of `${NAME%.*}` and the like: the shell must do the rest, so the value is given as a variable. */
  readonly expansion: { readonly variable: string; readonly optional: boolean } | undefined;
}

export interface Scan {
  readonly occurrences: readonly Occurrence[];
  /** Comments and line continuations: ranges that are no part of any word. */
  readonly dropped: readonly (readonly [start: number, end: number])[];
  /** Why the words cannot be known without a shell; undefined when they can. */
  readonly unfit: string | undefined;
}

/** Variables that every shell session has, or that the shell itself sets: never asked for. `__` is Runme's last output. */
export const ENVIRONMENT: ReadonlySet<string> = new Set(
  (
    'HOME PATH USER PWD OLDPWD SHELL LOGNAME HOSTNAME HOST TERM LANG LANGUAGE LC_ALL LC_CTYPE TMPDIR TMP TEMP EDITOR ' +
    'VISUAL PAGER DISPLAY MAIL SHLVL UID EUID GROUPS PPID RANDOM SECONDS LINENO IFS PS1 REPLY OPTARG OPTIND FUNCNAME ' +
    'BASH BASH_VERSION BASH_SOURCE BASHPID ZSH_VERSION PIPESTATUS OSTYPE HOSTTYPE MACHTYPE EPOCHSECONDS COLUMNS LINES ' +
    'KUBECONFIG XDG_CONFIG_HOME XDG_RUNTIME_DIR __'
  ).split(' '),
);

/** Offsets behind which a variable is assigned by the script itself, by variable name. */
function assignmentsIn(text: string): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  const add = (name: string | undefined, at: number): void => {
    if (name === undefined || found.has(name)) return;
    // `NS=prod kubectl … $NS` does not set NS for its own words: only what follows the statement sees it.
    const end = /[\n;]|&&|\|\|/g;
    end.lastIndex = at;
    const hit = end.exec(text);
    if (hit) found.set(name, hit.index);
  };
  const starts =
    /(?:^|[\n;&|({]|\b(?:do|then|else)\s)[ \t]*(?:(?:export|local|readonly|declare|typeset)(?:\s+-\w+)*\s+)?([A-Za-z_]\w*)\+?=/g;
  for (const hit of text.matchAll(starts)) add(hit[1], hit.index + hit[0].length);
  for (const hit of text.matchAll(/\b(?:for|select)\s+([A-Za-z_]\w*)\s+in\b/g)) add(hit[1], hit.index);
  for (const hit of text.matchAll(/\b(?:read|mapfile|readarray)((?:\s+-\w+)*(?:\s+[A-Za-z_]\w*)+)/g))
    for (const name of hit[1]?.match(/\b[A-Za-z_]\w*/g) ?? []) add(name, hit.index);
  return found;
}

const codePoint = (c: string): string =>
  `U+${(c.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;

/** Characters that mean nothing to a shell or a placeholder wherever they stand, most of every command. */
const plainRun = /[\w\-/=:,@%+ \t]+/y;

/** Deeper nesting than this is nobody's guide: values there are taken plain or not at all. */
const DEEPEST = 50;

interface Frame {
  readonly kind: 'plain' | 'double' | 'backquote' | 'arithmetic';
  depth: number;
}

/**
 * Reads a POSIX shell command without running it: which placeholders stand where, quotes respected, and whether
 * its words can be known without a shell. Total: an unclosed quote is a reason, not an error.
 * `exported` are names of variables that an earlier step left in the session.
 */
export function scanCommand(text: string, exported: ReadonlySet<string> = new Set()): Scan {
  const occurrences: Occurrence[] = [];
  const dropped: [number, number][] = [];
  let assignments: ReadonlyMap<string, number> | undefined;
  const assigned = (): ReadonlyMap<string, number> => (assignments ??= assignmentsIn(text));
  const elements = elementsIn(text);
  const frames: Frame[] = [{ kind: 'plain', depth: 0 }];
  const heredocs: { delimiter: string; literal: boolean; dashed: boolean }[] = [];
  let unfit: string | undefined;
  let i = 0;

  const reject = (why: string): void => {
    unfit ??= why;
  };
  const top = (): Frame => frames[frames.length - 1] ?? { kind: 'plain', depth: 0 };
  const contextOf = (frame: Frame): QuoteContext =>
    frames.length > DEEPEST || frames.some((each) => each.kind === 'backquote' || each.kind === 'arithmetic')
      ? 'uncertain'
      : frame.kind === 'double'
        ? 'double'
        : 'plain';

  const takeWritten = (context: QuoteContext): boolean => {
    const hit = matchWritten(text, i, context === 'plain', elements);
    if (!hit) return false;
    occurrences.push({
      name: hit.name,
      written: hit.written,
      start: i,
      end: i + hit.written.length,
      context,
      expansion: undefined,
    });
    i += hit.written.length;
    return true;
  };

  const takeVariable = (context: QuoteContext): void => {
    const rest = text.slice(i, i + 400);
    const whole = /^\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))/.exec(rest);
    const partial = whole ? null : /^\$\{[#!]?([A-Za-z_]\w*)([^{}]*)\}/.exec(rest);
    const variable = whole?.[1] ?? whole?.[2] ?? partial?.[1];
    const written = whole?.[0] ?? partial?.[0] ?? '';
    if (variable === undefined) {
      // `$` before a space, a quote or the end is only a dollar sign.
      if (/^\$[\w@*#?$!{-]/.test(rest)) reject('it uses a shell parameter');
      i += 1;
      return;
    }
    if (ENVIRONMENT.has(variable) || exported.has(variable) || (assigned().get(variable) ?? Infinity) < i) {
      reject(`it uses the shell variable $${variable}`);
    } else {
      if (partial) reject(`it uses the shell expansion ${written}`);
      const expansion = partial
        ? { variable, optional: /^:?[-+=]/.test(partial[2] ?? '') || written.startsWith('${!') }
        : undefined;
      occurrences.push({
        name: normalName(variable),
        written,
        start: i,
        end: i + written.length,
        context,
        expansion,
      });
    }
    i += written.length;
  };

  const skipHeredocs = (): void => {
    for (const { delimiter, literal, dashed } of heredocs.splice(0)) {
      while (i < text.length) {
        const lineEnd = text.indexOf('\n', i) < 0 ? text.length : text.indexOf('\n', i);
        const line = text.slice(i, lineEnd);
        if ((dashed ? line.replace(/^\t+/, '') : line) === delimiter) {
          i = lineEnd;
          break;
        }
        while (i < lineEnd) {
          if (takeWritten('uncertain')) continue;
          if (text[i] === '\\' && !literal) i += 2;
          else if (text[i] === '$' && !literal) takeVariable('uncertain');
          else i += 1;
        }
        i = lineEnd + 1;
      }
    }
  };

  const takeSingleQuoted = (context: QuoteContext): void => {
    const close = text.indexOf("'", i + 1);
    if (close < 0) reject('a quote is not closed');
    const end = close < 0 ? text.length : close;
    i += 1;
    while (i < end) if (!takeWritten(context)) i += 1;
    i = end + 1;
  };

  const atWordStart = (): boolean => i === 0 || /[\s;&|()<>]/.test(text[i - 1] ?? '');

  while (i < text.length) {
    plainRun.lastIndex = i;
    if (plainRun.test(text)) {
      i = plainRun.lastIndex;
      if (i >= text.length) break;
    }
    const frame = top();
    const context = contextOf(frame);
    const c = text[i] ?? '';
    const next = text[i + 1];
    if (c === '\\') {
      if (next === '\n') dropped.push([i, i + 2]);
      if (next === '`') reject('it has an escaped backquote');
      i += 2;
    } else if (c === '$' && next === '(') {
      reject('it has a command substitution');
      const arithmetic = text[i + 2] === '(';
      frames.push({ kind: arithmetic ? 'arithmetic' : 'plain', depth: arithmetic ? 2 : 1 });
      i += arithmetic ? 3 : 2;
    } else if (c === '$' && next === "'" && frame.kind !== 'double') {
      reject("it has a $'…' string");
      const string = /^\$'(?:\\[\s\S]|[^\\'])*'?/.exec(text.slice(i));
      const end = i + (string?.[0].length ?? 2);
      while (i < end) if (!takeWritten('uncertain')) i += 1;
    } else if (c === '$') {
      takeVariable(context);
    } else if (c === '`') {
      reject('it has a command substitution');
      if (frame.kind === 'backquote') frames.pop();
      else frames.push({ kind: 'backquote', depth: 0 });
      i += 1;
    } else if (c === '"') {
      if (frame.kind === 'double') frames.pop();
      else frames.push({ kind: 'double', depth: 0 });
      i += 1;
    } else if (takeWritten(context)) {
      continue;
    } else if (frame.kind === 'double') {
      i += 1;
    } else if (c === "'") {
      takeSingleQuoted(context === 'uncertain' ? 'uncertain' : 'single');
    } else if (c === '#' && atWordStart()) {
      const end = text.indexOf('\n', i) < 0 ? text.length : text.indexOf('\n', i);
      dropped.push([i, end]);
      i = end;
    } else if (c === '<' && next === '<' && text[i + 2] !== '<' && frame.kind !== 'arithmetic') {
      reject('it has a here-document');
      const hit = /^<<(-?)[ \t]*(?:'([^'\n]*)'|"([^"\n]*)"|\\?([^\s;&|<>()'"]+))/.exec(text.slice(i));
      const delimiter = hit?.[2] ?? hit?.[3] ?? hit?.[4];
      if (hit && delimiter !== undefined) {
        const literal = hit[4] === undefined || hit[0].includes('\\');
        heredocs.push({ delimiter, literal, dashed: hit[1] === '-' });
      }
      i += hit?.[0].length ?? 2;
    } else if (c === '<' && next === '<') {
      i += 3;
    } else {
      if (c === '\n') reject('it holds several commands');
      else if (/[^\S \t]/.test(c)) reject(`it has an unusual space (${codePoint(c)}) between its words`);
      else if (c === '{' || c === '[') reject('it uses the shell’s pattern characters');
      else if (c === '~' && (atWordStart() || /[=:]/.test(text[i - 1] ?? '')))
        reject('it uses ~ for a folder');
      else if (c === '(' && frame.depth > 0) frame.depth += 1;
      else if (c === ')' && frame.depth > 0) {
        frame.depth -= 1;
        if (frame.depth === 0 && frames.length > 1) frames.pop();
      }
      i += 1;
      if (c === '\n' && heredocs.length > 0) skipHeredocs();
    }
  }
  if (frames.length > 1) reject('a quote or a bracket is not closed');
  if (text.endsWith('\\')) reject('it ends in a backslash');
  return { occurrences, dropped, unfit };
}

/**
 * Reads text of a shell or language whose quoting we do not follow (PowerShell, fish, Python): placeholders
 * `<name>`, `{{name}}` and `...` only, wherever they stand. Such text is never taken apart into words.
 */
export function scanForeign(text: string): Scan {
  const elements = elementsIn(text);
  const occurrences: Occurrence[] = [];
  let i = 0;
  while (i < text.length) {
    const hit = matchWritten(text, i, true, elements);
    if (hit) {
      const end = i + hit.written.length;
      const { name, written } = hit;
      occurrences.push({ name, written, start: i, end, context: 'uncertain', expansion: undefined });
      i = end;
    } else i += 1;
  }
  return { occurrences, dropped: [], unfit: 'it is not written for a POSIX shell' };
}
