import { approvalState, waitingApprovals, type Approval } from '../approvals/approval.ts';
import type { Incident } from '../incident/incident.ts';
import { renderApproval } from './approvalTexts.ts';
import { oneLine } from './oneLine.ts';
import { command, createNode, type TreeNode } from './treeNode.ts';

const icons = {
  waiting: { icon: 'bell-dot', color: 'list.warningForeground' },
  approved: { icon: 'verified', color: 'testing.iconPassed' },
  refused: { icon: 'circle-slash', color: 'testing.iconFailed' },
  expired: { icon: 'history' },
  used: { icon: 'pass', color: 'testing.iconPassed' },
} as const;

/** What others were asked to agree to, newest first; nothing where nobody was asked. What waits says so in the row. */
export function approvalNodes(incident: Incident, now: string): readonly TreeNode[] {
  if (incident.approvals.length === 0) return [];
  const id = `${incident.id}/approvals`;
  const waiting = waitingApprovals(incident, now).length;
  const rows = [...incident.approvals].reverse().map((approval) => approvalNode(id, approval, now));
  const description =
    waiting > 0
      ? `${waiting} ${waiting === 1 ? 'waits' : 'wait'} for an answer`
      : `${incident.approvals.length} asked for`;
  return [
    createNode(
      id,
      'approvals',
      {
        label: 'Approvals',
        description,
        icon: 'shield',
        ...(waiting > 0 ? { color: 'list.warningForeground', expanded: 'expanded' as const } : {}),
      },
      rows,
    ),
  ];
}

function approvalNode(id: string, approval: Approval, now: string): TreeNode {
  const state = approvalState(approval, now);
  return createNode(`${id}/${approval.request}`, `approval.${state}`, {
    label: oneLine(approval.text),
    description: renderApproval(approval, now),
    tooltip: `${approval.command}\n${renderApproval(approval, now)}`,
    ...icons[state],
    command: command('incident.lookAtApproval', approval.request),
    subject: [approval.request],
  });
}
