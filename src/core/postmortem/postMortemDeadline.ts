import type { PostMortemClock } from '../incident/clocks.ts';

interface PostMortemClocks {
  readonly postMortem: readonly PostMortemClock[];
}

/**
 * The deadline that holds: the earliest of those without a condition and, where the incident is known to recur, of those
 * for recurring ones. Undefined where the guide has none for it, or it is not resolved.
 */
export function postMortemDeadline(clocks: PostMortemClocks): PostMortemClock | undefined {
  const clock = shortestDeadline(clocks);
  return clock?.dueAt === undefined ? undefined : clock;
}

/** The same, also while it is not resolved. */
export const shortestDeadline = ({ postMortem }: PostMortemClocks): PostMortemClock | undefined =>
  postMortem.filter(({ recurring }) => !recurring).sort((a, b) => a.deadline.hours - b.deadline.hours)[0];

/** The same while it still counts, in time or late: undefined once the post-mortem is reviewed. */
export function openDeadline(clocks: PostMortemClocks): PostMortemClock | undefined {
  const clock = postMortemDeadline(clocks);
  return clock?.time.kind === 'open' || clock?.time.kind === 'overdue' ? clock : undefined;
}
