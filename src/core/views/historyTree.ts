import { formatDuration } from '../incident/durations.ts';
import { utcDate, utcDateTime } from '../incident/instants.ts';
import { oneLine } from './oneLine.ts';
import { command, createNode, withUniqueIds } from './treeNode.ts';
import type { TreeNode } from './treeNode.ts';

/** What History shows of an incident without folding its journal again. Times UTC ISO 8601. */
export interface IncidentSummary {
  readonly id: string;
  readonly number: string;
  readonly title: string;
  readonly severity: string;
  readonly service: string | undefined;
  readonly status: 'active' | 'resolved';
  readonly declaredAt: string;
  readonly resolvedAt: string | undefined;
  /** From the declare to the resolution; undefined while active. */
  readonly durationMs: number | undefined;
  /** What a resolved incident did with runbooks, as `JSON.stringify(useOf(incident))`: read when health is asked for. */
  readonly runbookUse?: string;
  /** Of each action of its post-mortem that is open: its day, `2026-12-01`, or nothing where it has none. */
  readonly openActions?: readonly string[];
}

export interface HistoryContext {
  /** UTC ISO 8601. */
  readonly now: string;
  /** The day of each open action, as a summary has them: of all incidents and imported post-mortems. */
  readonly openActions: readonly string[];
  /** How many post-mortems were imported. */
  readonly imported: number;
}

/** What History shows of the post-mortems that were imported. */
export interface ImportedSummary {
  readonly count: number;
  /** Of each action that is open, as a summary has them. */
  readonly openActions: readonly string[];
}

/**
 * The actions that are open, then past and present incidents, newest first, by month, the newest month open; then the
 * imported post-mortems.
 */
export function historyNodes(
  summaries: readonly IncidentSummary[],
  { now, openActions, imported }: HistoryContext,
): readonly TreeNode[] {
  const sorted = [...summaries].sort((a, b) =>
    a.declaredAt < b.declaredAt ? 1 : a.declaredAt > b.declaredAt ? -1 : 0,
  );
  const months = new Map<string, IncidentSummary[]>();
  for (const summary of sorted) {
    const month = utcDate(summary.declaredAt).slice(0, 7);
    const list = months.get(month);
    if (list) list.push(summary);
    else months.set(month, [summary]);
  }
  const nodes = [...months].map(([month, list], index) =>
    createNode(
      `month/${month}`,
      'month',
      {
        label: month,
        description: String(list.length),
        icon: 'calendar',
        expanded: index === 0 ? 'expanded' : 'collapsed',
      },
      list.map(summaryNode),
    ),
  );
  const byHand = createNode('imported', 'history.imported', {
    label: 'Imported post-mortems',
    description: String(imported),
    icon: 'book',
    command: command('incident.searchHistory', 'is:imported '),
  });
  return withUniqueIds([
    ...actionNodes(openActions, utcDate(now)),
    ...nodes,
    ...(imported === 0 ? [] : [byHand]),
  ]);
}

/** One row for all of them; none where nothing is open. */
function actionNodes(days: readonly string[], today: string): readonly TreeNode[] {
  if (days.length === 0) return [];
  const late = days.filter((day) => day !== '' && day < today).length;
  return [
    createNode('actions', 'history.actions', {
      label: 'Action items',
      description: late === 0 ? `${days.length} open` : `${late} overdue of ${days.length} open`,
      ...(late === 0 ? { icon: 'checklist' } : { icon: 'warning', color: 'list.warningForeground' }),
      command: command('incident.showActionItems'),
    }),
  ];
}

function summaryNode(summary: IncidentSummary): TreeNode {
  const { id, number, title, severity, service, status, declaredAt, durationMs } = summary;
  const isActive = status === 'active';
  const length = isActive ? 'active' : durationMs === undefined ? 'resolved' : formatDuration(durationMs);
  return createNode(id, isActive ? 'history.active' : 'history.resolved', {
    label: oneLine(`${severity} ${title}`),
    description: [number, length, service].filter(Boolean).join('  '),
    tooltip: `${severity} ${title}\nDeclared ${utcDateTime(declaredAt)}\nClick to read it; nothing is run or written there`,
    ...(isActive ? { icon: 'flame', color: 'charts.red' } : { icon: 'pass', color: 'testing.iconPassed' }),
    command: command('incident.openPastIncident', id),
    subject: [id],
  });
}
