import { findDurations } from './durations.ts';
import type { Cadence, Deadline } from './guide.ts';
import type { FindSeverities } from './severityNames.ts';
import { words } from './vocabulary.ts';

/** Which severities the guide's own sentences say count only when the incident recurs. */
export type IsRecurring = (severity: string) => boolean;

/**
 * "Within 48 hours for SEV1/SEV2" → 48 h. `named` says that the line stands where deadlines stand (a marker, or the
 * post-mortem phase), so that a time with severities is enough; undefined when it is none.
 */
export function parseDeadline(
  text: string,
  line: number,
  severities: FindSeverities,
  isRecurring: IsRecurring,
): Deadline | undefined {
  const [duration] = findDurations(text);
  if (!duration) return undefined;
  const named = severities(text);
  if (named.length === 0 && !words.within.test(text)) return undefined;
  return {
    hours: duration.minutes / 60,
    severities: named,
    recurring: words.recurring.test(text) || (named.length > 0 && named.every(isRecurring)),
    text,
    line,
  };
}

/** The severities that stand right behind a word for recurring: "SEV1, SEV2, and recurring SEV3". */
export function recurringSeverities(text: string, severities: FindSeverities): string[] {
  const at = text.search(words.recurring);
  if (at < 0) return [];
  const behind = severities(text.slice(at));
  // Languages that put the word behind ("SEV3 récurrents") name the severity just before it.
  if (behind.length > 0) return behind;
  const clause =
    text
      .slice(0, at)
      .split(/[,;，、]|\s(?:and|und|y|et|e|и)\s/u)
      .at(-1) ?? '';
  return severities(clause);
}

/** What stands in every sentence that `words.every` finds something in; without word edges it is quick. */
const mayRepeat = /every|each|alle|jede|cada|tou|chaque|ogni|elke|var|кажд|кожн|ごと|毎|每/i;

/** "every 15 minutes" with the number of minutes; undefined when the sentence gives no rhythm. */
export function parseCadence(text: string, line: number): Cadence | undefined {
  // Nearly every sentence of a guide comes by here, and looking for times is the dear part.
  if (!mayRepeat.test(text) || !words.every.test(text)) return undefined;
  for (const { minutes, index, end } of findDurations(text)) {
    const around = `${text.slice(Math.max(0, index - 24), index)} ${text.slice(index, end + 4)}`;
    if (minutes > 0 && words.every.test(around)) return { everyMinutes: minutes, line };
  }
  return undefined;
}

/** The only time in a sentence as a cadence: for a place where a cadence is expected. */
export function onlyDuration(text: string, line: number): Cadence | undefined {
  const found = findDurations(text);
  const [first] = found;
  return found.length === 1 && first && first.minutes > 0 ? { everyMinutes: first.minutes, line } : undefined;
}
