import { hashLine, readDocument, type GeneratedBase } from '../generatedBase.ts';
import { sectionsOf, type DocumentSection } from '../sectionRange.ts';

/** A post-mortem as its rules read it. All lines are 0-based. */
export interface PostMortemText {
  /** As they stand in the document, its comment included. */
  readonly lines: readonly string[];
  readonly sections: readonly DocumentSection[];
  readonly base: GeneratedBase | undefined;
  /** UTC ISO 8601. */
  readonly now: string;
  /** Names of those who took part, and of the people file. */
  readonly people: readonly string[];
  /**
   * The sentence a person is answerable for: without code, quotes, links' addresses, and empty where the line is
   * code, a quotation, the folded journal or as it was generated. The columns are those of the line.
   */
  readonly prose: readonly string[];
  /** Whether the line lies in the folded whole journal. */
  readonly isFolded: (line: number) => boolean;
  /** Whether the line stands as it was generated. */
  readonly isGenerated: (line: number) => boolean;
}

export interface PostMortemContext {
  readonly now: string;
  readonly people: readonly string[];
}

/** Reads a document for its rules. Never throws. */
export function readPostMortem(source: string, { now, people }: PostMortemContext): PostMortemText {
  const lines = (source.startsWith('\uFEFF') ? source.slice(1) : source).split(/\r\n?|\n/);
  const { base } = readDocument(source);
  const generated = new Set(base?.hashes);
  const folded = new Set<number>();
  const code = new Set<number>();
  let fence: string | undefined;
  let depth = 0;
  let isComment = false;
  for (const [line, text] of lines.entries()) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(text)?.[1];
    if (fence !== undefined || mark) code.add(line);
    if (mark && fence === undefined) fence = mark;
    else if (mark && fence !== undefined && mark.startsWith(fence)) fence = undefined;
    if (text.startsWith('<!--')) isComment = true;
    if (isComment) code.add(line);
    if (text.includes('-->')) isComment = false;
    if (/^\s*<details\b/i.test(text)) depth++;
    if (depth > 0) folded.add(line);
    if (/<\/details>/i.test(text)) depth = Math.max(0, depth - 1);
  }
  const isGenerated = (line: number): boolean => generated.has(hashLine(lines[line] ?? ''));
  return {
    lines,
    sections: sectionsOf(lines),
    base,
    now,
    people: [...new Set([...people, ...peopleIn(lines)])],
    prose: lines.map((text, line) =>
      code.has(line) || folded.has(line) || isGenerated(line) || /^\s*>/.test(text) ? '' : blank(text),
    ),
    isFolded: (line) => folded.has(line),
    isGenerated,
  };
}

/** `- People: Ana, Ben`, as a draft writes it. */
function peopleIn(lines: readonly string[]): readonly string[] {
  const found = lines.find((line) => /^\s*[-*+]\s+People:\s/.test(line));
  return (found?.replace(/^.*?People:\s*/, '') ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

/** What somebody else said or a machine wrote becomes spaces, so that the columns stay. */
const blank = (text: string): string =>
  text
    .replace(/`[^`]*`/g, (part) => ' '.repeat(part.length))
    .replace(/“[^”]*”|"[^"]*"|«[^»]*»/g, (part) => ' '.repeat(part.length))
    .replace(/\]\([^)]*\)|<https?:[^>]*>/g, (part) => ' '.repeat(part.length));

/** The lines of a section's own text, without its heading. */
export const linesIn = ({ line, end }: Pick<DocumentSection, 'line' | 'end'>): readonly number[] =>
  Array.from({ length: Math.max(0, end - line - 1) }, (_, index) => line + 1 + index);
