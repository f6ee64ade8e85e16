import { htmlParts, readTree, taskBox, type MarkdownNode } from './markdownTree.ts';

/**
 * A document as Slack's mrkdwn: bold is one star, links are `<address|text>`, headings are bold lines, tables are lined up
 * in code. Of what is folded only its heading is there: a channel is no place for a thousand lines. https://docs.slack.dev/messaging/formatting-message-text
 */
export function slackText(markdown: string): string {
  return `${blocks(unfolded(readTree(markdown)), '')
    .join('\n\n')
    .trim()}\n`;
}

/** Without what stands between a fold's heading and its end. */
function unfolded(nodes: readonly MarkdownNode[]): readonly MarkdownNode[] {
  let depth = 0;
  return nodes.filter(({ kind, token }) => {
    const parts = kind === 'html_block' ? htmlParts(token.content) : [];
    const before = depth;
    for (const part of parts) depth += part.kind === 'open' ? 1 : part.kind === 'close' ? -1 : 0;
    depth = Math.max(0, depth);
    return before === 0;
  });
}

const escapeSlack = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

function blocks(nodes: readonly MarkdownNode[], indent: string): string[] {
  return nodes.flatMap((node) => {
    const { kind, token, children } = node;
    switch (kind) {
      case 'heading':
        return [`*${inline(children, true)}*`];
      case 'paragraph':
        return [indent + inline(children)];
      case 'bullet_list':
      case 'ordered_list':
        return [list(node, indent)];
      case 'fence':
      case 'code_block':
        return [`\`\`\`\n${escapeSlack(token.content.trimEnd())}\n\`\`\``];
      case 'blockquote':
        return [
          blocks(children, '')
            .join('\n\n')
            .split('\n')
            .map((line) => `> ${line}`)
            .join('\n'),
        ];
      case 'hr':
        return ['──────────'];
      case 'table':
        return [table(node)];
      case 'html_block':
        return htmlParts(token.content).flatMap((part) =>
          part.kind === 'summary'
            ? [`_${escapeSlack(part.text)}: see the document_`]
            : part.kind === 'text'
              ? [escapeSlack(part.text)]
              : [],
        );
      default:
        return children.length > 0 ? blocks(children, indent) : [];
    }
  });
}

function list({ kind, token, children }: MarkdownNode, indent: string): string {
  const first = Number(token.attrGet('start') ?? 1);
  return children
    .map((item, index) => {
      const mark = kind === 'ordered_list' ? `${first + index}. ` : '• ';
      const [head, ...rest] = item.children;
      const text = head?.kind === 'paragraph' || head?.kind === 'inline' ? inline(head.children) : '';
      const below = text === '' && head ? item.children : rest;
      const box = taskBox.exec(text)?.[1];
      const ticked = box === undefined ? text : `${box === ' ' ? '☐' : '☑'} ${text.replace(taskBox, '')}`;
      return [`${indent}${mark}${ticked}`, ...blocks(below, `${indent}    `)].join('\n');
    })
    .join('\n');
}

/** Slack has no tables: cells are lined up, in code so that the letters have one width. */
function table({ children }: MarkdownNode): string {
  const rows = rowsOf(children).map((row) => row.map((cell) => plain(cell.children)));
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => [...(row[column] ?? '')].length)),
  );
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - [...cell].length)))
      .join('  ')
      .trimEnd(),
  );
  return `\`\`\`\n${escapeSlack(lines.join('\n'))}\n\`\`\``;
}

/** The rows of a table as their cells. */
export const rowsOf = (parts: readonly MarkdownNode[]): readonly (readonly MarkdownNode[])[] =>
  parts.flatMap(({ children }) => children.map((row) => row.children));

function inline(nodes: readonly MarkdownNode[], isBold = false): string {
  return nodes
    .map(({ kind, token, children }) => {
      switch (kind) {
        case 'inline':
          return inline(children, isBold);
        case 'text':
          return escapeSlack(token.content);
        case 'code_inline':
          return `\`${escapeSlack(token.content)}\``;
        case 'strong':
          return isBold ? inline(children, true) : `*${inline(children, true)}*`;
        case 'em':
          return `_${inline(children, isBold)}_`;
        case 's':
          return `~${inline(children, isBold)}~`;
        case 'link':
          return link(String(token.attrGet('href') ?? ''), plain(children));
        case 'image':
          return link(String(token.attrGet('src') ?? ''), token.content || 'picture');
        case 'softbreak':
        case 'hardbreak':
          return '\n';
        default:
          return escapeSlack(token.content);
      }
    })
    .join('');
}

/** An address that only means something beside the document is of no use in a channel. */
const link = (address: string, text: string): string =>
  /^(?:https?:|mailto:)/i.test(address)
    ? `<${escapeSlack(address).replaceAll('|', '%7C')}|${escapeSlack(text)}>`
    : escapeSlack(text);

/** The letters alone. */
export function plain(nodes: readonly MarkdownNode[]): string {
  return nodes
    .map(({ kind, token, children }) => {
      if (kind === 'softbreak' || kind === 'hardbreak') return ' ';
      if (kind === 'image') return token.content;
      return children.length > 0 ? plain(children) : token.content;
    })
    .join('');
}
