import type { EventData } from '../incident/events.ts';
import type { Incident } from '../incident/incident.ts';

type Seen = NonNullable<Incident['actionItems']>;

/**
 * The list as it is after one more look at it. A save knows nothing of the issues: what was read of them before stays,
 * with the time of that reading.
 */
export function foldActionItems(
  before: Incident['actionItems'],
  { file, items }: EventData['ActionItemsSeen'],
  at: string,
): Seen {
  const wasRead = items.some(({ issue }) => issue?.state !== undefined);
  const known = new Map(
    before?.items.flatMap(({ issue }) => (issue?.state ? [[issue.url, issue.state]] : [])),
  );
  return {
    file,
    at,
    statesAt: wasRead ? at : (before?.statesAt ?? at),
    items: items.map((item) => {
      const state = item.issue && (item.issue.state ?? known.get(item.issue.url));
      return item.issue && state ? { ...item, issue: { ...item.issue, state } } : item;
    }),
  };
}
