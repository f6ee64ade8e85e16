import * as vscode from 'vscode';
import { messageOf } from '../../core/errors.ts';
import { recordOfIncident, type IncidentRecord } from '../../core/history/incidentRecord.ts';
import { recurrenceDays, recurrenceOf } from '../../core/history/recurrence.ts';
import { deadlinesFor } from '../../core/incident/progress.ts';
import type { CommandDeps } from '../commands/commandDeps.ts';
import type { OnIncident } from '../commands/onIncident.ts';
import { loadWithProgress } from '../views/incidentHistory.ts';

/**
 * Where the guide has a deadline for recurring incidents: looks whether this is one, and records what it recurs of, so
 * that the deadline holds and says why. Gives the incident as it is then; unchanged where nothing was found or somebody
 * stopped the look.
 */
export async function lookForRecurrence(
  { history, incidents }: Pick<CommandDeps, 'history' | 'incidents'>,
  at: OnIncident,
): Promise<OnIncident> {
  const { incident, guide } = at;
  if (incident.drill || !guide || !deadlinesFor(incident, guide).some(({ recurring }) => recurring))
    return at;
  const found = recurrenceOf(recordOfIncident(incident), await otherRecords(history));
  if (!found) return at;
  const { count, earlier } = found;
  const recorded = await incidents.handle(incident.id, {
    type: 'RecordRecurrence',
    data: { windowDays: recurrenceDays, count, earlier },
  });
  return recorded.ok ? { ...at, incident: recorded.value } : at;
}

async function otherRecords(history: CommandDeps['history']): Promise<readonly IncidentRecord[]> {
  try {
    const loaded = await loadWithProgress('Looking whether it recurs', history.load);
    return loaded?.records.filter(({ drill }) => !drill) ?? [];
  } catch (thrown) {
    void vscode.window.showWarningMessage(
      `Whether this incident recurs could not be looked at: earlier ones cannot be read (${messageOf(thrown)}). Nothing was lost; its deadline stands in the tree as “if it recurs”.`,
    );
    return [];
  }
}
