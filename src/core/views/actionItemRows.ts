import { isOverdue } from '../actionItems/actionItem.ts';
import type { ActionRecord, IncidentRecord } from '../history/incidentRecord.ts';
import { oneLine } from './oneLine.ts';

/** One open action of a list to choose from. */
export interface ActionItemRow {
  readonly label: string;
  readonly description: string;
  readonly detail: string;
  /** Codicon id. */
  readonly icon: string;
  /** Whose post-mortem it stands in. */
  readonly incident: string;
  readonly text: string;
  readonly isOverdue: boolean;
  /** It stands in a post-mortem that was written by hand. */
  readonly isImported: boolean;
}

const dayMs = 86_400_000;

/**
 * The open actions of all incidents but drills, imported post-mortems too: the longest overdue first, then by their days, those without a day last.
 * `today` as `2026-12-01`.
 */
export function actionItemRows(records: readonly IncidentRecord[], today: string): readonly ActionItemRow[] {
  return records
    .filter(({ drill }) => !drill)
    .flatMap((record) => (record.actions ?? []).map((action) => ({ record, action })))
    .filter(({ action }) => !action.done)
    .sort(
      (a, b) => compare(a.action.due ?? '9999', b.action.due ?? '9999') || compare(b.record.id, a.record.id),
    )
    .map(({ record, action }) => {
      const isLate = isOverdue({ done: action.done, due: action.due }, today);
      return {
        label: oneLine(action.text, 100),
        description: [action.owner ?? 'nobody yet', dayText(action, today), action.issue]
          .filter((part) => part !== undefined)
          .join('  '),
        detail: oneLine(
          [record.number, record.severity, record.title].filter(Boolean).join(' ') +
            (record.imported === undefined ? '' : ', imported'),
          120,
        ),
        icon: isLate ? 'warning' : 'circle-large-outline',
        incident: record.id,
        text: action.text,
        isOverdue: isLate,
        isImported: record.imported !== undefined,
      };
    });
}

function dayText({ due }: ActionRecord, today: string): string {
  if (due === undefined) return 'no day';
  const days = Math.round((Date.parse(today) - Date.parse(due)) / dayMs);
  return days > 0 ? `due ${due}, ${days} ${days === 1 ? 'day' : 'days'} overdue` : `due ${due}`;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** What stands above the list. */
export function actionItemsTitle(rows: readonly ActionItemRow[], unknown: number): string {
  const late = rows.filter((row) => row.isOverdue).length;
  const parts = [`Action Items: ${rows.length} open`, ...(late > 0 ? [`${late} overdue`] : [])].join(', ');
  return unknown > 0
    ? `${parts}. Of ${unknown} resolved ${unknown === 1 ? 'incident' : 'incidents'} none are known`
    : parts;
}
