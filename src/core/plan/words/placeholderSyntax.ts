/** Words of Go templates that stand alone between braces: `{{end}}` is not a placeholder. */
const TEMPLATE_WORDS = new Set(['end', 'else', 'break', 'continue']);

const ANGLE = /<([\p{L}_](?:[\p{L}\p{M}\p{N}_./ -]{0,60}[\p{L}\p{M}\p{N}_])?)>/uy;
const BRACES = /\{\{[ \t]*([\p{L}_][\p{L}\p{M}\p{N}_-]{0,60})[ \t]*\}\}/uy;

/** `<pod>`, `<POD>`, `$POD` are one name; so are `<app name>`, `<app-name>` and `$APP_NAME`. */
export const normalName = (written: string): string =>
  written
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/g, '-');

/** Names of the XML or HTML elements that a text closes: `<user>` before `</user>` is no placeholder. */
export const elementsIn = (text: string): ReadonlySet<string> =>
  text.includes('</')
    ? new Set([...text.matchAll(/<\/([^<>]{1,64})>/g)].map((hit) => hit[1] ?? ''))
    : noElements;
const noElements: ReadonlySet<string> = new Set();

/**
 * The placeholder `<name>`, `{{name}}` or `...` that starts exactly at `at`.
 * `bare` says that the place is outside quotes, where `<` could also be a redirection: text such as `<in.txt>out`
 * is left to the shell, whereas `<pod> -n` is a placeholder, because asking costs less than reading a file `pod`
 * and writing over a file `-n`.
 */
export function matchWritten(
  text: string,
  at: number,
  bare: boolean,
  elements: ReadonlySet<string>,
): { readonly name: string; readonly written: string } | undefined {
  const c = text[at];
  const before = text[at - 1] ?? '';
  if (c === '<') {
    if (/[<\\?$]/.test(before) || (before === 'P' && text[at - 2] === '?')) return undefined;
    ANGLE.lastIndex = at;
    const hit = ANGLE.exec(text);
    const inner = hit?.[1];
    if (!hit || inner === undefined) return undefined;
    if (elements.has(inner)) return undefined;
    const after = text[at + hit[0].length] ?? '';
    if (bare && /[ ./]/.test(inner) && /[\p{L}\p{N}_./&]/u.test(after)) return undefined;
    if (bare && after === '>') return undefined; // `<in>>out`
    return { name: normalName(inner), written: hit[0] };
  }
  if (c === '{') {
    BRACES.lastIndex = at;
    const hit = BRACES.exec(text);
    const inner = hit?.[1];
    if (!hit || inner === undefined || TEMPLATE_WORDS.has(inner)) return undefined;
    return { name: normalName(inner), written: hit[0] };
  }
  if (c === '…' || (c === '.' && text.startsWith('...', at))) {
    const written = c === '…' ? '…' : '...';
    const after = text[at + written.length] ?? '';
    // `./...`, `a...b`, `Waiting...` and `....` are text, not a gap left for the person.
    if (/[\p{L}\p{N}_./\\]/u.test(before) || /[\p{L}\p{N}_./]/u.test(after)) return undefined;
    return { name: '...', written };
  }
  return undefined;
}
