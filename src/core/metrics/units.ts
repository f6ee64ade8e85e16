/** What a figure is, for its words: a share of 1, seconds, bytes, a count per second, a plain count. */
export type Unit = 'ratio' | 'seconds' | 'bytes' | 'per-second' | 'count';

/** `4.2 %`, `180 ms`, `1.5 GiB`, `12/s`, `37`: three digits that count, for people. */
export function formatValue(value: number, unit: Unit): string {
  switch (unit) {
    case 'ratio':
      return `${digits(value * 100)} %`;
    case 'seconds':
      return Math.abs(value) < 1 ? `${digits(value * 1000)} ms` : `${digits(value)} s`;
    case 'bytes': {
      const names = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
      let at = 0;
      let rest = value;
      for (; Math.abs(rest) >= 1024 && at < names.length - 1; at++) rest /= 1024;
      return `${digits(rest)} ${names[at]}`;
    }
    case 'per-second':
      return `${digits(value)}/s`;
    case 'count':
      return digits(value);
  }
}

function digits(value: number): string {
  if (!Number.isFinite(value)) return 'no number';
  if (value === 0) return '0';
  const rounded = Number(value.toPrecision(3));
  return Math.abs(rounded) >= 1e15 || Math.abs(rounded) < 1e-6
    ? rounded.toExponential()
    : rounded.toLocaleString('en', { maximumSignificantDigits: 3, useGrouping: true });
}

/** What the value of a query counts, by the habits of names in the Prometheus world; `count` where they say nothing. */
export function unitOf(query: string): Unit {
  const text = query.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, '""').replace(/#.*/g, '');
  const isQuotient = /[)\]}\w]\s*\/\s*(?:on\b|ignoring\b|\(|[a-z_:])/i.test(text);
  if (/\bhistogram_quantile\s*\(/.test(text))
    return /_bytes(?:_bucket)?\b/.test(text)
      ? 'bytes'
      : /_seconds(?:_bucket)?\b/.test(text)
        ? 'seconds'
        : 'count';
  if (isQuotient) return /_seconds_(?:sum|total)\b/.test(text) ? 'seconds' : 'ratio';
  // Seconds per second of CPU are cores, which are counted.
  if (/\bi?rate\s*\(/.test(text)) return /_seconds_(?:sum|total)\b/.test(text) ? 'count' : 'per-second';
  if (/_ratio\b/.test(text)) return 'ratio';
  if (/_bytes\b/.test(text)) return 'bytes';
  return /_seconds\b/.test(text) ? 'seconds' : 'count';
}
