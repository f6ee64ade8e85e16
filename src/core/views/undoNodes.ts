import type { Incident, RecordedChange } from '../incident/incident.ts';
import { undoableChanges } from '../incident/undoable.ts';
import { utcTime } from '../incident/instants.ts';
import { oneLine } from './oneLine.ts';
import { shortChange } from './shortChange.ts';
import { command, createNode, type TreeNode } from './treeNode.ts';

/** What the incident's runs changed, the newest first, with what can be taken back, what was, and what cannot be. */
export function undoNodes(incident: Incident): readonly TreeNode[] {
  if (incident.changes.length === 0) return [];
  const id = `${incident.id}/changes`;
  const open = undoableChanges(incident).length;
  const undone = incident.changes.filter((change) => change.undone !== undefined).length;
  const description = [
    `${incident.changes.length} made`,
    ...(open > 0 ? [`${open} can be undone`] : []),
    ...(undone > 0 ? [`${undone} undone`] : []),
  ].join(', ');
  const rows = [...incident.changes].reverse().map((change) => changeNode(id, change, incident));
  return [createNode(id, 'changes', { label: 'Changes', description, icon: 'discard' }, rows)];
}

function changeNode(id: string, change: RecordedChange, incident: Incident): TreeNode {
  const { undo, undone, changes, debt } = change;
  const text = changes.join(', ') || 'a change';
  const made = `made by ${change.by} at ${utcTime(change.at)} UTC`;
  const canUndo = undo !== undefined && undone === undefined && incident.status === 'active';
  const how = undone
    ? `undone by ${undone.by} at ${utcTime(undone.at)} UTC`
    : undo === undefined
      ? 'cannot be undone here'
      : 'can be undone';
  const why = undone
    ? undefined
    : undo === undefined
      ? 'No undo was recorded: what was there before is not kept, or cannot be put back.'
      : incident.status === 'active'
        ? `Undo: ${undo.title}\n${undo.preview}`
        : 'The incident is resolved: reopen it to undo this.';
  return createNode(`${id}/${change.id}`, canUndo ? 'event.undoable' : undone ? 'change.undone' : 'change', {
    // What comes first is what a narrow sidebar shows; the tooltip has it whole.
    label: oneLine(changes.map(shortChange).join(', ') || text, 160),
    description: [how, ...(debt === undefined || undone ? [] : [oneLine(debt)]), made].join(', '),
    tooltip: [
      text,
      made,
      how,
      ...(debt === undefined ? [] : [debt]),
      ...(why === undefined ? [] : [why]),
    ].join('\n'),
    ...(undone
      ? { icon: 'pass', color: 'testing.iconPassed' }
      : debt !== undefined
        ? { icon: 'warning', color: 'list.warningForeground' }
        : { icon: canUndo ? 'discard' : 'edit' }),
    command: command('incident.openOutput', change.run),
    subject: [change.id],
  });
}
