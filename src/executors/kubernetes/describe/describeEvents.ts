import { heading, row } from './describeLines.ts';
import { numberAt, textAt } from '../look/look.ts';
import type { KubeObject } from '../objects/objects.ts';
import { ageText, fetchObjects } from '../objects/objects.ts';
import type { ResourceKind } from '../objects/discovery.ts';
import type { VerbContext } from '../verb.ts';

/** The events about one object as the end of its description. `now` in milliseconds UTC. */
export async function describeEvents(
  context: VerbContext,
  kind: ResourceKind,
  object: KubeObject,
  now: number,
): Promise<string> {
  const events = await context.discovery.resolve('events', context.signal);
  const { name = '', namespace = '', uid = '' } = object.metadata ?? {};
  if (!events.ok) return '';
  const isNode = kind.plural === 'nodes';
  const wanted = {
    'involvedObject.name': name,
    'involvedObject.namespace': namespace,
    // A pod's events may come from before its kind was written into them.
    'involvedObject.kind': kind.plural === 'pods' ? undefined : kind.kind,
    // The kubelet writes a node's name where its uid should be.
    'involvedObject.uid': isNode ? undefined : uid,
  };
  const fieldSelector = Object.entries(wanted)
    .filter(([, value]) => value !== undefined)
    .map(([field, value]) => `${field}=${value}`)
    .join(',');
  const list = await fetchObjects<KubeObject>(
    context.transport,
    events.value[0]!,
    namespace === '' ? undefined : namespace,
    { fieldSelector },
    context.signal,
  );
  if (!list.ok) return `Events:\tcould not be read: ${list.failure.message}\n`;
  const mine = isNode
    ? list.value.filter((event) => [uid, name].includes(textAt(event, 'involvedObject.uid')))
    : list.value;
  return renderEvents(mine, now);
}

/** Oldest first by when they were last seen. */
export function renderEvents(events: readonly unknown[], now: number): string {
  if (events.length === 0) return 'Events:\t<none>\n';
  const seen = (event: unknown): number => Date.parse(textAt(event, 'lastTimestamp')) || 0;
  const rows = [...events]
    .sort((a, b) => seen(a) - seen(b))
    .map((event) => {
      const path = textAt(event, 'involvedObject.fieldPath');
      const message = textAt(event, 'message').trim();
      return row(
        1,
        textAt(event, 'type'),
        textAt(event, 'reason'),
        intervalText(event, now),
        textAt(event, 'source.component') || textAt(event, 'reportingComponent'),
        path === '' ? message : `${path}: ${message}`,
      );
    });
  return (
    heading('Events') +
    row(1, 'Type', 'Reason', 'Age', 'From', 'Message') +
    row(1, '----', '------', '----', '----', '-------') +
    rows.join('')
  );
}

function intervalText(event: unknown, now: number): string {
  const first = ageText(textAt(event, 'eventTime') || textAt(event, 'firstTimestamp'), now);
  const series = numberAt(event, 'series.count');
  if (series !== undefined)
    return `${ageText(textAt(event, 'series.lastObservedTime'), now)} (x${series} over ${first})`;
  const count = numberAt(event, 'count') ?? 0;
  return count > 1 ? `${ageText(textAt(event, 'lastTimestamp'), now)} (x${count} over ${first})` : first;
}
