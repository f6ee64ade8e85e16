import { msBetween } from './instants.ts';

/** How a post-mortem stands to the time that it has. Durations in ms. */
export type PostMortemTime =
  /** The incident goes on. */
  | { readonly kind: 'not-begun' }
  /** A time in the journal cannot be read. */
  | { readonly kind: 'not-known' }
  | { readonly kind: 'open'; readonly remainingMs: number }
  | { readonly kind: 'overdue'; readonly overdueMs: number }
  | { readonly kind: 'on-time' }
  | { readonly kind: 'late'; readonly lateMs: number };

/**
 * What "on time" means of a post-mortem, for the tree, the status bar, the calendar and Trends alike: reviewed within
 * `withinMs` of the resolution. A draft is made by one click: what has a deadline is what people have read. Times are UTC
 * ISO 8601; `reviewedAt` is undefined while it is not reviewed, also where it went back to the draft.
 */
export function postMortemTime(
  of: { readonly resolvedAt: string | undefined; readonly reviewedAt: string | undefined },
  withinMs: number,
  now: string,
): PostMortemTime {
  if (of.resolvedAt === undefined) return { kind: 'not-begun' };
  const tookMs = msBetween(of.resolvedAt, of.reviewedAt ?? now);
  if (tookMs === undefined) return { kind: 'not-known' };
  const overMs = tookMs - withinMs;
  if (of.reviewedAt !== undefined) return overMs > 0 ? { kind: 'late', lateMs: overMs } : { kind: 'on-time' };
  return overMs > 0 ? { kind: 'overdue', overdueMs: overMs } : { kind: 'open', remainingMs: -overMs };
}
