import { formatDuration } from '../incident/durations.ts';
import type { IncidentRecord } from '../history/incidentRecord.ts';
import type { SearchQuery } from '../history/searchQuery.ts';
import { oneLine } from './oneLine.ts';

/** One incident in a list to choose from. */
export interface SearchItem {
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly detail: string | undefined;
  /** Codicon id. */
  readonly icon: string;
}

export function searchItem(record: IncidentRecord): SearchItem {
  const { id, number, title, severity, service, status, drill, durationMs, cause, imported, declaredAt } =
    record;
  const length =
    status === 'active' ? 'active' : durationMs === undefined ? undefined : formatDuration(durationMs);
  return {
    id,
    label: oneLine([severity, title].filter(Boolean).join(' '), 120),
    description: [
      imported === undefined ? number : (declaredAt ?? 'no date'),
      ...[service, length, drill ? 'drill' : undefined, imported === undefined ? undefined : 'imported'],
    ]
      .filter((part) => part !== undefined)
      .join('  '),
    detail: cause === undefined ? undefined : oneLine(`Cause: ${cause}`, 160),
    icon: imported !== undefined ? 'book' : status === 'active' ? 'flame' : drill ? 'beaker' : 'pass',
  };
}

/** The syntax in one line, for an empty field. */
export const searchSyntax =
  'Words, or service: sev: cause: person: after: before: on: is:drill -without "a phrase"';

/** What stands above the list: how many fit, and what of the query could not be used. */
export function searchTitle(found: number, all: number, { problems }: SearchQuery): string {
  return [`Search History: ${found} of ${all}`, ...problems].join('. ');
}
