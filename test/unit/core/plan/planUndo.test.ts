import assert from 'node:assert/strict';
import type { RestoredField } from '../../../../src/core/plan/kubectl/kubernetesAction.ts';
import { planUndo } from '../../../../src/core/plan/planUndo.ts';
import type { Target } from '../../../../src/core/plan/plan.ts';
import type { Undo, UndoAct } from '../../../../src/core/plan/undo.ts';

/** An undo as a file may have it: what it says of itself is not what it does. */
const recorded = (act: UndoAct, target: Target): Undo => ({
  title: 'Scale deployment/a back from 10 to 3',
  preview: 'kubectl scale deployment a --replicas=3',
  target,
  act,
});
const cluster: Target = { context: 'prod', namespace: 'production' };
const restore = (fields: readonly RestoredField[], subresource?: 'scale'): UndoAct => ({
  kind: 'kubernetes',
  action: {
    verb: 'restore',
    resource: { kind: 'deployment', name: 'a' },
    ...(subresource === undefined ? {} : { subresource }),
    fields,
  },
});
const rollback = (prune: boolean): UndoAct => ({
  kind: 'argocd',
  action: { verb: 'rollback', app: 'storefront', id: 1, prune, autoSyncOff: false },
});
const failover: UndoAct = {
  kind: 'rds',
  action: { operation: 'failover-db-cluster', cluster: 'orders', targetInstance: 'orders-1' },
};

describe('the plan of an undo', () => {
  it('shows the command of what it does and where, whatever the journal says of it', () => {
    const shown = (act: UndoAct, target: Target) => planUndo(recorded(act, target), 'step-1').preview;
    assert.equal(
      shown(
        restore([
          { pointer: '/spec/x', before: '"old"', after: '1' },
          { pointer: '/spec/y', before: undefined, after: '2' },
        ]),
        cluster,
      ),
      `kubectl patch deployment a -n production --context prod --type=json --patch '[{"op":"test","path":"/spec/x","value":1},{"op":"test","path":"/spec/y","value":2},{"op":"replace","path":"/spec/x","value":"old"},{"op":"remove","path":"/spec/y"}]'`,
    );
    assert.equal(
      shown(restore([{ pointer: '/spec/replicas', before: '5', after: '9' }], 'scale'), cluster),
      'kubectl scale deployment a -n production --context prod --replicas=5 --current-replicas=9',
    );
    assert.match(
      shown(rollback(true), { argoCdServer: 'https://argocd.test' }),
      /^argocd app rollback storefront 1 --prune --server argocd\.test/,
    );
    assert.equal(
      shown(failover, { awsProfile: 'prod', awsRegion: 'eu-west-1' }),
      'aws rds failover-db-cluster --db-cluster-identifier orders --target-db-instance-identifier orders-1 --profile prod --region eu-west-1',
    );
  });

  it('is as dangerous as what it does, and never a read', () => {
    const risk = (act: UndoAct) => planUndo(recorded(act, cluster), 'step-1').risk;
    assert.equal(risk(restore([{ pointer: '/spec/replicas', before: '3', after: '9' }])), 'change');
    assert.equal(risk(restore([{ pointer: '/spec/replicas', before: '0', after: '9' }])), 'destructive');
    assert.equal(risk(rollback(false)), 'change');
    assert.equal(risk(rollback(true)), 'destructive');
    assert.equal(risk(failover), 'change');
  });

  it('is blocked where it would take this machine’s own AWS account or region, or no namespace', () => {
    const blocks = (act: UndoAct, target: Target) =>
      planUndo(recorded(act, target), 'step-1')
        .traps.filter((trap) => trap.blocks)
        .map(({ code }) => code);
    assert.deepEqual(blocks(failover, {}), ['no-aws-target']);
    assert.deepEqual(blocks(failover, { awsProfile: 'prod' }), ['no-aws-target']);
    assert.deepEqual(blocks(failover, { awsProfile: 'prod', awsRegion: 'eu-west-1' }), []);
    assert.deepEqual(blocks(rollback(false), {}), ['no-argocd']);
    assert.deepEqual(blocks(rollback(false), { argoCdServer: 'https://argocd.test' }), []);
    assert.deepEqual(blocks(restore([]), { context: 'prod' }), ['no-namespace']);
    assert.deepEqual(blocks(restore([]), cluster), []);
  });
});
