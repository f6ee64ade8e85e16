import { htmlParts, readTree, taskBox, type MarkdownNode } from './markdownTree.ts';
import { plain, rowsOf } from './slackText.ts';

export type WikiDialect = 'jira' | 'confluence';

/**
 * A document as wiki text: Jira's notation, or Confluence's (Insert > Markup), which folds and ticks. What means something
 * to the wiki is escaped. https://jira.atlassian.com/secure/WikiRendererHelpAction.jspa
 */
export function wikiText(markdown: string, dialect: WikiDialect): string {
  return `${blocks(readTree(markdown), dialect).join('\n\n').trim()}\n`;
}

/** Escapes what would be markup: braces, brackets, bars, and signs that open emphasis at a word's edge. */
const escapeWiki = (text: string): string =>
  text
    .replace(/\\/g, '\\\\')
    .replace(/[{}[\]|]/g, '\\$&')
    .replace(/(^|[\s(])([*_+^~?-])(?=\S)/g, '$1\\$2')
    .replace(/(\S)([*_+^~])(?=[\s.,;:)!?]|$)/g, '$1\\$2')
    .replace(/^(h[1-6]\.|bq\.|#)(?=\s)/, '\\$1');

function blocks(nodes: readonly MarkdownNode[], dialect: WikiDialect): string[] {
  return nodes.flatMap((node) => {
    const { kind, token, children } = node;
    switch (kind) {
      case 'heading':
        return [`h${token.tag.slice(1)}. ${inline(children).replace(/\n/g, ' ')}`];
      case 'paragraph':
        return [inline(children)];
      case 'bullet_list':
      case 'ordered_list':
        return [list(node, '', dialect)];
      case 'fence':
      case 'code_block':
        return [code(token.content)];
      case 'blockquote':
        return [`{quote}\n${blocks(children, dialect).join('\n\n')}\n{quote}`];
      case 'hr':
        return ['----'];
      case 'table':
        return [table(node)];
      case 'html_block':
        return html(token.content, dialect);
      default:
        return children.length > 0 ? blocks(children, dialect) : [];
    }
  });
}

/** A block of code that holds the wiki's own end mark would end there. */
const code = (text: string): string =>
  `{noformat}\n${text.trimEnd().replaceAll('{noformat}', '{no format}')}\n{noformat}`;

function html(text: string, dialect: WikiDialect): string[] {
  return htmlParts(text).flatMap((part) => {
    switch (part.kind) {
      case 'summary':
        return [
          dialect === 'confluence'
            ? `{expand:${part.text.replace(/[{}|]/g, ' ')}}`
            : `*${escapeWiki(part.text)}*`,
        ];
      case 'close':
        return dialect === 'confluence' ? ['{expand}'] : [];
      case 'text':
        return [escapeWiki(part.text)];
      case 'open':
      case 'comment':
        return [];
    }
  });
}

function list({ kind, children }: MarkdownNode, above: string, dialect: WikiDialect): string {
  const marks = above + (kind === 'ordered_list' ? '#' : '*');
  return children
    .map((item) => {
      const lines: string[] = [];
      let isFirst = true;
      for (const part of item.children) {
        if (part.kind === 'bullet_list' || part.kind === 'ordered_list')
          lines.push(list(part, marks, dialect));
        else {
          const text = part.kind === 'paragraph' ? inline(part.children) : blocks([part], dialect).join('\n');
          const box = taskBox.exec(plain(part.children))?.[1];
          // The brackets of a box were escaped like any others.
          const ticked =
            isFirst && box !== undefined
              ? `${box === ' ' ? '(x)' : '(/)'} ${text.replace(/^\\\[[ xX]\\\]\s+/, '')}`
              : text;
          // A paragraph of its own would end the list.
          lines.push(
            isFirst
              ? `${marks} ${ticked.replace(/\n+/g, ' \\\\ ')}`
              : ` \\\\ ${text.replace(/\n+/g, ' \\\\ ')}`,
          );
        }
        isFirst = false;
      }
      return lines.join('\n').replace(/\n \\\\ /g, ' \\\\ ');
    })
    .join('\n');
}

function table({ children }: MarkdownNode): string {
  return rowsOf(children)
    .map((cells) => {
      const bar = cells[0]?.kind === 'th' ? '||' : '|';
      // An empty cell would run into the next bar.
      return bar + cells.map((cell) => inline(cell.children).replace(/\n/g, ' ') || ' ').join(bar) + bar;
    })
    .join('\n');
}

function inline(nodes: readonly MarkdownNode[]): string {
  return nodes
    .map(({ kind, token, children }) => {
      switch (kind) {
        case 'inline':
          return inline(children);
        case 'text':
          return escapeWiki(token.content);
        case 'code_inline':
          return `{{${escapeWiki(token.content)}}}`;
        case 'strong':
          return `*${inline(children)}*`;
        case 'em':
          return `_${inline(children)}_`;
        case 's':
          return `-${inline(children)}-`;
        case 'link':
          return link(String(token.attrGet('href') ?? ''), inline(children));
        case 'image':
          return link(String(token.attrGet('src') ?? ''), escapeWiki(token.content || 'picture'));
        case 'softbreak':
        case 'hardbreak':
          return '\n';
        default:
          return escapeWiki(token.content);
      }
    })
    .join('');
}

/** An address that only means something beside the document is of no use elsewhere. */
const link = (address: string, text: string): string =>
  /^(?:https?:|mailto:)/i.test(address)
    ? `[${text}|${address.replaceAll('|', '%7C').replaceAll(']', '%5D')}]`
    : text;
