import type { Token } from 'markdown-it';
import type { Block, Fence, InlineCommand, Link, Row } from './blocks.ts';
import { parseFenceInfo, type FenceInfo } from './attributes.ts';
import { countCells } from './brokenTables.ts';
import { useOfFence } from './fenceUse.ts';
import { splitAtUnclosedFences } from './fenceRecovery.ts';
import { mentionOf, parseInlineCommand } from './inlineCommands.ts';
import { createMarkdownParser, LONGEST_INLINE } from './markdownParser.ts';
import type { Report } from './report.ts';
import { plainSentence, preformatted, summaryOf } from './siteMarkup.ts';

export interface Blocks {
  readonly blocks: readonly Block[];
  readonly links: readonly Link[];
}

/** No title, question or cell is longer; what is cut is cut from recognition, never from a command. */
const LONGEST_TEXT = 4_000;

const parser = createMarkdownParser();

/** Reads the Markdown from 0-based line `from` on; `lines` are the whole file's. Never throws. */
export function readBlocks(lines: readonly string[], from: number, report: Report): Blocks {
  const blocks: Block[] = [];
  const links: Link[] = [];
  const env = {};
  let list = 0;
  for (const segment of splitAtUnclosedFences(lines, from)) {
    const tokens = parser.parse(lines.slice(segment.from, segment.to).join('\n'), env);
    list = readTokens({ tokens, lines, offset: segment.from, blocks, links, report, list });
  }
  return { blocks, links };
}

interface Reading {
  readonly tokens: readonly Token[];
  readonly lines: readonly string[];
  readonly offset: number;
  readonly blocks: Block[];
  readonly links: Link[];
  readonly report: Report;
  readonly list: number;
}

type FencePlace = Pick<Fence, 'line' | 'openLine' | 'closed' | 'fenced'>;

/** A span of inline code and where it stands in the file. */
interface Code {
  readonly text: string;
  readonly line: number;
  readonly endLine: number;
}

/** One pass over the tokens. Returns the number of the last list. */
function readTokens({ tokens, lines, offset, blocks, links, report, ...start }: Reading): number {
  let lists = start.list;
  const open: { id: number; ordered: boolean }[] = [];
  let itemLine = 0; // the item that has no text yet
  let heading: { level: number; line: number } | undefined;
  let table: { header: string[]; rows: Row[]; line: number } | undefined;
  let row: { cells: string[]; line: number; commands?: (readonly InlineCommand[])[] } | undefined;
  let before = ''; // the sentence right above

  const textOf = (token: Token, line: number, codes?: Code[]): string =>
    readInline(token, line, links, report, codes);
  const addFence = (info: FenceInfo, held: readonly string[], place: FencePlace): void => {
    // Field by field, here and below: a copy by `...` is much slower, and every block of every file is made here.
    blocks.push({
      kind: 'fence',
      language: info.language,
      attributes: info.attributes,
      problem: info.problem,
      use: useOfFence(info.language, held, before),
      lines: held,
      depth: open.length,
      line: place.line,
      openLine: place.openLine,
      closed: place.closed,
      fenced: place.fenced,
    });
  };
  const readHtml = (html: string, line: number): void => {
    const summary = summaryOf(html);
    if (summary !== undefined) {
      before = summary;
      blocks.push({
        kind: 'paragraph',
        text: summary,
        line,
        depth: open.length,
        pipes: undefined,
        ...nothing,
      });
    }
    for (const { lines: held, at } of preformatted(html)) {
      const place = { line: line + at, openLine: line + at, closed: true, fenced: false };
      if (held.some((each) => each.trim() !== '')) addFence(parseFenceInfo(''), held, place);
    }
  };

  for (const token of tokens) {
    const line = token.map ? token.map[0] + offset + 1 : 0;
    switch (token.type) {
      case 'heading_open':
        before = '';
        heading = { level: Number(token.tag.slice(1)), line };
        break;
      case 'bullet_list_open':
      case 'ordered_list_open':
        open.push({ id: ++lists, ordered: token.type === 'ordered_list_open' });
        break;
      case 'bullet_list_close':
      case 'ordered_list_close':
        open.pop();
        break;
      case 'list_item_open':
        itemLine = line;
        break;
      case 'list_item_close':
        itemLine = 0;
        break;
      case 'table_open':
        table = { header: [], rows: [], line };
        break;
      case 'tr_open':
        row = { cells: [], line };
        break;
      case 'tr_close':
        if (!table || !row) break;
        if (table.header.length === 0) table.header = row.cells;
        else table.rows.push({ ...row, written: countCells(lines[row.line - 1] ?? '') });
        row = undefined;
        break;
      case 'table_close':
        if (table) blocks.push({ kind: 'table', ...table });
        table = undefined;
        break;
      case 'inline': {
        if (row) {
          const codes: Code[] = [];
          const cell = textOf(token, row.line, codes);
          if (codes.length > 0) {
            row.commands ??= [];
            row.commands[row.cells.length] = runnable(cell, codes).commands;
          }
          row.cells.push(cell);
        } else if (heading) {
          const marked = cutComment(textOf(token, heading.line));
          const { level, line: at } = heading;
          blocks.push({ kind: 'heading', level, line: at, text: marked.text, comment: marked.comment });
          heading = undefined;
        } else if (itemLine > 0) {
          const list = open.at(-1);
          const codes: Code[] = [];
          const whole = textOf(token, line, codes);
          const task = /^\[[ xX]\](?:\s+|$)/.exec(whole);
          const text = plainSentence(task ? whole.slice(task[0].length) : whole);
          const { commands, warns } = runnable(text, codes);
          before = text;
          blocks.push({
            kind: 'item',
            text,
            line,
            depth: open.length,
            commands,
            warns,
            ordered: list?.ordered ?? false,
            task: task !== null,
            list: list?.id ?? 0,
            root: open[0]?.id ?? 0,
          });
          itemLine = 0;
        } else {
          const piped = token.map !== null && token.map[1] - token.map[0] > 1 && token.content.includes('|');
          const codes: Code[] = [];
          const written = textOf(token, line, codes);
          const text = plainSentence(written);
          if (text === '' && written !== '') break; // it was a site's own mark
          const { commands, warns } = runnable(text, codes);
          before = text;
          blocks.push({
            kind: 'paragraph',
            text,
            line,
            depth: open.length,
            commands,
            warns,
            pipes: piped ? token.content.split('\n') : undefined,
          });
        }
        break;
      }
      case 'fence':
      case 'code_block': {
        const content = token.content.endsWith('\n') ? token.content.slice(0, -1) : token.content;
        const held = token.content === '' ? [] : content.split('\n');
        const fenced = token.type === 'fence';
        const span = token.map ? token.map[1] - token.map[0] : 0;
        const closed = !fenced || span - 1 > held.length;
        if (!closed) reportUnclosed(report, line, held.length > 0 ? line + held.length : line);
        const first = fenced ? line + 1 : line;
        addFence(parseFenceInfo(token.info), held, { line: first, openLine: line, closed, fenced });
        before = '';
        break;
      }
      case 'html_block':
        blocks.push({ kind: 'comment', text: token.content, line });
        readHtml(token.content, line);
        break;
      default:
        break;
    }
  }
  return lists;
}

function reportUnclosed(report: Report, line: number, lastLine: number): void {
  report(
    line,
    'fence-unclosed',
    'warning',
    `The code fence opened here is never closed. Everything up to line ${String(lastLine)} was read as its content; ` +
      'add a closing line of backticks where the commands end.',
  );
}

interface Runnable {
  readonly commands: readonly InlineCommand[];
  readonly warns: boolean;
}
const nothing: Runnable = { commands: [], warns: false };

/** Which of a text's code spans are commands to run, and whether it warns of one. */
function runnable(text: string, codes: readonly Code[]): Runnable {
  if (codes.length === 0) return nothing;
  const commands: InlineCommand[] = [];
  let warns = false;
  let at = 0;
  for (const { text: code, line, endLine } of codes) {
    const from = text.indexOf(code, at);
    if (from < 0) break; // the text was cut before it
    at = from + code.length;
    const command = parseInlineCommand(code);
    if (command === undefined) continue;
    const mention = mentionOf(text, from, at);
    if (mention === 'warned of') warns = true;
    else if (mention === 'run') commands.push({ command, from, to: at, line, endLine });
  }
  return commands.length > 0 || warns ? { commands, warns } : nothing;
}

/**
 * The plain text of an inline token: emphasis gone, line breaks as one space; its links go to `links`, its code spans to
 * `codes`.
 */
function readInline(token: Token, firstLine: number, links: Link[], report: Report, codes?: Code[]): string {
  if (!token.children || token.children.length === 0) {
    if (token.content.length > LONGEST_INLINE)
      report(
        firstLine,
        'text-too-long',
        'info',
        `This paragraph has ${String(token.content.length)} characters: its links and emphasis were not read.`,
      );
    const text = token.content.slice(0, LONGEST_TEXT);
    return text.includes('\n')
      ? text
          .split('\n')
          .map((part) => part.trim())
          .join(' ')
      : text.trim();
  }
  let line = firstLine;
  let link: { href: string; line: number; from: number } | undefined;
  let raw = 0; // how far the source was read, for spans that go over a line's end
  const parts: string[] = [];
  for (const child of token.children) {
    switch (child.type) {
      case 'softbreak':
      case 'hardbreak':
        line++;
        parts.push(' ');
        break;
      case 'link_open':
        link = { href: String(child.attrGet('href') ?? ''), line, from: parts.length };
        break;
      case 'link_close':
        if (link) links.push({ href: link.href, line: link.line, text: parts.slice(link.from).join('') });
        link = undefined;
        break;
      case 'code_inline': {
        parts.push(child.content);
        if (!codes) break;
        const from = token.content.indexOf(child.markup, raw);
        const to = from < 0 ? -1 : token.content.indexOf(child.markup, from + child.markup.length);
        const first = line;
        if (to >= 0) {
          for (let at = from; at < to; at++) if (token.content[at] === '\n') line++;
          raw = to + child.markup.length;
        }
        codes.push({ text: child.content, line: first, endLine: line });
        break;
      }
      default:
        if (child.content === '') break;
        parts.push(child.content);
        if (!link && child.type === 'text' && child.content.includes('://'))
          bareLinks(child.content, line, links);
    }
  }
  const text = parts.join('').trim();
  return text.length > LONGEST_TEXT ? text.slice(0, LONGEST_TEXT) : text;
}

/** Addresses written without brackets: every Markdown preview makes links of them. */
function bareLinks(text: string, line: number, links: Link[]): void {
  for (const [found] of text.matchAll(/https?:\/\/[^\s<>"'`)\]}]+/g)) {
    const href = found.replace(/[.,;:!?*_]{1,10}$/, '');
    links.push({ text: href, href, line });
  }
}

function cutComment(text: string): { text: string; comment: string | undefined } {
  const from = text.indexOf('<!--');
  const to = from < 0 ? -1 : text.indexOf('-->', from);
  if (to < 0) return { text, comment: undefined };
  return { text: `${text.slice(0, from)}${text.slice(to + 3)}`.trim(), comment: text.slice(from, to + 3) };
}
