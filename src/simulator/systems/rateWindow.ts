/** Whether a request may pass, and how the window looks after it. */
export interface RateVerdict {
  readonly allowed: boolean;
  /** How many more would pass now. */
  readonly remaining: number;
  /** Until the next one may pass when none would now, else until the window is empty again; ms. */
  readonly resetMs: number;
}

export interface RateWindow {
  /** Counts a request under this key (a token, say) at this time (ms since 1970), unless it is one too many. */
  take(key: string, limit: number, now: number): RateVerdict;
}

/** A window of this many ms that looks back from each request; one that was refused does not count. */
export function createRateWindow(windowMs: number): RateWindow {
  const seen = new Map<string, number[]>();
  return {
    take(key, limit, now) {
      const recent = (seen.get(key) ?? []).filter((at) => at > now - windowMs);
      const allowed = recent.length < limit;
      if (allowed) recent.push(now);
      seen.set(key, recent);
      const until = allowed ? recent.at(-1) : recent.at(-limit);
      return {
        allowed,
        remaining: Math.max(0, limit - recent.length),
        resetMs: Math.max(0, (until ?? now) + windowMs - now),
      };
    },
  };
}
