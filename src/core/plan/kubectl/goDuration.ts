const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Milliseconds of a Go duration such as `30s`, `1h30m` or `0`; undefined when it is none. Units h, m, s, ms. */
export function parseGoDuration(text: string): number | undefined {
  if (text === '0') return 0;
  if (!/^(?:\d+(?:\.\d+)?(?:ms|s|m|h))+$/.test(text)) return undefined;
  let total = 0;
  for (const hit of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g))
    total += Number(hit[1]) * (UNITS[hit[2] ?? ''] ?? 0);
  return Number.isFinite(total) ? total : undefined;
}

/** Whole seconds as the shortest Go duration: 1800 is `30m`, 5400 is `1h30m`. */
export function renderGoDuration(seconds: number): string {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = seconds % 60;
  const text = `${hours ? `${hours}h` : ''}${minutes ? `${minutes}m` : ''}${rest ? `${rest}s` : ''}`;
  return text === '' ? '0s' : text;
}
