/**
 * A response as the AWS CLI prints it with `--output json`: four spaces, absent members left out, times as Python's
 * isoformat has them (`2026-11-23T10:15:00.250000+00:00`).
 */
export const renderCliJson = (response: object): string =>
  `${JSON.stringify(plain(response), undefined, 4)}\n`;

function plain(value: unknown): unknown {
  if (value instanceof Date) return isoformat(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, inner]) => inner !== undefined && key !== '$metadata')
      .map(([key, inner]) => [key, plain(inner)]),
  );
}

function isoformat(time: Date): string {
  const [seconds, fraction = ''] = time.toISOString().replace('Z', '').split('.');
  return `${seconds}${/^0*$/.test(fraction) ? '' : `.${fraction.padEnd(6, '0')}`}+00:00`;
}
