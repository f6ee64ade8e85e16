/** `00:23:10`; from a day on `2 d 03:04:05`. Milliseconds; below zero counts as zero. */
export function formatElapsed(ms: number): string {
  const seconds = wholeSeconds(ms);
  const days = Math.floor(seconds / 86_400);
  const clock = [Math.floor(seconds / 3_600) % 24, Math.floor(seconds / 60) % 60, seconds % 60]
    .map(twoDigits)
    .join(':');
  return days > 0 ? `${days} d ${clock}` : clock;
}

/** What a deadline says now: `in 4:10`, or `4:10 late` once it has passed. Milliseconds since the epoch. */
export function formatDue(dueAt: number, now: number): { readonly text: string; readonly late: boolean } {
  const late = now > dueAt;
  const span = formatSpan(Math.abs(dueAt - now));
  return { text: late ? `${span} late` : `in ${span}`, late };
}

/** `4:10`, `1:04:10`, `2 d 03:04:05`. */
function formatSpan(ms: number): string {
  const seconds = wholeSeconds(ms);
  if (seconds >= 86_400) return formatElapsed(ms);
  const hours = Math.floor(seconds / 3_600);
  const minutes = Math.floor(seconds / 60) % 60;
  const rest = twoDigits(seconds % 60);
  return hours > 0 ? `${hours}:${twoDigits(minutes)}:${rest}` : `${minutes}:${rest}`;
}

/** How long a run took: `340 ms`, `1.2 s`, `42 s`, `2 min 5 s`, `1 h 4 min`. */
export function formatDuration(ms: number): string {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 9_950) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 > 0 ? `${minutes} min ${seconds % 60} s` : `${minutes} min`;
  return minutes % 60 > 0
    ? `${Math.floor(minutes / 60)} h ${minutes % 60} min`
    : `${Math.floor(minutes / 60)} h`;
}

/** `10:31:07 UTC` of an ISO 8601 time; the text itself where it is none. */
export function formatUtcTime(iso: string): string {
  const at = Date.parse(iso);
  return Number.isNaN(at) ? iso : `${new Date(at).toISOString().slice(11, 19)} UTC`;
}

const wholeSeconds = (ms: number): number => Math.max(0, Math.floor(ms / 1_000));
const twoDigits = (n: number): string => String(n).padStart(2, '0');
