import type { Content } from './sections.ts';
import { parseDuration, parseMinuteRange } from './durations.ts';
import type { PhaseClock, PhaseKind } from './guide.ts';
import { findOptions, findSeries, type Member } from './findSeries.ts';
import { splitHeading } from './headingSeries.ts';
import { phaseKinds } from './markers.ts';
import type { Report } from './report.ts';
import { contentIsMarked, isMarked, withoutNumber, type Section } from './sections.ts';
import type { FindSeverities } from './severityNames.ts';
import { isDocument } from './templates.ts';
import { isQuestion, kindOfName, words } from './vocabulary.ts';

/** A phase's heading and what it says of itself; its parts are read elsewhere. */
export interface PhaseHeading {
  readonly section: Section;
  readonly name: string;
  readonly number: number;
  readonly clock: PhaseClock;
  readonly kind: PhaseKind;
}

type Found = Omit<PhaseHeading, 'kind' | 'clock'> & { readonly bracket: string | undefined };

/** The guide's phases: marked ones, else a numbered series of headings, else headings named like phases. */
export function findPhases(root: Section, severities: FindSeverities, report: Report): PhaseHeading[] {
  const found = markedPhases(root, report) ?? seriesPhases(root) ?? namedPhases(root) ?? [];
  let end = 0;
  const clocks = found.map(({ bracket }): PhaseClock => {
    const clock = parseClock(bracket, end, severities);
    if (clock.kind === 'minutes') end = clock.to;
    return clock;
  });
  const kinds = decideKinds(found);
  return found.map(({ section, name, number, bracket }, index) => {
    const clock = clocks[index] ?? { kind: 'none' };
    const kept = clock.kind === 'none' && bracket !== undefined ? `${name} (${bracket})` : name;
    return { section, name: kept, number, clock, kind: kinds[index] ?? 'triage' };
  });
}

const plainPhase = (section: Section, index: number): Found => ({
  section,
  ...splitHeading(withoutNumber(section.heading)),
  number: index + 1,
});

const seriesPhase = ({ section, heading: { name, order, bracket } }: Member): Found => ({
  section,
  name,
  number: order,
  bracket,
});

/** Sections as phases, by their series form where they have one. */
function asPhases(sections: readonly Section[]): Found[] {
  const series = new Map(
    findSeries(sections, words.phase)
      .flat()
      .map((item) => [item.section, item]),
  );
  return sections.map((section, index) => {
    const heading = series.get(section);
    return heading ? seriesPhase(heading) : plainPhase(section, index);
  });
}

function markedPhases(root: Section, report: Report): Found[] | undefined {
  const single: Section[] = [];
  for (const section of root.below) {
    if (isMarked(section, 'phases')) {
      if (section.children.length > 0) return asPhases(section.children);
      report(
        section.line,
        'marker-unused',
        'warning',
        'The marker “phases” stands above a section without sub-headings. Put it above the heading whose sub-headings are the phases.',
      );
    }
    if (isMarked(section, 'phase')) single.push(section);
  }
  return single.length > 0 ? asPhases(single) : undefined;
}

function seriesPhases(root: Section): Found[] | undefined {
  const candidates: { group: Member[]; score: number }[] = [];
  for (const parent of root.below) {
    for (const group of findSeries(parent.children, words.phase)) {
      const [first] = group;
      if (!first || first.heading.lettered || isMarked(parent, 'runbooks')) continue;
      const isNamed = words.phase.test(first.heading.word);
      const isTimed = group.some(({ heading: { bracket = '' } }) => parseMinuteRange(bracket) !== undefined);
      const kinds = new Set(
        group.map(({ heading: { name } }) => kindOfName(name)).filter((kind) => kind !== undefined),
      );
      // "1. Install" in any README is a numbered heading too: without a word it must be timed or named like a phase.
      if (first.heading.word === '' && !isTimed && kinds.size < 3) continue;
      if (words.runbooks.test(first.heading.word) || words.runbooks.test(parent.heading)) continue;
      const score = Number(isNamed) * 4 + Number(isTimed) * 2 + Number(kinds.size > 1);
      // "Step 1: …" with nothing but commands is a procedure; a phase also asks, ticks, escalates or chooses.
      if (score === 0 && !group.some(({ section }) => kindOfContent(section))) continue;
      candidates.push({ group, score });
    }
  }
  const best = candidates.reduce<(typeof candidates)[number] | undefined>(
    (before, next) => (!before || next.score > before.score ? next : before),
    undefined,
  );
  return best?.group.map(seriesPhase);
}

/** `Triage`, `Diagnosis`, `Mitigation` without numbers: at least three siblings named like different phases. */
function namedPhases(root: Section): Found[] | undefined {
  for (const parent of root.below) {
    const named = parent.children.filter(({ phaseLike }) => phaseLike !== undefined);
    const kinds = new Set(named.map(({ phaseLike }) => phaseLike));
    const first = named[0];
    if (kinds.size >= 3 && first && first.phaseLike !== 'post-mortem') return named.map(plainPhase);
  }
  return undefined;
}

function parseClock(bracket: string | undefined, before: number, severities: FindSeverities): PhaseClock {
  if (bracket === undefined || bracket === '') return { kind: 'none' };
  const range = parseMinuteRange(bracket);
  if (range) return { kind: 'minutes', ...range };
  if (severities(bracket).length > 0) return { kind: 'none' };
  const single = /^\s*\d+\s*\p{L}+\.?\s*$/u.test(bracket) ? parseDuration(bracket) : undefined;
  if (single !== undefined && single > 0) return { kind: 'minutes', from: before, to: before + single };
  return { kind: 'variable', text: bracket };
}

/** Marker, else the name's words, else what the phase holds, else its place between its neighbours. */
function decideKinds(found: readonly Found[]): PhaseKind[] {
  const kinds: (PhaseKind | undefined)[] = found.map(
    ({ section, name }) => markedKind(section) ?? kindOfName(name) ?? kindOfContent(section),
  );
  const following: (PhaseKind | undefined)[] = [];
  for (let at = kinds.length - 1; at >= 0; at--) following[at] = kinds[at + 1] ?? following[at + 1];
  let before: { kind: PhaseKind; at: number } | undefined;
  return kinds.map((kind, index) => {
    if (kind) {
      before = { kind, at: index };
      return kind;
    }
    const after = following[index];
    const next = before ? phaseKinds.indexOf(before.kind) + index - before.at : index;
    const most = after === undefined ? phaseKinds.length - 1 : Math.max(0, phaseKinds.indexOf(after) - 1);
    const least = before ? phaseKinds.indexOf(before.kind) : 0;
    return phaseKinds[Math.max(least, Math.min(next, most))] ?? 'triage';
  });
}

function markedKind(section: Section): PhaseKind | undefined {
  const word = section.markers.find(({ name }) => name === 'phase')?.args[0]?.toLowerCase();
  return word === undefined ? undefined : (phaseKinds.find((kind) => kind === word) ?? kindOfName(word));
}

function kindOfContent(phase: Section): PhaseKind | undefined {
  const holds = new Set<PhaseKind>();
  for (const section of phase.below) {
    if (isMarked(section, 'option') || findOptions(section.children).length > 0) holds.add('mitigation');
    for (const content of section.content) {
      const kind = kindHeld(section, content);
      if (kind) holds.add(kind);
    }
  }
  const order: PhaseKind[] = ['mitigation', 'post-mortem', 'diagnosis', 'resolution', 'triage'];
  return order.find((kind) => holds.has(kind));
}

function kindHeld(section: Section, content: Content): PhaseKind | undefined {
  const is = (name: Parameters<typeof contentIsMarked>[2]) => contentIsMarked(section, content, name);
  if (is('questions')) return 'diagnosis';
  if (is('checklist') || is('resolution-template')) return 'resolution';
  if (is('post-mortem-template') || is('deadlines')) return 'post-mortem';
  if (is('escalation')) return 'triage';
  if (content.kind === 'item') {
    if (content.task) return 'resolution';
    return isQuestion(content.text) ? 'diagnosis' : undefined;
  }
  if (content.kind !== 'fence') return undefined;
  if (content.use === 'acts')
    return content.lines.some((line) => /create|declare|open/i.test(line)) ? 'triage' : undefined;
  return content.use === 'template' && isDocument(content.lines) ? 'post-mortem' : undefined;
}
