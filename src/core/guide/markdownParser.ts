import MarkdownIt from 'markdown-it';
import { codeSpans } from './codeSpans.ts';
import type { Env, MarkdownIt as Parser, StateBlock, StateInline, Token } from 'markdown-it';

/** Longer paragraphs are not looked at for emphasis and links: some inputs cost quadratic time there. */
export const LONGEST_INLINE = 50_000;

/** Nothing in it means anything to Markdown: most headings, items and cells. */
const isPlain = (content: string): boolean => !/[\\`*_[\]<&!~]|:\/\//.test(content);

/**
 * markdown-it without what a guide's reader does not ask for: plain texts are not searched for emphasis, and addresses
 * stay as written. Parsing changes nothing in it, so that one serves all files.
 */
export function createMarkdownParser(): Parser {
  const parser = new MarkdownIt({ html: true });
  parser.disable('html_inline');
  parser.normalizeLink = (href) => href;
  parser.block.State = leanBlockState(parser.block.State);
  parser.inline.State = leanInlineState(parser.inline.State);
  parser.core.ruler.at('inline', (state) => {
    for (const token of state.tokens) {
      if (token.type !== 'inline' || token.content.length > LONGEST_INLINE || isPlain(token.content))
        continue;
      const spans = codeSpans(token.content, createToken);
      if (spans) token.children = spans;
      else state.md.inline.parse(token.content, state.md, state.env, (token.children ??= []));
    }
  });
  return parser;
}

/**
 * markdown-it 15 is compiled so that each field of a token is defined by a call, which is a third of its time. This is
 * the same token, made by assignments.
 */
class LeanToken {
  readonly type: string;
  readonly tag: string;
  readonly nesting: -1 | 0 | 1;
  attrs: Token['attrs'] = null;
  map: Token['map'] = null;
  level = 0;
  children: Token[] | null = null;
  content = '';
  markup = '';
  info = '';
  meta: unknown = null;
  block = false;
  hidden = false;

  constructor(type: string, tag: string, nesting: -1 | 0 | 1) {
    this.type = type;
    this.tag = tag;
    this.nesting = nesting;
  }
}
Object.setPrototypeOf(LeanToken.prototype, MarkdownIt.Token.prototype);
const createToken = (type: string, tag: string, nesting: -1 | 0 | 1): Token =>
  new LeanToken(type, tag, nesting) as unknown as Token;

const leanBlockState = (State: typeof StateBlock): typeof StateBlock =>
  class extends State {
    override push(type: string, tag: string, nesting: -1 | 0 | 1): Token {
      const token = createToken(type, tag, nesting);
      token.block = true;
      if (nesting < 0) this.level--;
      token.level = this.level;
      if (nesting > 0) this.level++;
      this.tokens.push(token);
      return token;
    }
  };

/** Each text has a state of its own, so its fields too are assigned instead of defined; its methods are markdown-it's. */
function leanInlineState(State: typeof StateInline): typeof StateInline {
  class LeanState {
    readonly src: string;
    readonly md: Parser;
    readonly env: Env;
    readonly tokens: Token[];
    readonly tokens_meta: StateInline['tokens_meta'];
    readonly posMax: number;
    readonly Token = MarkdownIt.Token;
    readonly cache = {};
    readonly backticks = {};
    readonly _prev_delimiters: StateInline['_prev_delimiters'] = [];
    pos = 0;
    level = 0;
    pending = '';
    pendingLevel = 0;
    backticksScanned = false;
    skipHtmlSpecial = false;
    linkLevel = 0;
    delimiters: StateInline['delimiters'] = [];

    constructor(src: string, md: Parser, env: Env, outTokens: Token[]) {
      this.src = src;
      this.md = md;
      this.env = env;
      this.tokens = outTokens;
      this.tokens_meta = Array<undefined>(outTokens.length);
      this.posMax = src.length;
    }

    pushPending(): Token {
      const token = createToken('text', '', 0);
      token.content = this.pending;
      token.level = this.pendingLevel;
      this.tokens.push(token);
      this.pending = '';
      return token;
    }

    push(type: string, tag: string, nesting: -1 | 0 | 1): Token {
      if (this.pending !== '') this.pushPending();
      const token = createToken(type, tag, nesting);
      let meta: StateInline['tokens_meta'][number];
      if (nesting < 0) {
        this.level--;
        this.delimiters = this._prev_delimiters.pop() ?? [];
      }
      token.level = this.level;
      if (nesting > 0) {
        this.level++;
        this._prev_delimiters.push(this.delimiters);
        this.delimiters = [];
        meta = { delimiters: this.delimiters };
      }
      this.pendingLevel = this.level;
      this.tokens.push(token);
      this.tokens_meta.push(meta);
      return token;
    }
  }
  Object.setPrototypeOf(LeanState.prototype, State.prototype);
  return LeanState as unknown as typeof StateInline;
}
