import MarkdownIt, { type Token } from 'markdown-it';

/** A token with what stands in it. */
export interface MarkdownNode {
  /** markdown-it's name without `_open`: `paragraph`, `bullet_list`, `text`, `code_inline`, `fence`. */
  readonly kind: string;
  readonly token: Token;
  readonly children: readonly MarkdownNode[];
}

/** The parser of post-mortems: HTML is never taken as such, but for what `htmlPart` knows. Links to scripts are text. */
export const createParser = (): InstanceType<typeof MarkdownIt> =>
  new MarkdownIt({ html: true, linkify: true });

/** What is understood of HTML in a document: the folds and comments. Everything else is text. */
export type HtmlPart =
  | { readonly kind: 'open' }
  | { readonly kind: 'close' }
  | { readonly kind: 'summary'; readonly text: string }
  | { readonly kind: 'comment' }
  | { readonly kind: 'text'; readonly text: string };

/** Takes a block of HTML apart, line by line. */
export function htmlParts(html: string): readonly HtmlPart[] {
  if (/^\s*<!--[^]*?-->\s*$/.test(html)) return [{ kind: 'comment' }];
  return html
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const text = line.trim();
      if (/^<details>$/i.test(text)) return { kind: 'open' };
      if (/^<\/details>$/i.test(text)) return { kind: 'close' };
      const summary = /^<summary>([^<]*)<\/summary>$/i.exec(text)?.[1];
      return summary === undefined ? { kind: 'text', text: line } : { kind: 'summary', text: summary };
    });
}

/** Markdown as a tree; front matter is left out. Never throws. */
export function readTree(markdown: string): readonly MarkdownNode[] {
  const body = markdown.replace(/^\uFEFF?---[ \t]*\r?\n(?:[^]*?\r?\n)??---[ \t]*(?:\r?\n|$)/, '');
  return nest(createParser().parse(body, {}));
}

function nest(tokens: readonly Token[]): readonly MarkdownNode[] {
  const root: MarkdownNode[] = [];
  const open: { node: MarkdownNode; children: MarkdownNode[] }[] = [];
  for (const token of tokens) {
    if (token.nesting === -1) {
      open.pop();
      continue;
    }
    const children: MarkdownNode[] = token.children ? [...nest(token.children)] : [];
    const node = { kind: token.type.replace(/_open$/, ''), token, children };
    (open.at(-1)?.children ?? root).push(node);
    if (token.nesting === 1) open.push({ node, children });
  }
  return root;
}

/** `[ ] text` and `[x] text` at the beginning of a list item. */
export const taskBox = /^\[([ xX])\]\s+/;
