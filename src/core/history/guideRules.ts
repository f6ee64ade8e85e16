import type { Guide } from '../guide/guide.ts';
import { holdsFor } from '../incident/progress.ts';

/** What a guide promises, for figures of what was kept. Times in ms. */
export interface GuideRules {
  /** Undefined: the guide gives no cadence. */
  readonly updateEveryMs: number | undefined;
  /** From the resolution to the post-mortem; undefined: the guide wants none of this one. */
  postMortemMs(severity: string, recurs: boolean): number | undefined;
}

/** The rules of an incident's guide by its file; undefined where that guide is not there, so that nothing is known. */
export type RulesOf = (guideFile: string | undefined) => GuideRules | undefined;

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/**
 * Asks the very guide of an incident: what another one promises says nothing of it. A journal names it below the folder
 * that was open (`ops/guide.md`), and the same folder may be called otherwise where the figures are drawn: then it is the
 * one guide at that place in it.
 */
export function rulesOfGuides(guides: readonly Pick<Guide, 'file' | 'cadence' | 'deadlines'>[]): RulesOf {
  const rules = guides.map((guide) => ({ file: guide.file, rules: rulesOfGuide(guide) }));
  const found = new Map<string, GuideRules | undefined>();
  return (file) => {
    if (file === undefined) return undefined;
    if (!found.has(file)) {
      const alike = rules.filter((one) => inFolder(one.file) === inFolder(file));
      const own = rules.find((one) => one.file === file) ?? (alike.length === 1 ? alike[0] : undefined);
      found.set(file, own?.rules);
    }
    return found.get(file);
  };
}

/** A file without the folder of the workspace that it stands in. */
const inFolder = (file: string): string => file.slice(file.indexOf('/') + 1);

export const rulesOfGuide = ({ cadence, deadlines }: Pick<Guide, 'cadence' | 'deadlines'>): GuideRules => ({
  updateEveryMs: cadence && cadence.everyMinutes * minuteMs,
  postMortemMs(severity, recurs) {
    const hours = deadlines
      .filter(({ severities, recurring }) => holdsFor(severities, severity) && (recurs || !recurring))
      .map((one) => one.hours);
    return hours.length === 0 ? undefined : Math.min(...hours) * hourMs;
  },
});
