import * as vscode from 'vscode';
import { planApproval } from '../../core/deliveries/planApproval.ts';
import { renderApprovalAsk } from '../../core/views/approvalQuestions.ts';
import type { ApprovalAnswer, ApprovalAsk } from '../../core/run/seekApproval.ts';
import { askText } from './ask.ts';

const ask = 'Ask';
const alone = 'Approve Alone…';

/** Says that somebody else has to agree, and what they will be shown; Esc asks nobody. */
export async function askApproval(wanted: ApprovalAsk, who: string): Promise<ApprovalAnswer> {
  const { title, detail } = renderApprovalAsk(wanted, planApproval(wanted.incident, who, wanted.wanted));
  const answer = await vscode.window.showWarningMessage(
    title,
    { modal: true, detail },
    ...(wanted.waiting ? [] : [ask]),
    ...(wanted.wanted.self ? [alone] : []),
  );
  if (answer === ask) return { kind: 'ask' };
  if (answer !== alone) return { kind: 'cancel' };
  const reason = await askText({
    title: 'Approve Without a Second Person',
    prompt: 'Why is nobody else asked? It is written into the journal with your name. Esc: nothing happens.',
    validate: (text) => (text === '' ? 'Type a reason, or press Esc.' : undefined),
  });
  return reason ? { kind: 'self', reason } : { kind: 'cancel' };
}
