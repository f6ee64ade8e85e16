import { fieldOf, sectionKindOf, sectionOrder } from './knownWords.ts';
import type { SectionKind } from './knownWords.ts';
import { parseLabelLine } from './labelLine.ts';

export interface PostMortemTemplate {
  /** The YAML head with its `---` lines; empty when there is none. */
  readonly frontmatter: readonly string[];
  /** The heading line of the document; undefined when the template has none. */
  readonly title: string | undefined;
  /** Lines between the title and the first section. */
  readonly preamble: readonly string[];
  readonly sections: readonly TemplateSection[];
}

export interface TemplateSection {
  /** As written, with its `##`. */
  readonly heading: string;
  /** The heading's words alone. */
  readonly name: string;
  readonly kind: SectionKind | 'other';
  readonly body: readonly string[];
}

/** `- [10:30] Event`, `[HH:MM] Event` or `10:30 - Event`: how the template writes a row of its timeline. */
export const timeRow =
  /^(\s*(?:[-*+]\s+|\d+[.)]\s+)?)(\*\*|`)?(\[)?([\p{L}\d]{1,2}:[\p{L}\d]{2})(?:\s*(?:UTC|Z))?(\])?(\*\*|`)?(\s*[-–—|]\s+|\s+)\S/u;
const timeCell = /^\s*\|\s*\[?[\p{L}\d]{1,2}:[\p{L}\d]{2}\]?[^|]*\|/u;

interface RawSection {
  readonly heading: string;
  readonly name: string;
  readonly level: number;
  readonly body: string[];
}

/**
 * A post-mortem template taken apart by its headings, each section recognised by its words, else by what is in it,
 * else by its place between recognised ones. Never throws; a text without headings is all preamble.
 */
export function parsePostMortemTemplate(text: string): PostMortemTemplate {
  const head = /^---[ \t]*\r?\n(?:[^]*?\r?\n)??---[ \t]*(?:\r?\n|$)/.exec(text)?.[0] ?? '';
  const { before, sections } = splitAtHeadings(text.slice(head.length));
  const [first, ...others] = sections;
  const isTitle =
    first !== undefined &&
    (others.length > 0 || first.level === 1) &&
    others.every(({ level }) => level > first.level);
  const rest = isTitle ? others : sections;
  return {
    frontmatter: head.split(/\r?\n/),
    title: isTitle ? first.heading : undefined,
    preamble: isTitle ? [...before, ...first.body] : before,
    sections: recognise(rest),
  };
}

export const isTimelineRow = (line: string): boolean => timeRow.test(line) || timeCell.test(line);

function splitAtHeadings(text: string): { before: string[]; sections: RawSection[] } {
  const before: string[] = [];
  const sections: RawSection[] = [];
  let fence: string | undefined;
  for (const line of text.split(/\r?\n/)) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (mark && fence === undefined) fence = mark;
    else if (mark && fence !== undefined && mark.startsWith(fence)) fence = undefined;
    const heading = fence === undefined ? headingOf(line) : undefined;
    if (heading) sections.push({ ...heading, heading: line, body: [] });
    else (sections.at(-1)?.body ?? before).push(line);
  }
  return { before, sections };
}

function headingOf(line: string): { name: string; level: number } | undefined {
  const atx = /^ {0,3}(#{1,6})\s+(.*)$/.exec(line);
  if (atx) return { level: atx[1]!.length, name: atx[2]!.replace(/\s+#+\s*$/, '').trim() };
  // A line that is bold as a whole is a heading in all but name.
  const bold = /^\s*\*\*([^*]+?):?\*\*:?\s*$/.exec(line);
  return bold ? { level: 7, name: bold[1]!.trim() } : undefined;
}

function recognise(sections: readonly RawSection[]): readonly TemplateSection[] {
  const kinds: (SectionKind | undefined)[] = sections.map(
    ({ name, body }) => sectionKindOf(name) ?? byContent(body),
  );
  fillGaps(kinds, sections);
  const used = new Set<SectionKind>();
  return sections.map(({ heading, name, body }, index) => {
    const kind = kinds[index];
    // A second impact section is filled too, because sample figures must not stay; any other stays for the person.
    const isFree = kind !== undefined && (kind === 'impact' || !used.has(kind));
    if (kind) used.add(kind);
    return { heading, name, body, kind: isFree ? kind : 'other' };
  });
}

function byContent(body: readonly string[]): SectionKind | undefined {
  if (body.some(isTimelineRow)) return 'timeline';
  if (body.some((line) => /^\s*[-*+]\s+\[ \]/.test(line))) return 'actions';
  const labels = body.map((line) => parseLabelLine(line)).filter((label) => label !== undefined);
  return labels.some(({ label }) => fieldOf(label) === 'duration') ? 'impact' : undefined;
}

/** Between two recognised sections, as many unknown ones as the usual order has there are those. */
function fillGaps(kinds: (SectionKind | undefined)[], sections: readonly RawSection[]): void {
  const top = sections.reduce((least, { level }) => Math.min(least, level), 7);
  const slots = sections.map((_, index) => index).filter((index) => sections[index]!.level === top);
  let start = 0;
  while (start < slots.length) {
    if (kinds[slots[start]!] !== undefined) {
      start++;
      continue;
    }
    let end = start;
    while (end < slots.length && kinds[slots[end]!] === undefined) end++;
    const before = start === 0 ? -1 : sectionOrder.indexOf(kinds[slots[start - 1]!]!);
    const after = end === slots.length ? sectionOrder.length : sectionOrder.indexOf(kinds[slots[end]!]!);
    const missing = sectionOrder.slice(before + 1, Math.max(before + 1, after));
    if (missing.length === end - start) missing.forEach((kind, i) => (kinds[slots[start + i]!] = kind));
    start = end;
  }
}
