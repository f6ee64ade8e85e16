import assert from 'node:assert/strict';
import { parsePolicy } from '../../../../src/core/approvals/policy.ts';
import { cardApproval } from '../../../../src/core/views/cardApproval.ts';
import type { RunbookPageInput } from '../../../../src/core/views/runbookPageState.ts';
import { approvalAsked, approvalGiven } from '../../../support/approvalBuilders.ts';
import { after, declared, incidentOf, step } from '../../../support/builders.ts';
import { planOfScript } from '../../../support/shellBuilders.ts';

describe('the approval on a card', () => {
  const command = './failover.sh';
  const plan = planOfScript(command, { risk: 'destructive', interpreter: 'bash', folder: 'tools' });
  const incident = incidentOf(
    declared(),
    approvalAsked({
      step: 'fail-over',
      kind: 'shell',
      command,
      written: command,
      target: plan.target,
      folder: 'tools',
      interpreter: 'bash',
    }),
    approvalGiven(),
  );
  const policy = parsePolicy([{ floor: { destructive: 'second person' } }], 30);
  const shown = (one: typeof plan) =>
    cardApproval({ step: step('fail-over', { command }), plan: one }, {
      incident,
      approvals: { policy, now: after(5), userName: 'Ana' },
    } as unknown as RunbookPageInput);

  it('stands as it was given', () => assert.equal(shown(plan)?.state, 'approved'));

  it('is wanted anew once the guide has another folder or interpreter for the same command', () => {
    for (const edited of [
      { ...plan, folder: 'other' },
      { ...plan, interpreter: 'node' },
    ])
      assert.equal(shown(edited)?.state, 'wanted');
  });
});
