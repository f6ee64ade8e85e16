import { formatDuration } from '../incident/durations.ts';
import type { IncidentRecord } from '../history/incidentRecord.ts';
import type { ReadPostMortem } from '../history/parsePostMortem.ts';
import { oneLine } from './oneLine.ts';

export interface ReadFiles {
  readonly found: readonly { readonly file: string; readonly read: ReadPostMortem }[];
  readonly skipped: readonly { readonly file: string; readonly because: string }[];
}

/** What was read of each file before it is imported, as Markdown. What is not written there is unknown. */
export function importDocument({ found, skipped }: ReadFiles): string {
  const cell = (text: string | undefined): string => oneLine(text ?? 'unknown', 80).replaceAll('|', '\\|');
  const rows = found.map(({ file, read: { record } }) =>
    [
      ...[file, record.title, record.declaredAt, record.severity, record.service],
      ...[record.durationMs === undefined ? undefined : formatDuration(record.durationMs), record.cause],
      actionsText(record.actions),
    ].map(cell),
  );
  const table = (head: readonly string[], lines: readonly (readonly string[])[]): string =>
    [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
  return [
    '# What would be imported',
    found.length === 0
      ? 'Nothing.'
      : table(['File', 'Title', 'Date', 'Severity', 'Service', 'Duration', 'Cause', 'Action items'], rows),
    ...(skipped.length === 0
      ? []
      : [
          '## Skipped',
          table(
            ['File', 'Why'],
            skipped.map(({ file, because }) => [cell(file), because]),
          ),
        ]),
    '',
  ].join('\n\n');
}

function actionsText(actions: IncidentRecord['actions']): string | undefined {
  if (actions === undefined) return undefined;
  const done = actions.filter((action) => action.done).length;
  if (actions.length === 0) return 'none';
  return [`${actions.length - done} open`, ...(done === 0 ? [] : [`${done} done`])].join(', ');
}
