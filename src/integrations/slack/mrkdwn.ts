/**
 * Our Markdown as Slack's mrkdwn, https://docs.slack.dev/messaging/formatting-message-text. `&`, `<` and `>` are
 * escaped, so nothing in a text becomes a mention of @channel or of a person, or a link that hides where it goes.
 */
export function toMrkdwn(markdown: string): string {
  return toLines(markdown)
    .map(({ pieces }) => pieces.join(''))
    .join('\n');
}

/** A line of mrkdwn in pieces that must stay whole: an escaped character, a link. */
export interface MrkdwnLine {
  readonly pieces: readonly string[];
  /** Whether it stands inside of a code fence, between the lines that open and close it. */
  readonly code: boolean;
}

/** Control characters, and those that turn the direction of text and so let a name read as another. */
const unseen = /[\u0000-\u0008\u000b-\u001f\u007f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

export function toLines(markdown: string): MrkdwnLine[] {
  let fence: string | undefined;
  const lines = markdown
    .replace(/\r\n?/g, '\n')
    .replace(unseen, '')
    .split('\n')
    .map((line): MrkdwnLine => {
      const [, marker] = /^\s{0,3}(`{3,}|~{3,})/.exec(line) ?? [];
      if (fence !== undefined) {
        if (!marker?.startsWith(fence)) return { pieces: escaped(line), code: true };
        fence = undefined;
        return { pieces: ['```'], code: false };
      }
      if (marker === undefined) return { pieces: blockLine(line), code: false };
      fence = marker;
      return { pieces: ['```'], code: false };
    });
  return fence === undefined ? lines : [...lines, { pieces: ['```'], code: false }];
}

const bullets: readonly (readonly [RegExp, string])[] = [
  [/^(\s*)[-*+] \[ \] /, '☐ '],
  [/^(\s*)[-*+] \[[xX]\] /, '☑ '],
  [/^(\s*)[-*+] /, '• '],
];

function blockLine(line: string): string[] {
  const heading = /^ {0,3}#{1,6} +(.*?)[ #]*$/.exec(line)?.[1];
  // Bold inside of bold would end it.
  if (heading) return ['*', ...inline(heading.replaceAll('**', '').replaceAll('__', ''), 1), '*'];
  for (const [pattern, sign] of bullets) {
    const found = pattern.exec(line);
    if (found) return [found[1] ?? '', sign, ...inline(line.slice(found[0].length), 0)];
  }
  return inline(line, 0);
}

/** Each character by itself, what Slack gives a meaning as its entity. */
const escaped = (text: string): string[] => Array.from(text, (character) => entities[character] ?? character);

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

export const escapeText = (text: string): string => escaped(text.replace(unseen, '')).join('');

/** Emphasis inside of emphasis, no deeper: a hostile text must not choose how deep we go. */
const deepest = 3;
/** Marks of Markdown and of mrkdwn, the longer ones first. */
const emphases: readonly (readonly [string, string])[] = [
  ['**', '*'],
  ['__', '*'],
  ['~~', '~'],
  ['*', '_'],
];

function inline(text: string, depth: number): string[] {
  const out: string[] = [];
  for (let at = 0; at < text.length;) {
    const found =
      codeAt(text, at) ?? linkAt(text, at, depth) ?? urlAt(text, at) ?? emphasisAt(text, at, depth);
    if (found) {
      out.push(...found.pieces);
      at = found.end;
      continue;
    }
    if (text[at] === '\\' && /[!-/:-@[-`{-~]/.test(text[at + 1] ?? '')) at++;
    const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
    out.push(entities[character] ?? character);
    at += character.length;
  }
  return out;
}

type Found = { readonly pieces: readonly string[]; readonly end: number } | undefined;

function codeAt(text: string, at: number): Found {
  if (text[at] !== '`') return undefined;
  let start = at;
  while (text[start] === '`') start++;
  const ticks = text.slice(at, start);
  const close = text.indexOf(ticks, start);
  // A run of backticks that nothing closes is taken whole, so that it is looked at once.
  if (close < 0) return { pieces: [ticks], end: start };
  return { pieces: ['`', ...escaped(text.slice(start, close)), '`'], end: close + ticks.length };
}

const linkPattern =
  /!?\[([^[\]]{1,500})\]\(<?((?:[^\s<>()]|\([^\s<>()]{0,200}\)){1,2000})>?(?: +"[^"]{0,500}")?\)/y;
const urlPattern = /https?:\/\/[^\s<>`|"]{1,2000}/y;

function linkAt(text: string, at: number, depth: number): Found {
  if (text[at] !== '[' && text[at] !== '!') return undefined;
  linkPattern.lastIndex = at;
  const [whole, label = '', address = ''] = linkPattern.exec(text) ?? [];
  if (whole === undefined) return undefined;
  return { pieces: link(label, address, depth), end: at + whole.length };
}

/** A link says where it goes when its words look like another address, and is no link when it is not one to the web. */
function link(label: string, address: string, depth: number): string[] {
  const words = inline(label, depth + 1);
  const target = webAddress(address);
  if (target === undefined) return [...words, ' (', ...escaped(address), ')'];
  if (label === address) return [`<${target}>`];
  if (/:\/\/|[\w-]\.\p{L}{2,}/u.test(label)) return [...words, ' (', `<${target}>`, ')'];
  return [`<${target}|${escapeText(label)}>`];
}

function webAddress(address: string): string | undefined {
  if (!/^https?:\/\//.test(address) || !URL.canParse(address)) return undefined;
  return escapeText(address.replaceAll('|', '%7C'));
}

/** Slack is told to make links of nothing by itself, so a bare address becomes one here. */
function urlAt(text: string, at: number): Found {
  const inAngles = text[at] === '<';
  urlPattern.lastIndex = inAngles ? at + 1 : at;
  const [whole] = urlPattern.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const closed = inAngles && text[urlPattern.lastIndex] === '>';
  if (inAngles && !closed) return undefined;
  const address = closed ? whole : bareAddress(whole);
  const target = webAddress(address);
  const end = closed ? urlPattern.lastIndex + 1 : at + address.length;
  return { pieces: target === undefined ? escaped(address) : [`<${target}>`], end };
}

/** Without the punctuation of the sentence that it stands in, and a bracket that was opened before it. */
function bareAddress(address: string): string {
  let end = address.length;
  for (; end > 0; end--) {
    const last = address[end - 1] ?? '';
    if (/[.,;:!?'*_~\]}]/.test(last)) continue;
    if (last !== ')' || address.slice(0, end).includes('(')) break;
  }
  return address.slice(0, end);
}

function emphasisAt(text: string, at: number, depth: number): Found {
  if (depth >= deepest) return undefined;
  for (const [mark, sign] of emphases) {
    if (!text.startsWith(mark, at)) continue;
    // `snake__case` and the like are no emphasis.
    if (mark === '__' && /\w/.test(text[at - 1] ?? '')) continue;
    const start = at + mark.length;
    const close = text.indexOf(mark, start + 1);
    const inside = close < 0 ? '' : text.slice(start, close);
    if (inside === '' || /^\s|\s$/.test(inside)) continue;
    return { pieces: [sign, ...inline(inside, depth + 1), sign], end: close + mark.length };
  }
  return undefined;
}

/** Cuts an escaped text to so many UTF-16 units, never through an entity. */
export function cutText(text: string, length: number): string {
  const all = escapeText(text);
  if (all.length <= length) return all;
  let cut = '';
  for (const piece of escaped(text.replace(unseen, ''))) {
    if (cut.length + piece.length + 1 > length) break;
    cut += piece;
  }
  return `${cut}…`;
}
