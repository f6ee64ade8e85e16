import { setTimeout as wait } from 'node:timers/promises';

/** A read is tried this many times in all when the server asks to come back later. */
export const busyAttempts = 3;
/** Nobody waits longer than this for a busy server without being told, milliseconds. */
export const longestWaitMs = 5_000;

/** Waits that long; resolves at once when the signal aborts. */
export const waitUnlessStopped = (ms: number, signal: AbortSignal): Promise<void> =>
  wait(ms, undefined, { signal }).catch(() => undefined);
