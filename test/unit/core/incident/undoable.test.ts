import assert from 'node:assert/strict';
import { stepState, isStepSettled } from '../../../../src/core/incident/progress.ts';
import { findUndo, openDebts, undoableChanges } from '../../../../src/core/incident/undoable.ts';
import { planUndo } from '../../../../src/core/plan/planUndo.ts';
import { incidentNodes } from '../../../../src/core/views/incidentTree.ts';
import { timelineRows } from '../../../../src/core/views/timeline.ts';
import type { TreeNode } from '../../../../src/core/views/treeNode.ts';
import { after, changeMade, declared, incidentOf, runEnded, runStarted } from '../../../support/builders.ts';

const scale = runStarted({ step: 'scale', text: 'Scale out', risk: 'change' });
const changed = [declared(), scale, changeMade(), runEnded()] as const;
const undo = (outcome: Parameters<typeof runEnded>[0]) => [
  runStarted({ run: 'run-2', step: 'scale', text: 'Scale back', risk: 'change', undoes: 'event-00003' }),
  runEnded({ run: 'run-2', ...outcome }),
];

describe('a change that can be taken back', () => {
  it('is known the moment it was accepted, however its run ends', () => {
    const incident = incidentOf(declared(), scale, changeMade());
    assert.deepEqual(
      undoableChanges(incident).map(({ id, by }) => [id, by]),
      [['event-00003', 'Ana']],
    );
  });

  it('is planned as the recorded act on the target of the change, always asked about', () => {
    const found = findUndo(incidentOf(...changed), 'event-00003');
    assert.ok(found.ok);
    const plan = planUndo(found.value.undo, found.value.run.step);
    assert.ok(plan.kind === 'kubernetes' && plan.action.verb === 'restore');
    assert.deepEqual(
      [plan.stepId, plan.risk, plan.target, plan.preview],
      [
        'scale',
        'change',
        { context: 'sim', namespace: 'production' },
        'kubectl scale deployment payment-service -n production --context sim --replicas=3 --current-replicas=10',
      ],
    );
  });

  it('is no longer one once its undo succeeded, and says who did it', () => {
    const incident = incidentOf(...changed, ...undo({ outcome: { kind: 'succeeded' } }));
    assert.deepEqual(undoableChanges(incident), []);
    assert.equal(incident.changes[0]?.undone?.at, after(5));
    const again = findUndo(incident, 'event-00003');
    assert.ok(!again.ok && again.failure.code === 'conflict');
    assert.match(again.failure.message, /Ana took this back at 10:35 UTC already/);
  });

  it('stays one when its undo failed', () => {
    const incident = incidentOf(...changed, ...undo({ outcome: { kind: 'failed', message: 'refused' } }));
    assert.equal(undoableChanges(incident).length, 1);
  });

  it('is refused by name when there is none, or no undo', () => {
    const bare = incidentOf(declared(), scale, changeMade({ undo: undefined as never }));
    const codes = [findUndo(bare, 'event-00003'), findUndo(bare, 'nothing')].map((result) =>
      result.ok ? 'ok' : result.failure.code,
    );
    assert.deepEqual(codes, ['invalid', 'not-found']);
  });

  it('belongs to a run: one of a run nobody knows changes nothing', () => {
    assert.deepEqual(incidentOf(declared(), changeMade({ run: 'other' })).changes, []);
  });

  it('leaves the step as its own run left it, and shows it as running while it is taken back', () => {
    const [start, end] = undo({ outcome: { kind: 'failed', message: 'refused' } });
    const running = incidentOf(...changed, start!);
    assert.equal(stepState(running, 'scale'), 'running');
    const ended = incidentOf(...changed, start!, end!);
    assert.equal(stepState(ended, 'scale'), 'succeeded');
    const only = incidentOf(declared(), ...undo({ outcome: { kind: 'succeeded' } }));
    assert.equal(isStepSettled(only, 'scale'), false);
  });
});

describe('an open end of an incident', () => {
  const debt = changeMade({
    changes: ['app/storefront automated sync on → off'],
    debt: 'auto-sync is off for storefront',
  });
  const all = (nodes: readonly TreeNode[]): readonly TreeNode[] =>
    nodes.flatMap((node) => [node, ...all(node.children)]);

  it('is on top of the tree, and a click asks for its undo', () => {
    const incident = incidentOf(declared(), scale, debt, runEnded());
    const node = all(incidentNodes(incident, undefined, after(9))).find(
      ({ contextValue }) => contextValue === 'debt',
    );
    assert.equal(node?.label, 'auto-sync is off for storefront');
    assert.deepEqual(node.command, { id: 'incident.undoChange', args: ['event-00003'] });
  });

  it('is gone when it was settled', () => {
    const incident = incidentOf(
      declared(),
      scale,
      debt,
      runEnded(),
      ...undo({ outcome: { kind: 'succeeded' } }),
    );
    assert.deepEqual(openDebts(incident), []);
    assert.ok(
      !all(incidentNodes(incident, undefined, after(9))).some(({ contextValue }) => contextValue === 'debt'),
    );
  });

  it('stands in the timeline as a row that offers the undo, and as what was taken back', () => {
    const incident = incidentOf(...changed, ...undo({ outcome: { kind: 'failed', message: 'no' } }));
    const rows = timelineRows(incident);
    assert.deepEqual(
      rows.filter(({ undoable }) => undoable).map(({ text }) => text),
      ['Changed deployment/payment-service spec.replicas 3 → 10'],
    );
    assert.ok(rows.some(({ text }) => text.startsWith('Took back Scale back')));
  });
});
