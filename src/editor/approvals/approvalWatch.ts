import * as vscode from 'vscode';
import { waitingApprovals } from '../../core/approvals/approval.ts';
import type { Incident } from '../../core/incident/incident.ts';
import { sameWords } from '../../core/people/sameWords.ts';
import { askSentence } from '../../core/views/approvalTexts.ts';
import type { CommandDeps } from '../commands/commandDeps.ts';

type Needs = Pick<CommandDeps, 'session' | 'incidents' | 'now' | 'userName'>;

/**
 * Tells once what somebody else asks to be approved, in every window of the journal but the one that asked, and tells
 * the one who asked what came of it.
 */
export function registerApprovalWatch({ session, incidents, now, userName }: Needs): vscode.Disposable {
  const told = new Set<string>();
  const mine = new Map<string, number>();
  const look = (): void => {
    for (const incident of incidents.active()) {
      for (const approval of waitingApprovals(incident, now())) {
        if (told.has(approval.request)) continue;
        told.add(approval.request);
        if (sameWords(approval.by, userName())) continue;
        void offer(`${incident.number}: ${askSentence(approval)}`, approval.request);
      }
      tellAnswers(incident);
    }
  };
  /** Only of what this window has seen waiting: an old answer is no news. */
  const tellAnswers = (incident: Incident): void => {
    for (const approval of incident.approvals) {
      const { request, by, given, refused, text, usedBy } = approval;
      const answers = given.length + (refused ? 1 : 0);
      const before = mine.get(request);
      mine.set(request, answers);
      if (before === undefined || before === answers || usedBy !== undefined) continue;
      if (!sameWords(by, userName())) continue;
      const last = given.at(-1);
      if (refused)
        void vscode.window.showWarningMessage(
          `${refused.who} refused: ${text}${refused.reason ? `. ${refused.reason}` : ''}`,
        );
      else if (last && last.how !== 'self')
        void vscode.window.showInformationMessage(`${last.who} approved: ${text}`);
    }
  };
  const subscriptions = [session.onDidChange(look)];
  return new vscode.Disposable(() => {
    for (const subscription of subscriptions) subscription.dispose();
  });
}

async function offer(sentence: string, request: string): Promise<void> {
  const commands = {
    'Approve…': 'incident.approve',
    'Refuse…': 'incident.refuseApproval',
    Look: 'incident.lookAtApproval',
  } as const;
  type Answer = keyof typeof commands;
  const answer = await vscode.window.showWarningMessage(sentence, ...(Object.keys(commands) as Answer[]));
  if (answer) await vscode.commands.executeCommand(commands[answer], request);
}
