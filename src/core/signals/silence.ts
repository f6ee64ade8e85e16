/** A condition on one label: https://prometheus.io/docs/alerting/latest/configuration/#matcher */
export interface Matcher {
  readonly name: string;
  readonly value: string;
  readonly isRegex: boolean;
  /** False: the label must not match. */
  readonly isEqual: boolean;
}

/** Times UTC ISO 8601. */
export interface Silence {
  readonly id: string;
  readonly matchers: readonly Matcher[];
  readonly startsAt: string;
  readonly endsAt: string;
  readonly createdBy: string;
  readonly comment: string;
}

/** What is asked of Alertmanager: no more than one alert's own labels. */
export type NewSilence = Omit<Silence, 'id'>;

/** Matches the alert with exactly these labels, and any that has more of them. */
export const matchersOf = (labels: Readonly<Record<string, string>>): readonly Matcher[] =>
  Object.keys(labels)
    .sort((a, b) => Number(b === 'alertname') - Number(a === 'alertname') || (a < b ? -1 : 1))
    .map((name) => ({ name, value: labels[name] ?? '', isRegex: false, isEqual: true }));

/** As Alertmanager writes it: `severity="critical"`, `pod=~"web-.*"`. */
export const renderMatcher = ({ name, value, isRegex, isEqual }: Matcher): string =>
  `${name}${isEqual ? '=' : '!'}${isRegex ? '~' : isEqual ? '' : '='}${JSON.stringify(value)}`;

export const renderMatchers = (matchers: readonly Matcher[]): string =>
  matchers.map(renderMatcher).join(', ');

/** `30m`, `2h`, `1h30m`, `1d`, `1w` in ms, as Prometheus writes durations; undefined for anything else and for nothing. */
export function parseSilenceDuration(text: string): number | undefined {
  const match = /^(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?$/.exec(text.replace(/\s+/g, '').toLowerCase());
  if (!match) return undefined;
  const [weeks, days, hours, minutes] = match.slice(1).map((part) => Number(part ?? 0));
  const ms = ((((weeks ?? 0) * 7 + (days ?? 0)) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60_000;
  return ms > 0 && ms <= longestSilenceMs ? ms : undefined;
}

/** A typing error must not quiet an alert for years. */
const longestSilenceMs = 366 * 24 * 3_600_000;
