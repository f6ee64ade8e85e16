import type { Failure } from '../errors.ts';
import type { SourceFailure } from './signalSource.ts';
import { addMs, msBetween } from '../incident/instants.ts';

/** How a source has been answering. Times UTC ISO 8601. */
export interface SourceHealth {
  readonly source: string;
  readonly kind: 'alerts' | 'changes';
  readonly lastAnswerAt: string | undefined;
  /** When the first of the present row of failures was. */
  readonly failingSince: string | undefined;
  /** Failures in a row. */
  readonly failures: number;
  /** The last one; undefined once it answered. */
  readonly failure: Failure | undefined;
  /** Not asked before; undefined: at once. */
  readonly nextAt: string | undefined;
}

export const newHealth = (source: string, kind: SourceHealth['kind']): SourceHealth => ({
  source,
  kind,
  lastAnswerAt: undefined,
  failingSince: undefined,
  failures: 0,
  failure: undefined,
  nextAt: undefined,
});

/** A source that fails is asked less and less often, but at least this often, ms: it may be back any time. */
const longestWaitMs = 10 * 60_000;
/** Changes are asked for at this many times the interval. */
const changesEvery = 4;

const intervalOf = ({ kind }: SourceHealth, pollMs: number): number =>
  kind === 'changes' ? changesEvery * pollMs : pollMs;

export const afterAnswer = (health: SourceHealth, now: string, pollMs: number): SourceHealth => ({
  ...newHealth(health.source, health.kind),
  lastAnswerAt: now,
  nextAt: addMs(now, intervalOf(health, pollMs)),
});

/** Waits twice as long after each failure in a row, and at least `retryAfterMs`, what the source itself asked for. */
export function afterFailure(
  health: SourceHealth,
  failure: SourceFailure,
  now: string,
  pollMs: number,
): SourceHealth {
  const interval = intervalOf(health, pollMs);
  const backoff = Math.max(interval, Math.min(longestWaitMs, interval * 2 ** Math.min(health.failures, 20)));
  const { retryAfterMs = 0, ...said } = failure;
  return {
    ...health,
    failingSince: health.failingSince ?? now,
    failures: health.failures + 1,
    failure: said,
    nextAt: addMs(now, Math.max(backoff, Math.min(retryAfterMs, 60 * 60_000))),
  };
}

export const isDue = ({ nextAt }: SourceHealth, now: string): boolean =>
  nextAt === undefined || (msBetween(now, nextAt) ?? 0) <= 0;

/** Milliseconds until the next source is due, not below 0; undefined without sources. */
export const msUntilDue = (healths: readonly SourceHealth[], now: string): number | undefined =>
  healths.length === 0
    ? undefined
    : Math.min(
        ...healths.map(({ nextAt }) => Math.max(0, nextAt === undefined ? 0 : (msBetween(now, nextAt) ?? 0))),
      );
