import type { Span } from './series.ts';

/** More points of one series a Prometheus refuses: https://github.com/prometheus/prometheus/blob/main/web/api/v1/api.go */
export const mostPoints = 11_000;

const second = 1000;
/** Steps people reckon in, so that neighbouring looks share their sample times. */
const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21_600, 43_200, 86_400].map(
  (seconds) => seconds * second,
);

/**
 * The step of a range query, ms: about `wanted` points, never finer than `finest` and never more points than a server
 * gives. A span of no length has the finest step.
 */
export function rangeStep({ from, to }: Span, wanted = 240, finest = 15 * second): number {
  const length = Math.max(0, to - from);
  const least = Math.max(finest, length / Math.max(1, wanted), length / (mostPoints - 1));
  const found = steps.find((step) => step >= least);
  return found ?? Math.ceil(least / steps.at(-1)!) * steps.at(-1)!;
}
