/** A file's YAML head, split off: its flat keys, and on which line (0-based) the Markdown begins. */
export interface Frontmatter {
  readonly values: Readonly<Record<string, string>>;
  readonly bodyLine: number;
}

const none: Frontmatter = { values: {}, bodyLine: 0 };
const keyLine = /^([A-Za-z_][\w.-]*):(?:[ \t]+(.*))?$/s;
/** Longer heads are no heads: two rulers far apart must not hide the text between them. */
const MOST_LINES = 500;

/**
 * Reads the flat keys of a YAML frontmatter (`shell: bash`); nested values are skipped, they are other tools'.
 * Anything between `---` lines that is not key lines, comments or indented lines is Markdown, not frontmatter.
 */
export function parseFrontmatter(lines: readonly string[]): Frontmatter {
  if (lines[0]?.trimEnd() !== '---') return none;
  const values: Record<string, string> = {};
  for (let at = 1; at < lines.length && at <= MOST_LINES; at++) {
    const line = (lines[at] ?? '').trimEnd();
    if (line === '---' || line === '...') return { values, bodyLine: at + 1 };
    const match = keyLine.exec(line);
    if (match) {
      const [, key = '', raw = ''] = match;
      if (key !== '__proto__') values[key] = scalar(raw.trim());
    } else if (!/^(?:\s|#|- |$)/.test(line)) return none;
  }
  return none;
}

function scalar(raw: string): string {
  const quote = raw[0];
  if (quote === '"' || quote === "'") {
    const end = raw.indexOf(quote, 1);
    if (end > 0) return raw.slice(1, end);
  }
  const comment = raw.indexOf(' #');
  return comment < 0 ? raw : raw.slice(0, comment).trimEnd();
}
