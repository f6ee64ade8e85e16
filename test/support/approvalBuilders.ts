import { createHash } from 'node:crypto';
import { noPolicy } from '../../src/core/approvals/policy.ts';
import type { EventData, Fact } from '../../src/core/incident/events.ts';
import type { ApprovalDeps } from '../../src/core/run/seekApproval.ts';
import { after, fact } from './builders.ts';

/** Nobody has to agree to anything; who asks all the same is told no. */
export const noApprovals: ApprovalDeps = {
  policy: () => noPolicy,
  newId: () => 'request-1',
  hash: (text) => text.length.toString(16).padStart(64, '0'),
  seal: (text, salt) =>
    Promise.resolve(
      createHash('sha256')
        .update(salt + text)
        .digest('hex'),
    ),
  userName: () => 'Ana',
  ask: () => Promise.resolve({ kind: 'cancel' }),
  asked: () => undefined,
};

export const approvalAsked = (data: Partial<EventData['ApprovalRequested']> = {}): Fact =>
  fact('ApprovalRequested', {
    request: 'request-1',
    step: 'delete-pods',
    sequence: 'mitigate',
    text: 'Delete the pods',
    kind: 'kubernetes',
    command: 'kubectl --context sim delete pods --all -n production',
    written: 'kubectl --context sim delete pods --all -n production',
    target: { context: 'sim', namespace: 'production' },
    risk: 'destructive',
    plan: 'a'.repeat(64),
    needs: [{ people: 1 }],
    self: true,
    expiresAt: after(60),
    ...data,
  });

export const approvalGiven = (data: Partial<EventData['ApprovalGiven']> = {}): Fact =>
  fact('ApprovalGiven', { request: 'request-1', who: 'Ben', how: 'reaction', ...data });

export const approvalRefused = (data: Partial<EventData['ApprovalRefused']> = {}): Fact =>
  fact('ApprovalRefused', { request: 'request-1', who: 'Ben', how: 'reaction', ...data });
