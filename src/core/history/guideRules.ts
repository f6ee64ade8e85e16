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

export const rulesOfGuide = ({ cadence, deadlines }: Pick<Guide, 'cadence' | 'deadlines'>): GuideRules => ({
  updateEveryMs: cadence && cadence.everyMinutes * minuteMs,
  postMortemMs(severity, recurs) {
    const hours = deadlines
      .filter(({ severities, recurring }) => holdsFor(severities, severity) && (recurs || !recurring))
      .map((one) => one.hours);
    return hours.length === 0 ? undefined : Math.min(...hours) * hourMs;
  },
});
