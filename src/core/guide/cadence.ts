import { onlyDuration, parseCadence } from './deadlines.ts';
import type { Cadence } from './guide.ts';
import type { PhaseHeading } from './phases.ts';
import { contentIsMarked, type Section } from './sections.ts';
import { words } from './vocabulary.ts';

/**
 * The time between updates: marked; else the sentence above a message template of a phase; else "every N minutes" in a
 * phase; else the same anywhere in a sentence about updates. Within each the first counts.
 */
export function readCadence(root: Section, phases: readonly PhaseHeading[]): Cadence | undefined {
  const phaseOf = new Map<Section, PhaseHeading>();
  for (const phase of phases) for (const section of phase.section.below) phaseOf.set(section, phase);
  const found: (Cadence | undefined)[] = [undefined, undefined, undefined, undefined];
  for (const section of root.below) {
    const kind = phaseOf.get(section)?.kind;
    section.content.forEach((content, index) => {
      if (content.kind !== 'paragraph' && content.kind !== 'item') return;
      const { text, line } = content;
      const rhythm = parseCadence(text, line);
      if (contentIsMarked(section, content, 'cadence')) found[0] ??= rhythm ?? onlyDuration(text, line);
      const next = section.content[index + 1];
      const isAbove = next?.kind === 'fence' && next.use === 'template';
      const isOpen = kind === 'triage' || kind === 'diagnosis' || kind === 'mitigation';
      if (isOpen && isAbove) found[1] ??= rhythm ?? onlyDuration(text, line);
      if (isOpen) found[2] ??= rhythm;
      if (rhythm && !found[3] && (words.update.test(text) || words.update.test(section.heading)))
        found[3] = rhythm;
    });
  }
  return found.find((cadence) => cadence !== undefined);
}
