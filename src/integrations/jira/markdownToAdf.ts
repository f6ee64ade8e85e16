import MarkdownIt from 'markdown-it';
import type { Token } from 'markdown-it';

/** A mark or a node of the Atlassian Document Format. */
export interface AdfMark {
  readonly type: 'strong' | 'em' | 'strike' | 'code' | 'link';
  readonly attrs?: Readonly<Record<string, string>>;
}
export interface AdfNode {
  readonly type: string;
  readonly attrs?: Readonly<Record<string, string | number>>;
  readonly content?: readonly AdfNode[];
  readonly text?: string;
  readonly marks?: readonly AdfMark[];
}
export interface AdfDocument {
  readonly type: 'doc';
  readonly version: 1;
  readonly content: readonly AdfNode[];
}

const parser = new MarkdownIt({ html: false, linkify: true }).disable('table');
// A name with a dot in it is a file or a host more often than a site.
parser.linkify.set({ fuzzyLink: false, fuzzyEmail: false });

/**
 * Markdown as Jira takes it: https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/. Headings,
 * lists, code, quotes, rules, emphasis and links become theirs; everything else stays as it was written. A line's end is
 * one there too, as GitHub shows it. Nothing in it can notify anybody: a mention is a node of its own there.
 */
export function markdownToAdf(markdown: string): AdfDocument {
  const content = readBlocks(parser.parse(markdown, {}));
  return { type: 'doc', version: 1, content: content.length > 0 ? content : [paragraph([])] };
}

/** Jira takes 32,767 characters of text; whether its format's own are among them it does not say. */
const longestDocument = 32_767;

/** The document of a text, cut where Jira would refuse it. */
export function documentOf(markdown: string): AdfDocument {
  let document = markdownToAdf(markdown);
  for (let kept = markdown.length; ;) {
    const size = JSON.stringify(document).length;
    if (size <= longestDocument) return document;
    kept = Math.floor(kept * Math.min(0.9, longestDocument / size));
    document = markdownToAdf(
      `${markdown.slice(0, kept).toWellFormed()}\n\n… (cut here: Jira takes no longer text)`,
    );
  }
}

/** What stands open while tokens are read, with what is in it so far. */
interface Open {
  readonly close: string;
  readonly type: string;
  readonly attrs?: Readonly<Record<string, string | number>>;
  readonly content: AdfNode[];
}

const containers: Readonly<Record<string, string>> = {
  bullet_list_open: 'bulletList',
  ordered_list_open: 'orderedList',
  list_item_open: 'listItem',
  blockquote_open: 'blockquote',
  paragraph_open: 'paragraph',
  heading_open: 'heading',
};

function readBlocks(tokens: readonly Token[]): readonly AdfNode[] {
  const content: AdfNode[] = [];
  const open: Open[] = [];
  const put = (...nodes: readonly AdfNode[]): void => void (open.at(-1)?.content ?? content).push(...nodes);
  for (const token of tokens) {
    const type = containers[token.type];
    if (type !== undefined) {
      const attrs = attrsOf(token);
      open.push({
        close: token.type.replace('_open', '_close'),
        type,
        content: [],
        ...(attrs ? { attrs } : {}),
      });
    } else if (token.type === open.at(-1)?.close) {
      const { type: closed, attrs, content: inner } = open.pop() as Open;
      const parent = open.at(-1)?.type;
      put(...fitting({ type: closed, content: inner, ...(attrs ? { attrs } : {}) }, parent));
    } else if (token.type === 'inline') {
      put(...readInline(token.children ?? []));
    } else if (token.type === 'fence' || token.type === 'code_block') {
      put(codeBlock(token));
    } else if (token.type === 'hr') {
      put(...(open.length === 0 ? [{ type: 'rule' }] : []));
    }
  }
  return content;
}

function attrsOf(token: Token): Open['attrs'] {
  if (token.type === 'heading_open') return { level: Number(token.tag.slice(1)) };
  const start = token.type === 'ordered_list_open' ? Number(token.attrGet('start') ?? 1) : 1;
  return start === 1 ? undefined : { order: start };
}

/** Jira refuses a whole text for one node in a place where it does not belong. */
function fitting(node: AdfNode, parent: string | undefined): readonly AdfNode[] {
  const inner = node.content ?? [];
  switch (node.type) {
    case 'listItem':
      // It begins with a paragraph.
      return [inner[0]?.type === 'paragraph' ? node : { ...node, content: [paragraph([]), ...inner] }];
    case 'heading':
      return parent === undefined ? [node] : [paragraph(inner.map(strong))];
    case 'blockquote':
      return parent === undefined && inner.length > 0 ? [node] : inner;
    default:
      return [node];
  }
}

const paragraph = (content: readonly AdfNode[]): AdfNode => ({ type: 'paragraph', content });

const strong = (node: AdfNode): AdfNode =>
  node.type !== 'text' || node.marks?.some(({ type }) => type === 'code' || type === 'strong')
    ? node
    : { ...node, marks: [...(node.marks ?? []), { type: 'strong' }] };

function codeBlock({ info, content }: Token): AdfNode {
  const language = /^[\w+#-]+/.exec(info.trim())?.[0];
  const text = content.replace(/\n$/, '');
  return {
    type: 'codeBlock',
    ...(language === undefined ? {} : { attrs: { language } }),
    ...(text === '' ? {} : { content: [{ type: 'text', text }] }),
  };
}

const spans: Readonly<Record<string, AdfMark['type']>> = { strong: 'strong', em: 'em', s: 'strike' };

function readInline(tokens: readonly Token[]): readonly AdfNode[] {
  const nodes: AdfNode[] = [];
  const marks: (AdfMark | undefined)[] = [];
  const put = (text: string, ...more: readonly AdfMark[]): void => {
    if (text === '') return;
    const all = [...marks.filter((one) => one !== undefined), ...more];
    // Code bears a link and nothing else.
    const isCode = all.some(({ type }) => type === 'code');
    const allowed = isCode ? all.filter(({ type }) => type === 'code' || type === 'link') : all;
    const once = allowed.filter((one, index) => allowed.findIndex(({ type }) => type === one.type) === index);
    nodes.push({ type: 'text', text, ...(once.length > 0 ? { marks: once } : {}) });
  };
  for (const token of tokens) {
    switch (token.type) {
      case 'softbreak':
      case 'hardbreak':
        nodes.push({ type: 'hardBreak' });
        break;
      case 'code_inline':
        put(token.content, { type: 'code' });
        break;
      case 'link_open':
        marks.push(link(String(token.attrGet('href') ?? '')));
        break;
      case 'image': {
        const source = link(String(token.attrGet('src') ?? ''));
        put(token.content || 'picture', ...(source ? [source] : []));
        break;
      }
      default: {
        const span = spans[token.type.replace(/_(?:open|close)$/, '')];
        if (token.type.endsWith('_close')) marks.pop();
        else if (token.type.endsWith('_open')) marks.push(span && { type: span });
        else put(token.content);
      }
    }
  }
  return nodes;
}

/** Jira makes nothing clickable that is no web or mail address. */
const link = (href: string): AdfMark | undefined =>
  /^(?:https?|mailto):/i.test(href) ? { type: 'link', attrs: { href } } : undefined;
