export interface Heading {
  /** 1 to 6. */
  readonly level: number;
  readonly text: string;
}

const marked = /^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$/;
const under = /^(?:={3,}|-{3,})\s*$/;
/** A row of dashes below an item of a list parts it from what follows. */
const isItem = /^(?:\d+[.)]|[*+-]|\[[ xX✓✔]?\])\s/u;

/** The heading that a line of Markdown is: `## Words ##`, or words above a row of `===` or `---`. `at` is 0-based. */
export function headingAt(lines: readonly string[], at: number): Heading | undefined {
  const line = lines[at] ?? '';
  const [, marks, words = ''] = marked.exec(line) ?? [];
  if (marks !== undefined) return { level: marks.length, text: words };
  const [row] = under.exec(lines[at + 1] ?? '') ?? [];
  if (row === undefined || isItem.test(line)) return undefined;
  // `severity: SEV3` above a row of --- ends a frontmatter; a title above === may have a colon.
  const isTitle = row.startsWith('=') ? /^[^\s|>-]/ : /^[^\s|>-][^|:]*$/;
  return isTitle.test(line) ? { level: row.startsWith('=') ? 1 : 2, text: line.trim() } : undefined;
}
