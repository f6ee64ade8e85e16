import type { SeriesHeading } from './headingSeries.ts';
import type { Section } from './sections.ts';
import { words } from './vocabulary.ts';

/** A section in a series of headings. */
export interface Member {
  readonly section: Section;
  readonly heading: SeriesHeading;
}

/**
 * Sibling headings that repeat one word with rising labels, longest form first: phases of a process, options of a
 * phase. A single heading counts when its word is known to mean one (`word`).
 */
export function findSeries(siblings: readonly Section[], word: RegExp): Member[][] {
  const groups = new Map<string, Member[]>();
  for (const section of siblings) {
    const heading = section.series;
    if (!heading) continue;
    const key = `${String(section.level)} ${heading.lettered ? 'a' : '1'} ${heading.word}`;
    const group = groups.get(key);
    if (!group) groups.set(key, [{ section, heading }]);
    else if (heading.order > (group.at(-1)?.heading.order ?? 0)) group.push({ section, heading });
  }
  return [...groups.values()].filter(
    (group) => group.length > 1 || (word.test(group[0]?.heading.word ?? '') && group[0]?.heading.word !== ''),
  );
}

/** The options of a phase among its sub-headings: lettered ones, or numbered ones whose word says option. */
export const findOptions = (siblings: readonly Section[]): Member[] =>
  findSeries(siblings, words.option)
    .filter(
      ([first]) => first !== undefined && (first.heading.lettered || words.option.test(first.heading.word)),
    )
    .flat();
