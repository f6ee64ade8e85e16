import type { Token } from 'markdown-it';

/** Makes a token as the parser at hand makes its own. */
export type CreateToken = (type: string, tag: string, nesting: -1 | 0 | 1) => Token;

/** In one text; with more, finding the end of each could take long, which the parser has its ways about. */
const MOST_RUNS = 40;

/**
 * The inline tokens of a text in which nothing but code spans and line ends means anything to Markdown, as in most
 * sentences of runbooks: what markdown-it gives, at a fraction of its time. Undefined where something else may.
 * https://spec.commonmark.org/0.31.2/#code-spans
 */
export function codeSpans(content: string, createToken: CreateToken): Token[] | undefined {
  const tokens: Token[] = [];
  let from = 0;
  for (let runs = 0, at = content.indexOf('`'); at >= 0; at = content.indexOf('`', from), runs += 1) {
    if (runs === MOST_RUNS) return undefined;
    const opened = endOfRun(content, at);
    const close = findRun(content, opened, opened - at);
    // Without an end it is text, and the next run may begin a span: rare enough to be left to the parser.
    if (close < 0 || !addText(content.slice(from, at), tokens, createToken)) return undefined;
    const span = createToken('code_inline', 'code', 0);
    span.markup = content.slice(at, opened);
    const held = content.slice(opened, close).replace(/\n/g, ' ');
    span.content = held.startsWith(' ') && held.endsWith(' ') && /[^ ]/.test(held) ? held.slice(1, -1) : held;
    tokens.push(span);
    from = close + opened - at;
  }
  return addText(content.slice(from), tokens, createToken) ? tokens : undefined;
}

function endOfRun(content: string, at: number): number {
  let end = at + 1;
  while (content[end] === '`') end += 1;
  return end;
}

/** Where the next run of exactly this many backticks begins; -1 without one. */
function findRun(content: string, from: number, length: number): number {
  for (let at = content.indexOf('`', from); at >= 0;) {
    const end = endOfRun(content, at);
    if (end - at === length) return at;
    at = content.indexOf('`', end);
  }
  return -1;
}

/** False where the text means more than itself. */
function addText(text: string, tokens: Token[], createToken: CreateToken): boolean {
  if (text === '') return true;
  if (/[\\*_[\]<&!~]|:\/\//.test(text)) return false;
  const add = (content: string): void => {
    if (content === '') return;
    const token = createToken('text', '', 0);
    token.content = content;
    tokens.push(token);
  };
  let rest = text;
  for (let at = rest.indexOf('\n'); at >= 0; at = rest.indexOf('\n')) {
    const line = rest.slice(0, at);
    add(line.replace(/ +$/, ''));
    tokens.push(createToken(line.endsWith('  ') ? 'hardbreak' : 'softbreak', 'br', 0));
    rest = rest.slice(at + 1).replace(/^[ \t]+/, '');
  }
  add(rest);
  return true;
}
