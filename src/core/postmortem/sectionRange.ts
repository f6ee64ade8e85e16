import { sectionKindOf, type SectionKind } from './knownWords.ts';

/** A heading of a document as it stands; lines are 0-based. */
export interface DocumentSection {
  readonly line: number;
  readonly level: number;
  readonly name: string;
  readonly kind: SectionKind | undefined;
  /** The line behind the section, subsections included. */
  readonly end: number;
}

/** The sections of a document by its headings, fences left out. */
export function sectionsOf(lines: readonly string[]): readonly DocumentSection[] {
  const found: Omit<DocumentSection, 'end'>[] = [];
  let fence: string | undefined;
  for (const [line, text] of lines.entries()) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(text)?.[1];
    if (mark && fence === undefined) fence = mark;
    else if (mark && fence !== undefined && mark.startsWith(fence)) fence = undefined;
    const heading = fence === undefined ? /^ {0,3}(#{1,6})\s+(.*?)(?:\s+#+)?\s*$/.exec(text) : undefined;
    if (heading) {
      const name = heading[2] ?? '';
      found.push({ line, level: heading[1]!.length, name, kind: sectionKindOf(name) });
    }
  }
  // The one heading at the top is the title, whatever words are in it.
  return found.map((section, index) => ({
    ...section,
    kind: index === 0 && section.level === 1 ? undefined : section.kind,
    end: found.slice(index + 1).find(({ level }) => level <= section.level)?.line ?? lines.length,
  }));
}

/** Where the first section of a kind stands, its heading included; undefined when there is none. */
export function sectionRange(
  lines: readonly string[],
  kind: SectionKind,
): readonly [start: number, end: number] | undefined {
  const section = sectionsOf(lines).find((one) => one.kind === kind);
  return section && [section.line, section.end];
}
