import { formatDuration } from '../incident/durations.ts';
import { parseInstant } from '../incident/instants.ts';
import { logPattern } from '../judge/logPattern.ts';
import { tellsOfError } from '../judge/readLogs.ts';
import { bad, good, notChecked, type Look } from './check.ts';

/** Counts of a stretch of logs. */
export interface LogCounts {
  readonly lines: number;
  readonly errors: number;
  /** Lines that tell of an error, by their pattern. */
  readonly patterns: ReadonlyMap<string, { readonly count: number; readonly example: string }>;
}

export interface LogWindow {
  /** UTC ISO 8601; `to` is not part of it. */
  readonly from: string;
  readonly to: string;
}

/** More kinds of error than anybody reads. */
const mostPatterns = 500;

/** Counts the lines of `kubectl logs --timestamps` that were written in a window. Lines without a time are not counted. */
export function countLogs(text: string, { from, to }: LogWindow): LogCounts {
  const [begin, end] = [parseInstant(from) ?? 0, parseInstant(to) ?? Infinity];
  const patterns = new Map<string, { count: number; example: string }>();
  let lines = 0;
  let errors = 0;
  for (const raw of text.split('\n')) {
    const [, stamp = '', line = ''] = /(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z) ?(.*)$/.exec(raw) ?? [];
    // Nanoseconds: what is behind the third digit is less than a millisecond.
    const at = Date.parse(stamp.replace(/(\.\d{3})\d+Z$/, '$1Z'));
    if (!(at >= begin && at < end) || line.trim() === '') continue;
    lines++;
    if (!tellsOfError(line)) continue;
    errors++;
    const pattern = logPattern(line);
    const known = patterns.get(pattern);
    if (known) known.count++;
    else if (patterns.size < mostPatterns)
      patterns.set(pattern, { count: 1, example: line.trim().slice(0, 200) });
  }
  return { lines, errors, patterns };
}

/** How much more of a known error than before still counts as before. */
const tolerance = 2;

/**
 * Whether logs are as they were before the incident: no errors, or none of another kind or more often than in the same
 * length of time before the onset. `before` undefined: nothing is left of that time.
 */
export function judgeLogs(
  service: string,
  now: LogCounts,
  window: LogWindow,
  before: LogCounts | undefined,
  beforeWindow: LogWindow | undefined,
): Look {
  const length = msOf(window);
  const since = formatDuration(length);
  if (now.lines === 0)
    return notChecked(`${service} logged nothing in the last ${since}: there is nothing to judge`);
  const known = beforeWindow && before && before.lines > 0 ? before : undefined;
  const beforeMs = beforeWindow ? msOf(beforeWindow) : 0;
  const was = known
    ? ` (${known.errors} of ${known.lines} in the ${formatDuration(beforeMs)} before the onset)`
    : '';
  const told = `${now.errors} of ${now.lines} log lines of ${service} in the last ${since} tell of an error${was}`;
  if (now.errors === 0) return good(told);
  const scale = length / Math.max(1, beforeMs);
  const worse = [...now.patterns]
    .filter(([pattern, { count }]) => {
      const usual = (known?.patterns.get(pattern)?.count ?? 0) * scale;
      return usual === 0 || count > tolerance * usual + 1;
    })
    .sort(([, a], [, b]) => b.count - a.count);
  const lines = worse.map(([, { count, example }]) => `${count} × ${example}`);
  if (worse.length > 0)
    return bad(
      known
        ? told
        : `${told}${beforeWindow ? '; nothing is left to compare with' : '; the onset is not set, so there is nothing to compare with'}`,
      lines,
    );
  return good(`${told}, no kind of error more often than before`);
}

const msOf = ({ from, to }: LogWindow): number =>
  Math.max(0, (parseInstant(to) ?? 0) - (parseInstant(from) ?? 0));
