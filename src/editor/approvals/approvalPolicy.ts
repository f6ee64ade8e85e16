import * as vscode from 'vscode';
import { parsePolicy, type ApprovalPolicy } from '../../core/approvals/policy.ts';

/** The approvals that the settings want: of the person's and the workspace's the strictest, for a floor is only raised. */
export function readApprovalPolicy(): ApprovalPolicy {
  const settings = vscode.workspace.getConfiguration('incident.approvals');
  const floor = settings.inspect<unknown>('floor');
  const self = settings.inspect<unknown>('self');
  const levels = (['globalValue', 'workspaceValue', 'workspaceFolderValue'] as const).map((level) => ({
    floor: floor?.[level],
    self: self?.[level],
  }));
  // What an organisation's policy or a remote sets is in the present value alone.
  return parsePolicy(
    [...levels, { floor: settings.get('floor'), self: settings.get('self') }],
    settings.get('minutes'),
  );
}
