import assert from 'node:assert/strict';
import { planStep } from '../../../../src/core/plan/planStep.ts';
import { describePlan, renderPlanText } from '../../../../src/core/views/planText.ts';
import { fenced } from '../guide/parsed.ts';

const text = (info: string, lines: readonly string[], target = {}): string => {
  const [step] = fenced(info, ...lines);
  assert.ok(step);
  return renderPlanText(
    describePlan(step, planStep(step, { target, values: {}, readOnlyPrefixes: [] }), 'whole'),
  );
};

describe('a plan in words', () => {
  it('says how a step runs, where, how dangerous it is and what is missing', () => {
    assert.equal(
      text('bash', ['# 2. If pods crash', 'kubectl logs <pod> -n shop --previous'], { context: 'prod' }),
      [
        'If pods crash',
        '',
        'kubectl logs <pod> -n shop --context prod --previous',
        '',
        'Runs       by the Kubernetes API, without a shell',
        'Where      context prod, namespace shop',
        'Risk       read: it runs at once',
        'Condition  If pods crash',
        'Missing    <pod>: pod',
        'Undo       nothing to undo',
        'Timeout    after 1 min',
        '',
      ].join('\n'),
    );
  });

  it('says why it needs a shell, the guide’s own undo and timeout, and each trap', () => {
    const shown = text('bash { ir.undo="make up" ir.timeout=none }', ['make down && argocd app rollback x']);
    assert.match(
      shown,
      /^Runs {5}in your shell \(bash\)\. Runs in your own shell, because it joins commands with &&\.$/m,
    );
    assert.match(shown, /^Undo {5}as the guide says: make up$/m);
    assert.match(shown, /^Timeout {2}none: until it is stopped$/m);
    assert.match(shown, /^Traps {4}Argo CD refuses a rollback/m);
    assert.match(shown, /^Where {4}nowhere yet/m);
  });

  it('promises nothing of what a person does', () => {
    assert.match(
      text('bash', ['# Look at the board']),
      /^Look at the board\n\nRuns {5}by hand: a person does it\nRisk {5}none: nothing runs\n/,
    );
  });
});
