/**
 * Forms that documentation sites add to Markdown: MkDocs tabs and admonitions (https://squidfunk.github.io/mkdocs-material/reference/),
 * Hugo shortcodes, `:::` containers, GitHub alerts, `<details>` and `<pre>`. What they hold is read as if they were not there.
 */

/** Whether `withoutSiteIndent` may have something to do. */
export const hasSiteBlocks = (text: string): boolean =>
  text.includes('!!! ') ||
  text.includes('??? ') ||
  text.includes('???+ ') ||
  text.includes('=== "') ||
  text.includes('===+ "') ||
  text.includes('===! "');

const siteBlock = /^([ \t]*)(?:===[+!]?|!!!|\?\?\?\+?)[ \t]+["\w]/;
const fence = /^\s*(`{3,}|~{3,})/;

/**
 * Takes away the indentation that MkDocs wants below `=== "Tab"` and `!!! note`, so that fences in there are fences.
 * Lines keep their number; the introducing line becomes blank, or the tab's name where a blank line follows. Linear.
 */
export function withoutSiteIndent(lines: readonly string[], from: number): readonly string[] {
  const out = [...lines];
  const open: number[] = []; // how far each open block's content is indented
  let inFence: { marker: string; indent: number } | undefined;
  for (let at = from; at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (line.trim() === '') continue;
    const indent = line.search(/\S/);
    if (inFence && indent < (open.at(-1) ?? 0)) inFence = undefined;
    while (!inFence && open.length > 0 && indent < (open.at(-1) ?? 0)) open.pop();
    const cut = line.slice(open.at(-1) ?? 0);
    out[at] = cut;
    const fenced = fence.exec(cut)?.[1];
    if (inFence) {
      if (fenced?.startsWith(inFence.marker)) inFence = undefined;
      continue;
    }
    if (fenced !== undefined) {
      inFence = { marker: fenced, indent };
      continue;
    }
    if (!siteBlock.test(line)) continue;
    const name = /^\s*===[+!]?[ \t]+"([^"]{1,200})"\s*$/.exec(line)?.[1];
    out[at] = name !== undefined && (lines[at + 1] ?? '').trim() === '' ? name : '';
    open.push(indent + 4);
  }
  return out;
}

const shortcode = /\{\{[<%][^{}]{0,400}[%>]\}\}/g;
const container = /(?:^|\s):::+\s{0,3}[\w-]{0,32}(?:\[[^\]]{0,200}\])?(?=\s|$)/g;
const alertName = /^\s*\[!\w{1,20}\][+-]?\s*/;

/** Tags that only change how text looks; a placeholder such as `<pod>` is none of them. */
const tag = /\s?<\/?(?:br|kbd|em|strong|code|span|sup|sub|div|font|img)(?:\s[^<>]{0,200})?\s?\/?>\s?/gi;

/** A sentence without the shortcodes, container marks, alert names and tags in it; often nothing is left. */
export function plainSentence(text: string): string {
  let plain = text;
  if (plain.includes('{{<') || plain.includes('{{%')) plain = plain.replace(shortcode, ' ').trim();
  if (plain.includes(':::')) plain = plain.replace(container, ' ').trim();
  if (plain.startsWith('[!')) plain = plain.replace(alertName, '');
  if (plain.includes('<')) plain = plain.replace(tag, ' ').trim();
  return plain;
}

const entities: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  '#39': "'",
  apos: "'",
};
const decode = (text: string): string =>
  text
    .replace(/<[^>]{0,200}>/g, '')
    .replace(/&(lt|gt|amp|quot|#39|apos);/g, (_, name: string) => entities[name] ?? '');

/** The lines of each `<pre>` in a block of HTML, with the 0-based line of the block where each begins. */
export function preformatted(html: string): { lines: readonly string[]; at: number }[] {
  const found: { lines: readonly string[]; at: number }[] = [];
  if (!/<pre[\s>]/i.test(html)) return found;
  const open = /<pre(?:\s[^>]{0,200})?>(?:\s{0,80}<code(?:\s[^>]{0,200})?>)?/gi;
  const lower = html.toLowerCase();
  let counted = 0;
  let line = 0;
  for (let begin = open.exec(html); begin; begin = open.exec(html)) {
    const from = begin.index + begin[0].length;
    const close = lower.indexOf('</pre', from);
    const to = close < 0 ? html.length : close;
    for (; counted < from; counted++) if (html[counted] === '\n') line++;
    const lines = html.slice(from, to).split('\n').map(decode);
    found.push({ lines, at: line });
    open.lastIndex = to;
  }
  return found;
}

/** What a `<details>` block calls itself. */
export const summaryOf = (html: string): string | undefined => {
  const from = html.search(/<summary[\s>]/i);
  if (from < 0) return undefined;
  const text = /^<summary[^>]{0,200}>([^]{0,400}?)<\/summary/i.exec(html.slice(from, from + 700))?.[1];
  const plain = text === undefined ? '' : decode(text).replace(/\s+/g, ' ').trim();
  return plain === '' ? undefined : plain;
};
