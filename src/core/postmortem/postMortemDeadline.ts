import type { Clocks, PostMortemClock } from '../incident/clocks.ts';

/**
 * The deadline that holds: the earliest of those without a condition and, where the incident is known to recur, of those
 * for recurring ones. Undefined where the guide has none for it, or it is not resolved.
 */
export function postMortemDeadline({ postMortem }: Pick<Clocks, 'postMortem'>): PostMortemClock | undefined {
  return postMortem
    .filter(({ recurring, dueAt }) => dueAt !== undefined && !recurring)
    .sort((a, b) => a.deadline.hours - b.deadline.hours)[0];
}
