import { translateGrep, type LineMatcher } from '../plan/filters/grepPattern.ts';

/** A pattern as `grep -E` reads it, that cannot run away; undefined where it is none. */
export const parseGrepLike = (pattern: string): LineMatcher | undefined =>
  pattern === '' || pattern.length > 500
    ? undefined
    : translateGrep(pattern, { extended: true, ignoreCase: false });
