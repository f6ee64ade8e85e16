import { failed, ok, type Result } from '../errors.ts';
import { parseInstant, toInstant, utcTime } from './instants.ts';

/** A readable time that is not after now, normalised to UTC. */
export function past(at: string, now: string, what: string): Result<string> {
  const ms = parseInstant(at);
  if (ms === undefined) {
    return failed(
      'invalid',
      `"${at}" is not a time. Write it like 2026-11-23T10:30:00Z. Nothing was changed.`,
    );
  }
  if (isBefore(now, toInstant(ms))) {
    return failed(
      'invalid',
      `${what} cannot be in the future (it is ${utcTime(now)} UTC now). Nothing was changed.`,
    );
  }
  return ok(toInstant(ms));
}

export function notAfter(
  at: string,
  limit: string | undefined,
  what: string,
  event: string,
): Result<never> | undefined {
  if (limit === undefined || !isBefore(limit, at)) return undefined;
  return failed(
    'invalid',
    `${what} cannot be after ${event} (${utcTime(limit)} UTC). Correct one of the two times.`,
  );
}

export function isBefore(a: string, b: string): boolean {
  const [first, second] = [parseInstant(a), parseInstant(b)];
  return first !== undefined && second !== undefined && first < second;
}

/** What another system's clock said, but nothing later than now: theirs may go ahead. */
export const notAhead = <T extends { readonly at?: string }>(data: T, now: string): T =>
  data.at !== undefined && isBefore(now, data.at) ? { ...data, at: now } : data;
