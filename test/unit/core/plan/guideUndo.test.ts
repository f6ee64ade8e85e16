import assert from 'node:assert/strict';
import * as v from 'valibot';
import { undoOfGuide } from '../../../../src/core/plan/guideUndo.ts';
import { planUndo } from '../../../../src/core/plan/planUndo.ts';
import type { Undo } from '../../../../src/core/plan/undo.ts';
import { madeChangeSchema } from '../../../../src/journal/undoSchema.ts';
import { step } from '../../../support/builders.ts';

const target = { context: 'production', namespace: 'shop' };
const drain = step('drain', {
  command: 'queue drain <queue>',
  attributes: { 'ir.undo': 'queue fill <queue>', cwd: 'tools', 'ir.risk': 'destructive' },
});
const undoOf = (values: Readonly<Record<string, string>>, from = drain): Undo => {
  const undo = undoOfGuide(from, values, target);
  assert.ok(undo);
  return undo;
};

describe('ir.undo', () => {
  it('is kept with the values of the run and without its command', () => {
    const undo = undoOf({ queue: 'payments', pod: 'a-1' });
    assert.deepEqual(undo.act, { kind: 'guide', step: 'drain', values: { queue: 'payments' } });
    assert.deepEqual(
      [undo.title, undo.preview],
      ['As the guide says: queue fill payments', 'queue fill payments'],
    );
    assert.deepEqual(undo.target, target);
  });

  it('is planned from the guide, on the target and with the values of the run, and is asked about', () => {
    const plan = planUndo(undoOf({ queue: 'payments' }), 'drain', () => drain);
    assert.ok(plan.kind === 'shell');
    assert.deepEqual(
      [plan.script, plan.cwd, plan.target, plan.stepId],
      ['queue fill payments', 'tools', target, 'drain'],
    );
    assert.equal(plan.risk, 'change');
    const scaled = step('s', { attributes: { 'ir.undo': 'kubectl scale deployment pay --replicas=3' } });
    const native = planUndo(undoOf({}, scaled), 's', () => scaled);
    assert.ok(native.kind === 'kubernetes');
    assert.equal(native.target.context, 'production');
  });

  it('is never a read, and as destructive as it is', () => {
    const risk = (command: string) => {
      const from = step('s', { attributes: { 'ir.undo': command } });
      return planUndo(undoOf({}, from), 's', () => from).risk;
    };
    assert.equal(risk('kubectl get pods'), 'change');
    assert.equal(risk('kubectl delete pod a-1'), 'destructive');
  });

  it('quotes values that a journal brings, and takes no command from one', () => {
    const forged = undoOf({ queue: 'a; touch /tmp/x' });
    const plan = planUndo({ ...forged, preview: 'touch /tmp/y' }, 'drain', () => drain);
    assert.ok(plan.kind === 'shell');
    assert.equal(plan.script, "queue fill 'a; touch /tmp/x'");
  });

  it('runs nothing once the guide says nothing of it any more', () => {
    for (const found of [undefined, step('drain', { command: 'queue drain x' })]) {
      const plan = planUndo(undoOf({ queue: 'payments' }), 'drain', () => found);
      assert.equal(plan.kind, 'manual');
      assert.ok(plan.traps.some(({ blocks, message }) => blocks && message.endsWith('queue fill payments')));
    }
  });

  it('waits for a value that nobody gave', () => {
    assert.deepEqual(
      planUndo(undoOf({}), 'drain', () => drain).missing.map(({ name }) => name),
      ['queue'],
    );
  });

  it('is none where the guide writes none, and survives the journal', () => {
    assert.equal(undoOfGuide(step('s', { attributes: { 'ir.undo': ' ' } }), {}, target), undefined);
    const undo = undoOf({ queue: 'payments' });
    const made = { changes: ['ran queue drain payments'], undo };
    assert.deepEqual(v.parse(madeChangeSchema, JSON.parse(JSON.stringify(made))), made);
  });
});
