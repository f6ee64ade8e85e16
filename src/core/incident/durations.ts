const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

const two = (value: number) => String(value).padStart(2, '0');
const whole = (ms: number) => (Number.isFinite(ms) ? Math.max(0, Math.floor(ms)) : 0);

/** `00:23:10` for a running clock; hours go on past 24. Milliseconds in; below zero and not a number show as zero. */
export function formatClock(ms: number): string {
  const rest = whole(ms);
  const [h, m, s] = [rest / hour, (rest % hour) / minute, (rest % minute) / second].map(Math.floor);
  return `${two(h ?? 0)}:${two(m ?? 0)}:${two(s ?? 0)}`;
}

/** `4:10`, and `1:04:10` from an hour on, for a time that runs out. Milliseconds in. */
export function formatCountdown(ms: number): string {
  const rest = whole(ms);
  const seconds = two(Math.floor((rest % minute) / second));
  const minutes = Math.floor((rest % hour) / minute);
  const hours = Math.floor(rest / hour);
  return hours === 0 ? `${minutes}:${seconds}` : `${hours}:${two(minutes)}:${seconds}`;
}

/** `34 s`, `4 min`, `2 h 5 min`, `1 d 3 h`: the two largest units, rounded down. Milliseconds in. */
export function formatDuration(ms: number): string {
  const rest = whole(ms);
  if (rest < minute) return `${Math.floor(rest / second)} s`;
  if (rest < hour) return `${Math.floor(rest / minute)} min`;
  const pair = (count: number, unit: string, more: number, smaller: string) =>
    more === 0 ? `${count} ${unit}` : `${count} ${unit} ${more} ${smaller}`;
  if (rest < day) return pair(Math.floor(rest / hour), 'h', Math.floor((rest % hour) / minute), 'min');
  return pair(Math.floor(rest / day), 'd', Math.floor((rest % day) / hour), 'h');
}

/** `480 ms` below a second, `1.2 s` below a minute, else as `formatDuration`: for how long a run took. */
export function formatRunTime(ms: number): string {
  if (!Number.isFinite(ms) || ms >= minute) return formatDuration(ms);
  return ms < second ? `${whole(ms)} ms` : `${Math.floor(ms / 100) / 10} s`;
}
