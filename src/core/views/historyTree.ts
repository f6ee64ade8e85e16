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
}

/** Past and present incidents, newest first, by month, the newest month open; then how many post-mortems were imported. */
export function historyNodes(summaries: readonly IncidentSummary[], imported = 0): readonly TreeNode[] {
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
  return withUniqueIds(imported === 0 ? nodes : [...nodes, byHand]);
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
