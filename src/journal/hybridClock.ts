const LAST_MS = 999_999_999_999_999;
const LAST_COUNT = 99_999;

export interface HybridClock {
  /** The next reading: later, as text, than every reading given or merged before. */
  next(): string;
  /** Takes in a reading of another writer, so that what is written after reading it sorts after it. */
  merge(clock: string): void;
}

/**
 * A hybrid logical clock (Kulkarni and others, "Logical Physical Clocks", 2014) as text that sorts:
 * 15 digits of ms since 1970 UTC, a dash, 5 digits of counter. For order only, never shown as a time.
 */
export function createHybridClock(now: () => Date): HybridClock {
  let ms = 0;
  let counter = 0;
  return {
    next() {
      const wall = now().getTime();
      if (wall > ms) {
        ms = Math.min(wall, LAST_MS);
        counter = 0;
      } else if (counter < LAST_COUNT) {
        counter += 1;
      } else if (ms < LAST_MS) {
        ms += 1;
        counter = 0;
      }
      return `${String(ms).padStart(15, '0')}-${String(counter).padStart(5, '0')}`;
    },
    merge(clock) {
      const otherMs = Number(clock.slice(0, 15));
      const otherCounter = Number(clock.slice(16));
      if (!Number.isSafeInteger(otherMs) || !Number.isSafeInteger(otherCounter)) return;
      if (otherMs > ms || (otherMs === ms && otherCounter > counter)) {
        ms = otherMs;
        counter = otherCounter;
      }
    },
  };
}
