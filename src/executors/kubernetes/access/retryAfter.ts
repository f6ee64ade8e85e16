import { setTimeout as wait } from 'node:timers/promises';

/** A read is tried this many times in all when the server asks to come back later. */
export const busyAttempts = 3;
/** Nobody waits longer than this for a busy server without being told, milliseconds. */
export const longestWaitMs = 5_000;

/**
 * What a 429 or 503 asks for in `Retry-After`, in milliseconds from `nowMs` (UTC): seconds or a date, RFC 9110
 * §10.2.3. Undefined for any other answer and for a header that cannot be read.
 */
export function retryAfterMs(
  status: number,
  header: string | readonly string[] | undefined,
  nowMs: number,
): number | undefined {
  const text = (typeof header === 'string' ? header : header?.[0])?.trim();
  if ((status !== 429 && status !== 503) || !text) return undefined;
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
}

/** Waits that long; resolves at once when the signal aborts. */
export const waitUnlessStopped = (ms: number, signal: AbortSignal): Promise<void> =>
  wait(ms, undefined, { signal }).catch(() => undefined);
