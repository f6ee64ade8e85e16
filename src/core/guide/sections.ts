import type { Block, Comment, Heading } from './blocks.ts';
import type { PhaseKind } from './guide.ts';
import { parseSeriesHeading, type SeriesHeading } from './headingSeries.ts';
import { markerNames, parseMarkers, type Marker, type MarkerName, type UnknownMarker } from './markers.ts';
import type { Report } from './report.ts';
import { alertPartLike, isExplaining, kindOfName, type AlertPart } from './vocabulary.ts';

/** A block that is content, with the marker that names it, if any. */
export type Content = Exclude<Block, Heading | Comment> & { readonly marker?: Marker };

/** A heading with everything under it. The file itself is the section of level 0. */
export interface Section {
  readonly level: number;
  /** The heading taken apart, when it is of the form `Phase 2: Diagnosis`. */
  readonly series: SeriesHeading | undefined;
  /** The heading as written, emphasis and marker gone; empty for the file itself. */
  readonly heading: string;
  readonly line: number;
  /** The last line that belongs to it, sub-sections included. */
  endLine: number;
  readonly markers: readonly Marker[];
  readonly content: Content[];
  readonly children: Section[];
  /** Itself and every section below it, in file order. */
  readonly below: Section[];
  readonly parent: Section | undefined;
  /** Its heading, or one above it, says that it explains (Meaning, Background): code in its sentences is no step. */
  readonly explains: boolean;
  /** Which part of an alert runbook its heading names. */
  readonly alertPart: AlertPart | undefined;
  /** Which phase its heading is named like. */
  readonly phaseLike: PhaseKind | undefined;
}

export interface Sections {
  readonly root: Section;
  /** Every marker of the file in order. */
  readonly markers: readonly Marker[];
  /** The comments that declare an input, each with the section it stands in. */
  readonly inputs: readonly { readonly section: Section; readonly marker: Marker }[];
}

/** Builds the tree of sections out of the file's blocks. `lastLine` is the file's number of lines. */
export function buildSections(blocks: readonly Block[], lastLine: number, report: Report): Sections {
  const all: Marker[] = [];
  const root = createSection(undefined, undefined, []);
  root.below.push(root);
  let current = root;
  let waiting: Marker[] = []; // markers seen since the last content: above a heading they name that section
  let standing: Marker | undefined; // the marker that names what follows in this section
  const inputs: { section: Section; marker: Marker }[] = [];
  /** Gives the inputs among the markers: they never name a table or a fence. */
  const note = (html: string, line: number): Marker[] => {
    const declared: Marker[] = [];
    for (const marker of parseMarkers(html, line)) {
      if (marker.name === undefined) {
        reportUnknown(report, marker);
        continue;
      }
      if (marker.name === 'input') {
        declared.push(marker);
        continue;
      }
      waiting.push(marker);
      all.push(marker);
    }
    return declared;
  };
  const declareIn = (section: Section, declared: readonly Marker[]): void => {
    for (const marker of declared) inputs.push({ section, marker });
  };
  for (const block of blocks) {
    if (block.kind === 'comment') {
      declareIn(current, note(block.text, block.line));
    } else if (block.kind === 'heading') {
      const declared = block.comment === undefined ? [] : note(block.comment, block.line);
      while (current.level >= block.level) {
        current.endLine = block.line - 1;
        current = current.parent ?? root;
      }
      const section = createSection(block, current, waiting);
      current.children.push(section);
      for (let above: Section | undefined = section; above; above = above.parent) above.below.push(section);
      current = section;
      declareIn(section, declared);
      waiting = [];
      standing = undefined;
    } else {
      standing = waiting.at(-1) ?? standing;
      if (waiting.length > 0) waiting = [];
      current.content.push(standing ? { ...block, marker: standing } : block);
    }
  }
  for (let section: Section | undefined = current; section; section = section.parent)
    section.endLine = lastLine;
  return { root, markers: all, inputs };
}

function createSection(
  heading: Heading | undefined,
  parent: Section | undefined,
  markers: readonly Marker[],
): Section {
  const alertPart = heading && alertPartLike(heading.text);
  const ownExplains = heading !== undefined && heading.level > 1 && isExplaining(heading.text, alertPart);
  return {
    level: heading?.level ?? 0,
    heading: heading?.text ?? '',
    series: heading && parseSeriesHeading(heading.text),
    line: heading?.line ?? 1,
    endLine: 0,
    markers,
    content: [],
    children: [],
    below: [],
    parent,
    alertPart,
    phaseLike: heading && kindOfName(heading.text),
    explains: ownExplains || parent?.explains === true,
  };
}

function reportUnknown(report: Report, marker: UnknownMarker): void {
  report(
    marker.line,
    'marker-unknown',
    'warning',
    `“incident: ${marker.written}” is no marker we know, so it was ignored. Known are ${markerNames.join(', ')}.`,
  );
}

/** Whether the section itself is named so. */
export const isMarked = (section: Section, name: MarkerName): boolean =>
  section.markers.some((marker) => marker.name === name);

/** Whether content is named so: by its own marker, or by its section's when it has none. */
export const contentIsMarked = (section: Section, content: Content, name: MarkerName): boolean =>
  content.marker ? content.marker.name === name : isMarked(section, name);

/** A heading without its number: `2.1 Collect Information` → `Collect Information`. */
export const withoutNumber = (heading: string): string => {
  const text = heading
    .replace(/^(?:(?:\d{1,3}(?:\.\d{1,3})+[.)]?|\d{1,3}[.)])\s+|\d{1,3}[、．]\s*)(?=\S)/u, '')
    .trim();
  return text === '' ? heading : text;
};
