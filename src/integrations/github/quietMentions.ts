import MarkdownIt from 'markdown-it';

const parser = new MarkdownIt({ html: true });
const zeroWidthSpace = '\u200b';

/**
 * Markdown in which no `@name` notifies anybody and no `#12` leaves a trace on another issue: what an alert says is
 * not for it to decide. A character without width goes between, so it reads as before; code blocks and addresses stay
 * as they are.
 */
export function quietMentions(markdown: string): string {
  const inCode = codeLines(markdown);
  return markdown
    .split('\n')
    .map((line, index) => (inCode.has(index) ? line : quietLine(line)))
    .join('\n');
}

/** The lines that GitHub shows as code blocks, by the same rules (CommonMark); mentions are not read there. */
function codeLines(markdown: string): ReadonlySet<number> {
  const lines = new Set<number>();
  for (const { type, map } of parser.parse(markdown, {})) {
    if ((type !== 'fence' && type !== 'code_block') || !map) continue;
    for (let line = map[0]; line < map[1]; line++) lines.add(line);
  }
  return lines;
}

/** An address that GitHub makes a link of; what stands in it is no mention. */
const address = /(?<=^|[\s*_~(])https?:\/\/[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d+)?(?:[/?#][^\s<]*)?/giu;
// Each may be written as an entity, and so may what follows it.
const at = /(?<![a-z0-9])(?:@|&commat;|&#0*64;|&#x0*40;)(?=[a-z0-9&])/giu;
const hash = /(?:#|&num;|&#0*35;|&#x0*23;)(?=[\d&])(?!(?<=&#)\d+;)/giu;
const gh = /(?<![a-z0-9])(gh-)(?=[\d&])/giu;

function quietLine(line: string): string {
  let quiet = '';
  let end = 0;
  for (const found of line.matchAll(address)) {
    quiet += quietText(line.slice(end, found.index)) + found[0];
    end = found.index + found[0].length;
  }
  return quiet + quietText(line.slice(end));
}

const quietText = (text: string): string =>
  text
    .replace(hash, `#${zeroWidthSpace}`)
    .replace(at, `@${zeroWidthSpace}`)
    .replace(gh, `$1${zeroWidthSpace}`);
