/** Words of monitoring systems, worst first, in four steps; PagerDuty's urgencies among them. */
const steps: readonly (readonly string[])[] = [
  ['critical', 'crit', 'page', 'paging', 'emergency', 'emerg', 'disaster', 'fatal', 'blocker', 'outage'],
  ['error', 'err', 'major', 'high', 'severe', 'alert'],
  ['warning', 'warn', 'minor', 'medium', 'moderate', 'average', 'ticket'],
  ['info', 'informational', 'information', 'notice', 'low', 'debug', 'none', 'trivial', 'ok'],
];

const normalized = (text: string): string => text.toLowerCase().replace(/[\s_-]+/g, '');

/** 0 (worst) to 3; undefined for a word that says nothing. */
export function severityStep(label: string | undefined): number | undefined {
  if (label === undefined) return undefined;
  const word = normalized(label);
  const known = steps.findIndex((words) => words.includes(word));
  if (known >= 0) return known;
  const number = numberOf(word);
  return number === undefined ? undefined : Math.min(Math.max(0, number - 1), steps.length - 1);
}

/** `sev1`, `p2`, `s3`, `priority1` and bare numbers count from 1. */
const numberOf = (word: string): number | undefined => {
  const match = /^(?:sev|severity|p|prio|priority|s)?(\d)$/.exec(word);
  return match ? Number(match[1]) : undefined;
};

/**
 * The guide's severity for what an alert calls itself: by the setting's map, else the severity of that very name, else
 * by its place between the worst and the mildest, spread over as many severities as the guide has (`critical` the
 * first, `info` the last; of four, `warning` the third). Undefined when the word says nothing: then a person decides.
 */
export function mapSeverity(
  label: string | undefined,
  severities: readonly string[],
  map: Readonly<Record<string, string>>,
): string | undefined {
  if (label === undefined || label.trim() === '') return undefined;
  const word = normalized(label);
  const named = (name: string): string | undefined =>
    severities.find((severity) => normalized(severity) === normalized(name));
  const set = Object.entries(map).find(([from]) => normalized(from) === word)?.[1];
  if (set !== undefined && set.trim() !== '') return named(set) ?? set.trim();
  const same = named(label);
  if (same !== undefined) return same;
  const last = severities.length - 1;
  if (last < 0) return undefined;
  const number = numberOf(word);
  if (number !== undefined) return severities[Math.min(Math.max(0, number - 1), last)];
  const step = severityStep(label);
  return step === undefined ? undefined : severities[Math.round((step * last) / (steps.length - 1))];
}
