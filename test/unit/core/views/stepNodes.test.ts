import assert from 'node:assert/strict';
import { createJudge } from '../../../../src/core/judge/judgeStep.ts';
import { stepNodes } from '../../../../src/core/views/stepNodes.ts';
import type { Incident } from '../../../../src/core/incident/incident.ts';
import { declared, fact, incidentOf, step } from '../../../support/builders.ts';
import { incidentAfter, podTable, refused } from '../judge/judging.ts';

describe('steps with a condition in the tree', () => {
  const look = step('look', { command: 'kubectl get pods -n production' });
  const crash = step('crash', {
    number: 2,
    text: 'If pods in CrashLoopBackOff',
    condition: 'If pods in CrashLoopBackOff',
    command: 'kubectl logs <pod>',
  });
  const pending = step('pending', {
    number: 3,
    text: 'Call the platform team',
    condition: 'If pods pending',
    command: undefined,
  });
  const byRule = step('rule', { number: 4, attributes: { 'ir.when': 'pods.total > 5' } });
  const nodes = (incident: Incident) =>
    stepNodes('x', incident, [look, crash, pending, byRule], createJudge(incident));
  const words = (incident: Incident) => nodes(incident).map(({ description }) => description ?? '');

  it('say whether they apply in words, on the row and to a screen reader', () => {
    const incident = incidentAfter([look, podTable('CrashLoopBackOff', 'Running')]);
    assert.deepEqual(words(incident).slice(1), [
      'applies',
      'does not apply, by hand, If pods pending',
      'does not apply',
    ]);
    assert.equal(nodes(incident)[1]?.accessibleLabel, '2. If pods in CrashLoopBackOff, applies');
    assert.deepEqual(
      nodes(incident).map(({ icon }) => icon),
      ['pass', 'arrow-circle-right', 'circle-slash', 'circle-slash'],
    );
  });

  it('have the evidence in the tooltip', () => {
    const [, found, not, rule] = nodes(incidentAfter([look, podTable('CrashLoopBackOff', 'Running')]));
    assert.match(
      found?.tooltip ?? '',
      /^If pods in CrashLoopBackOff\nApplies: 1 of 2 pods is in CrashLoopBackOff \(step 1, \d\d:\d\d UTC\)\nkubectl logs <pod>$/,
    );
    assert.match(not?.tooltip ?? '', /^If pods pending\nDoes not apply: none of 2 pods is in Pending/);
    assert.match(rule?.tooltip ?? '', /^When pods\.total > 5\nDoes not apply: 2 of 2 pods are total/);
  });

  it('cannot tell before anything looked, nor after a look that failed, and are never green for it', () => {
    for (const incident of [incidentOf(declared()), incidentAfter([look, '', refused])]) {
      assert.equal(words(incident)[1], 'cannot tell, you decide');
      assert.equal(nodes(incident)[1]?.icon, 'circle-outline');
      assert.match(nodes(incident)[1]?.tooltip ?? '', /\nCannot tell, you decide: /);
    }
  });

  it('say how they ended once they were done, the condition staying in the tooltip', () => {
    const skip = fact('StepSkipped', { step: 'crash', sequence: 'x', text: 'x', reason: 'not ours' });
    const incident = incidentOf(declared(), skip);
    assert.equal(words(incident)[1], 'skipped: not ours');
    assert.match(nodes(incident)[1]?.tooltip ?? '', /Cannot tell, you decide/);
  });
});
