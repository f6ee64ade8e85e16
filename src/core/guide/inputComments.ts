import { readPairs } from './attributes.ts';
import type { GuideInput } from './guideInput.ts';
import { readInput } from './inputs.ts';
import type { Marker } from './markers.ts';
import type { Report } from './report.ts';
import type { ScopedInput } from './scopedInput.ts';
import type { Section } from './sections.ts';
import type { Written } from './writtenInputs.ts';

interface Declared {
  readonly section: Section;
  readonly marker: Marker;
}

/**
 * Reads `<!-- incident: input name=replicas kind=number max=20 description="How many" -->`, with the keys of the
 * frontmatter's `inputs:`. It is for everything under the heading it stands under; where that heading is a part of a
 * runbook, for the whole runbook. The narrowest come first. Total: what cannot be read becomes a problem.
 */
export function readInputComments(
  declared: readonly Declared[],
  isRunbook: (section: Section) => boolean,
  report: Report,
): ScopedInput[] {
  const scoped: (ScopedInput & { readonly of: Section })[] = [];
  for (const { section, marker } of declared) {
    const input = readComment(marker, report);
    if (input === undefined) continue;
    const of = runbookAbove(section, isRunbook) ?? section;
    if (scoped.some((each) => each.of === of && each.input.name === input.name))
      report(
        input.line,
        'input-duplicate',
        'warning',
        `“${input.name}” is declared for this runbook already; the first one counts.`,
      );
    else scoped.push({ input, of, from: of.level === 0 ? 1 : of.line, to: of.endLine });
  }
  return scoped.sort((a, b) => a.to - a.from - (b.to - b.from));
}

function readComment({ text, line }: Marker, report: Report): GuideInput | undefined {
  const { values, unread, bare } = readPairs(text);
  if (bare !== undefined)
    report(
      line,
      'input-unreadable',
      'warning',
      `“${bare}” has no value, so it was not read. Write key="value", and a list as options="blue, green".`,
    );
  else if (unread !== undefined)
    report(
      line,
      'input-unreadable',
      'warning',
      `This input cannot be read from “${unread}” on. Write it as <!-- incident: input name=replicas kind=number -->.`,
    );
  const keys = new Map(
    Object.entries(values).map(([key, value]): [string, Written] => [key, { value, line: line - 1 }]),
  );
  return readInput({ line: line - 1, keys }, report);
}

function runbookAbove(section: Section, isRunbook: (section: Section) => boolean): Section | undefined {
  for (let at: Section | undefined = section; at; at = at.parent) if (isRunbook(at)) return at;
  return undefined;
}
