const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;

/**
 * Milliseconds since 1970 of an ISO 8601 time with its zone (`2026-11-23T10:30:00.000Z`, `…+01:00`); undefined for
 * anything else. A time without a zone is refused: it would mean another instant on every machine.
 */
export function parseInstant(text: string): number | undefined {
  if (!instant.test(text)) return undefined;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms;
}

/** UTC ISO 8601 with milliseconds. `ms` since 1970. */
export const toInstant = (ms: number): string => new Date(ms).toISOString();

/** `iso` moved by `ms`; undefined when `iso` cannot be read or the sum leaves the calendar. */
export function addMs(iso: string, ms: number): string | undefined {
  const start = parseInstant(iso);
  if (start === undefined) return undefined;
  const sum = new Date(start + ms);
  return Number.isNaN(sum.getTime()) ? undefined : sum.toISOString();
}

/** Milliseconds from one time to another, negative when `to` is earlier; undefined when either cannot be read. */
export function msBetween(from: string, to: string): number | undefined {
  const start = parseInstant(from);
  const end = parseInstant(to);
  return start === undefined || end === undefined ? undefined : end - start;
}

/** `10:30`, UTC. `unknown` for a time that cannot be read. */
export function utcTime(iso: string): string {
  const ms = parseInstant(iso);
  return ms === undefined ? 'unknown' : toInstant(ms).slice(11, 16);
}

/** `2026-11-23`, UTC. `unknown` for a time that cannot be read. */
export function utcDate(iso: string): string {
  const ms = parseInstant(iso);
  return ms === undefined ? 'unknown' : toInstant(ms).slice(0, 10);
}

/** `2026-11-23 10:30 UTC`. `unknown` for a time that cannot be read. */
export const utcDateTime = (iso: string): string =>
  parseInstant(iso) === undefined ? 'unknown' : `${utcDate(iso)} ${utcTime(iso)} UTC`;
