/** A file's YAML head, split off: its flat keys, and on which line (0-based) the Markdown begins. */
export interface Frontmatter {
  readonly values: Readonly<Record<string, string>>;
  readonly bodyLine: number;
}

const none: Frontmatter = { values: {}, bodyLine: 0 };
const tomlLine = /^([A-Za-z_][\w.-]*)[ \t]*=[ \t]*(.*)$/s;
const keyLine = /^([A-Za-z_][\w.-]*):(?:[ \t]+(.*))?$/s;
/** Keys whose value may be a list over several lines: it is read as if it stood on one. */
const lists: ReadonlySet<string> = new Set(['alerts']);
/** Longer heads are no heads: two rulers far apart must not hide the text between them. */
const MOST_LINES = 500;

/**
 * Reads the flat keys of a frontmatter, in YAML (`shell: bash` between `---`), in TOML (`shell = "bash"` between `+++`)
 * or in JSON between `---`, as Runme does; nested values are skipped, they are other tools'. Anything between the rulers
 * that is not key lines, comments or indented lines is Markdown, not frontmatter.
 */
export function parseFrontmatter(lines: readonly string[]): Frontmatter {
  const ruler = lines[0]?.trimEnd();
  if (ruler !== '---' && ruler !== '+++') return none;
  if (ruler === '---' && lines[1]?.trimStart().startsWith('{')) return parseJson(lines);
  const toml = ruler === '+++';
  const values: Record<string, string> = {};
  let inTable = false;
  /** The key whose list goes on below it. */
  let list: string | undefined;
  for (let at = 1; at < lines.length && at <= MOST_LINES; at++) {
    const line = (lines[at] ?? '').trimEnd();
    if (line === ruler || (!toml && line === '...')) return { values, bodyLine: at + 1 };
    if (toml && /^\[.*\]$/.test(line)) inTable = true;
    const match = (toml ? tomlLine : keyLine).exec(line);
    if (match) {
      const [, key = '', raw = ''] = match;
      if (key !== '__proto__' && !inTable) values[key] = scalar(raw.trim());
      list = !toml && lists.has(key) ? key : undefined;
    } else if (list !== undefined && /^(?:\s*-\s|\s+[^\s#])/.test(line)) {
      values[list] = [values[list], itemOf(line)].filter(Boolean).join(' ');
    } else if (!(toml ? /^(?:\s|#|\[|$)/ : /^(?:\s|#|- |$)/).test(line)) return none;
  }
  return none;
}

function parseJson(lines: readonly string[]): Frontmatter {
  const end = lines.findIndex((line, at) => at > 0 && at <= MOST_LINES && line.trimEnd() === '---');
  if (end < 0) return none;
  try {
    const read: unknown = JSON.parse(lines.slice(1, end).join('\n'));
    if (typeof read !== 'object' || read === null || Array.isArray(read)) return none;
    const flat = Object.entries(read).filter(
      ([key, value]) => key !== '__proto__' && typeof value !== 'object',
    );
    return {
      values: Object.fromEntries(flat.map(([key, value]) => [key, String(value)])),
      bodyLine: end + 1,
    };
  } catch {
    return none; // a Markdown file may begin with a ruler and a brace
  }
}

/** Of `  - "x" # why` it is `"x",`; of a line of a list in brackets what stands there. */
function itemOf(line: string): string {
  const [, dash = '', text = ''] = /^\s*(-\s+)?(.*)$/s.exec(line) ?? [];
  const value = /^(?:"[^"]*"|'[^']*'|(?:[^\s#]|#(?!\s)|\s(?!#))*)/.exec(text)?.[0].trimEnd() ?? '';
  return dash === '' ? text.replace(/(?:^|\s)#[^"']*$/, '') : `${value},`;
}

function scalar(raw: string): string {
  if (raw.startsWith('#')) return '';
  const quote = raw[0];
  if (quote === '"' || quote === "'") {
    const end = raw.indexOf(quote, 1);
    if (end > 0) return raw.slice(1, end);
  }
  const comment = raw.indexOf(' #');
  return comment < 0 ? raw : raw.slice(0, comment).trimEnd();
}
