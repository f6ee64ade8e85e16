import { failed, ok, type Result } from '../errors.ts';
import { addMs, msBetween } from '../incident/instants.ts';
import { sameSeverity } from '../incident/progress.ts';

/** What was said at the start of a soak window, for the resolve at its end. */
export interface SaidAtStart {
  readonly cause?: string;
  readonly impact?: string;
  readonly resolution?: string;
}

/**
 * A time in which somebody has said "resolved" and checks keep running. `passed`: its time is over without a relapse;
 * `relapsed`: a check turned bad, a person decides. Times UTC ISO 8601.
 */
export interface Soak {
  /** ULID. */
  readonly id: string;
  readonly startedAt: string;
  readonly by: string;
  readonly durationMs: number;
  /** What happens at the end: a person is asked, or it is resolved when all is good. */
  readonly then: 'ask' | 'resolve';
  readonly said: SaidAtStart;
  readonly state: 'running' | 'passed' | 'relapsed' | 'cancelled' | 'reopened' | 'resolved';
  /** When checks were last run in it. */
  readonly lastLookAt: string;
  /** Time in it when no window of ours looked, ms: it does not count. */
  readonly unwatchedMs: number;
  /** When its state became what it is, unless it runs. */
  readonly endedAt: string | undefined;
  /** Of a relapse: what turned bad. */
  readonly relapse: readonly string[];
  /** Of one that has passed: what was not good by then, so that nothing is resolved by itself. */
  readonly open: readonly string[];
}

/** Looks are written down at least this often while a window is watched, ms. */
export const lookRecordedEveryMs = 60_000;
/** A longer time without a look is time when nobody watched, ms. */
const unwatchedAfterMs = 150_000;

/** How often checks run in a window of this length, ms: twenty times, but each second at most and each half minute at least. */
export const lookEveryMs = (durationMs: number): number =>
  Math.min(30_000, Math.max(1_000, Math.round(durationMs / 20)));

/** The time nobody watched between two looks, ms. */
export function unwatchedBetween(lastLookAt: string, at: string): number {
  const gap = msBetween(lastLookAt, at) ?? 0;
  return gap > unwatchedAfterMs ? gap : 0;
}

/**
 * Whether a window that cannot judge an incident, and is there since `from`, may end its soak window: nobody who can has
 * looked for as long as it lasts, and a little longer, since the last look of one is not always written down.
 */
export const isLeftAlone = ({ lastLookAt, durationMs }: Soak, from: string, now: string): boolean =>
  [lastLookAt, from].every((at) => (msBetween(at, now) ?? 0) > durationMs + 30_000);

export interface SoakClock {
  readonly remainingMs: number;
  /** UTC ISO 8601: when it ends if it is watched from now on. */
  readonly endsAt: string;
  readonly unwatchedMs: number;
}

/** How much of a window is left at `now`; time that nobody watched does not count. */
export function soakClock(soak: Soak, now: string): SoakClock {
  const unwatchedMs = soak.unwatchedMs + unwatchedBetween(soak.lastLookAt, now);
  const watched = (msBetween(soak.startedAt, now) ?? 0) - unwatchedMs;
  const remainingMs = Math.max(0, soak.durationMs - Math.max(0, watched));
  return { remainingMs, endsAt: addMs(now, remainingMs) ?? now, unwatchedMs };
}

/** The windows of the setting, by severity; `*` for the others. */
export type SoakSetting = Readonly<Record<string, unknown>>;

const unit: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, min: 60_000, h: 3_600_000 };
const longestMs = 24 * 3_600_000;

/** `20m`, `90s`, `1h`, or a number of minutes; 0 means no window. Milliseconds. */
export function parseSoak(written: unknown): Result<number> {
  const text = String(written).trim().toLowerCase();
  const [, count, name = 'm'] = /^(\d+(?:\.\d+)?)\s*(s|min|m|h)?$/.exec(text) ?? [];
  const ms = Number(count) * (unit[name] ?? NaN);
  return Number.isFinite(ms) && ms <= longestMs
    ? ok(Math.round(ms))
    : failed('invalid', `"${text}" is no length of a soak window. Write it like 10m, 90s or 1h, up to 24h.`);
}

/**
 * How long the window of a severity is: by its name, else `highest` for the first one of the guide, else `*`. What
 * cannot be read fails with a sentence that names the setting.
 */
export function soakOf(setting: SoakSetting, severity: string, highest: string | undefined): Result<number> {
  const entries = Object.entries(setting);
  const named = entries.find(([name]) => sameSeverity(name, severity));
  const isHighest = highest !== undefined && sameSeverity(highest, severity);
  const first = isHighest ? entries.find(([name]) => name.toLowerCase() === 'highest') : undefined;
  const other = entries.find(([name]) => name === '*');
  const [name, written] = named ?? first ?? other ?? ['*', '10m'];
  const parsed = parseSoak(written);
  return parsed.ok
    ? parsed
    : failed('invalid', `The setting incident.resolution.soak has for ${name}: ${parsed.failure.message}`);
}
