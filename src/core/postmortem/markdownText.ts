/**
 * Text of a person as Markdown that reads the same and cannot leave its line: one line, everything that means
 * something escaped (CommonMark 0.31 §2.4), addresses kept clickable as autolinks.
 */
export function escapeMarkdown(text: string): string {
  return joinLines(text)
    .split(/(https?:\/\/[^\s<>"'`\\]+)/)
    .map((part, index) => (index % 2 === 1 ? `<${part}>` : escapePlain(part)))
    .join('')
    .replace(/^(\d+)([.)])(?=\s|$)/, '$1\\$2')
    .replace(/^[-+=>|]/, '\\$&');
}

/** A command as inline code on one line: the fence is longer than any run of backticks inside (CommonMark §6.1). */
export function codeSpan(text: string): string {
  const line = joinLines(text.replace(/ ?\\\r?\n\s*/g, ' '), ' ⏎ ');
  if (line === '') return 'unknown';
  const longest = (line.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 0);
  const fence = '`'.repeat(longest + 1);
  const pad = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${line}${pad}${fence}`;
}

/** `[text](<address>)`; the text is ours, the address is anybody's. */
export function linkTo(text: string, address: string): string {
  const safe = [...joinLines(address)]
    .map((one) => (/[<>\\]/.test(one) ? encodeURIComponent(one) : one))
    .join('');
  return /^[\w./#%~:@-]*$/.test(safe) ? `[${text}](${safe})` : `[${text}](<${safe}>)`;
}

/** Markdown inside a table cell: a bar would end it, even in code (GFM §4.10). */
export const tableCell = (markdown: string): string => markdown.replaceAll('|', '\\|');

/** Only what would mean something where it stands: these documents are read and edited as source, too. */
function escapePlain(text: string): string {
  let escaped = text
    .replace(/\\(?=[!-/:-@[-`{-~]|$)/g, '\\\\')
    .replace(/[`*[\]<]/g, '\\$&')
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\_')
    .replace(/&(?=#?\w+;)/g, '\\&')
    .replace(/(?<=^|\s)#(?=#*(?:\s|$))/g, '\\#');
  // One alone is a tilde or a dollar; two of them strike through or begin mathematics.
  for (const pair of ['~', '$']) {
    if (escaped.split(pair).length > 2) escaped = escaped.replaceAll(pair, `\\${pair}`);
  }
  return escaped;
}

function joinLines(text: string, separator = ' / '): string {
  return (
    text
      .split(/[\r\n\u0085\u2028\u2029]+/)
      // Control characters would be invisible in the document and live in a terminal.
      .map((line) => line.replace(/[\u0000-\u001f\u007f]+/g, ' ').trim())
      .filter((line) => line !== '')
      .join(separator)
  );
}

/** `a, b and c` */
export const inWords = (all: readonly string[]): string =>
  all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`;
