import assert from 'node:assert/strict';
import type { ArgoCdAction } from '../../../../src/core/plan/argocd/argoCdAction.ts';
import type { ArgoCdPlan } from '../../../../src/core/plan/plan.ts';
import { namesSeen } from '../../../../src/core/plan/namesSeen.ts';
import { renderArgoCd } from '../../../../src/core/plan/argocd/renderArgoCd.ts';
import type { Given } from './planOf.ts';
import { missingOf, pinned, planOf, shellPlan, trapsOf, why } from './planOf.ts';

const server = 'https://argocd.example.com';
const onServer: Given = { target: { ...pinned, argoCdServer: server } };

function argoCdPlan(command: string, given: Given = onServer): ArgoCdPlan {
  const plan = planOf(command, given);
  if (plan.kind !== 'argocd') throw new Error(`${command} became a ${plan.kind} plan: ${why(plan)}`);
  return plan;
}

const rows: readonly (readonly [command: string, action: ArgoCdAction])[] = [
  ['list', { verb: 'list', project: undefined, selector: undefined, output: 'wide' }],
  [
    'list -p shop -l team=pay -o name',
    { verb: 'list', project: 'shop', selector: 'team=pay', output: 'name' },
  ],
  ['get web', { verb: 'get', app: 'web', refresh: 'none', output: 'table' }],
  ['get web --hard-refresh -o json', { verb: 'get', app: 'web', refresh: 'hard', output: 'json' }],
  ['history web', { verb: 'history', app: 'web', output: 'table' }],
  ['history web -N team-a -o id', { verb: 'history', app: 'team-a/web', output: 'id' }],
  ['rollback web', { verb: 'rollback', app: 'web', id: undefined, prune: false, autoSyncOff: false }],
  ['rollback web 3 --prune', { verb: 'rollback', app: 'web', id: 3, prune: true, autoSyncOff: false }],
  ['sync web', { verb: 'sync', app: 'web', revision: undefined, prune: false, dryRun: false }],
  [
    'sync web --revision v2 --dry-run',
    { verb: 'sync', app: 'web', revision: 'v2', prune: false, dryRun: true },
  ],
  [
    'wait web',
    { verb: 'wait', app: 'web', health: true, sync: true, operation: true, timeoutSeconds: undefined },
  ],
  [
    'wait web --health --timeout 60',
    { verb: 'wait', app: 'web', health: true, sync: false, operation: false, timeoutSeconds: 60 },
  ],
  ['diff web', { verb: 'diff', app: 'web', revision: undefined }],
  ['set web --sync-policy none', { verb: 'set-sync-policy', app: 'web', policy: 'manual' }],
  [
    'set web --sync-policy automated --auto-prune --self-heal',
    {
      verb: 'set-sync-policy',
      app: 'web',
      policy: 'automated',
      prune: true,
      selfHeal: true,
      allowEmpty: false,
    },
  ],
];

describe('argocd commands', () => {
  for (const [command, action] of rows)
    it(`app ${command} is planned, and its preview means the same`, () => {
      const plan = argoCdPlan(`argocd app ${command}`);
      assert.deepEqual(plan.action, action);
      assert.deepEqual(plan.target, { argoCdServer: server });
      assert.match(plan.preview, / --server argocd\.example\.com$/);
      assert.deepEqual(argoCdPlan(plan.preview).action, action);
    });

  for (const command of [
    'argocd app logs web',
    'argocd cluster list',
    'argocd app sync web other',
    'argocd app sync web --force',
    'argocd app sync --selector a=b',
    'argocd app list -p a -p b',
    'argocd app get web -o tree',
    'argocd app rollback web three',
    'argocd app rollback web 3 4',
    'argocd app set web --sync-policy none --self-heal',
    'argocd app set web --revision main',
    'argocd app set web --parameter a=b --sync-policy none',
    'argocd app diff web --local .',
    'argocd app history web --auth-token not-real',
    'argocd app history web --insecure',
  ])
    it(`${command} goes to the shell`, () => assert.ok(why(shellPlan(command, onServer))));

  it('are changes where something is changed, destructive where objects are pruned', () => {
    const risk = (command: string): string => argoCdPlan(`argocd app ${command}`).risk;
    assert.equal(risk('rollback web 3'), 'change');
    assert.equal(risk('rollback web 3 --prune'), 'destructive');
    assert.equal(risk('sync web --dry-run --prune'), 'read');
    assert.equal(risk('sync web'), 'change');
    assert.equal(risk('sync web --prune'), 'destructive');
    assert.equal(risk('set web --sync-policy auto'), 'change');
    for (const read of ['list', 'get web', 'history web', 'wait web', 'diff web'])
      assert.equal(risk(read), 'read');
  });

  it('keep filters behind them', () => {
    const plan = argoCdPlan('argocd app history <app> | tail -3');
    assert.deepEqual(plan.filters, [{ name: 'tail', lines: 3 }]);
    assert.equal(plan.preview, 'argocd app history <app> --server argocd.example.com | tail -n 3');
  });

  it('block while the app or the id has no value, and never let a value be more than a name', () => {
    const open = argoCdPlan('argocd app rollback <app-name> <revision-id>');
    assert.deepEqual(missingOf(open), ['app-name:app', 'revision-id:revision']);
    assert.match(open.preview, /rollback <app-name> <revision-id> --server/);
    const values = { 'app-name': 'web', 'revision-id': '3' };
    const filled = argoCdPlan('argocd app rollback <app-name> <revision-id>', { ...onServer, values });
    assert.deepEqual(filled.action, { ...rows[7]![1], prune: false });
    const bad = planOf('argocd app rollback <app-name> 3', {
      ...onServer,
      values: { 'app-name': 'web --prune' },
    });
    assert.ok(trapsOf(bad).includes('invalid-value!'));
  });

  it('say how long they may take', () => {
    assert.equal(argoCdPlan('argocd app rollback web 3').timeoutMs, 600_000);
    assert.equal(argoCdPlan('argocd app rollback web 3 --timeout 30').timeoutMs, 30_000);
    assert.equal(argoCdPlan('argocd app wait web').timeoutMs, undefined);
    assert.equal(argoCdPlan('argocd app list').timeoutMs, 60_000);
  });

  it('mark the history with the onset they are told', () => {
    const onsetAt = '2026-11-23T10:00:00.000Z';
    const { action } = argoCdPlan('argocd app history web', { ...onServer, onsetAt });
    assert.deepEqual(action, { verb: 'history', app: 'web', output: 'table', onsetAt });
  });
});

describe('where argocd commands go', () => {
  it('to the cluster’s own resources where no server is pinned', () => {
    const plan = argoCdPlan('argocd app history web', {});
    assert.deepEqual(plan.target, pinned);
    assert.equal(plan.preview, 'argocd app history web --core --kube-context sim');
    assert.deepEqual(argoCdPlan(plan.preview, {}).action, plan.action);
  });

  it('nowhere without a server and a cluster', () => {
    assert.deepEqual(trapsOf(argoCdPlan('argocd app history web', { target: {} })), ['no-argocd!']);
    assert.deepEqual(trapsOf(argoCdPlan('argocd app diff web', {})), ['no-argocd!']);
    assert.deepEqual(trapsOf(argoCdPlan('argocd app diff web')), []);
  });

  it('to the pinned server, also when the guide writes its host alone', () => {
    const plan = argoCdPlan('argocd --server argocd.example.com:443 app rollback web 3 --grpc-web');
    assert.deepEqual(plan.target, { argoCdServer: server });
    assert.deepEqual(trapsOf(plan), ['argocd-auto-sync']);
  });

  it('never unnoticed to another server or context than the pinned ones', () => {
    const other = (command: string, given: Given = onServer) => trapsOf(argoCdPlan(command, given));
    assert.ok(other('argocd app rollback web 3 --server other.example.com').includes('target-differs!'));
    assert.deepEqual(other('argocd app get web --server other.example.com'), ['target-differs']);
    assert.ok(other('argocd app sync web --core --kube-context other', {}).includes('target-differs!'));
    assert.equal(
      argoCdPlan('argocd app get web --server other.example.com').target.argoCdServer,
      'https://other.example.com',
    );
  });

  it('with path and scheme of a server that has them', () => {
    const target = { argoCdServer: 'http://127.0.0.1:8080/argo/' };
    const { preview } = argoCdPlan('argocd app list', { target });
    assert.equal(preview, 'argocd app list --server 127.0.0.1:8080 --grpc-web-root-path /argo --plaintext');
    assert.deepEqual(trapsOf(argoCdPlan(preview, { target })), []);
  });

  it('and shows all three commands of a rollback that turns auto-sync off', () => {
    const action: ArgoCdAction = { verb: 'rollback', app: 'web', id: 3, prune: false, autoSyncOff: true };
    assert.equal(
      renderArgoCd(action, { server, context: undefined }),
      'argocd app set web --sync-policy none --server argocd.example.com && ' +
        'argocd app rollback web 3 --server argocd.example.com && ' +
        'argocd app wait web --health --operation --server argocd.example.com',
    );
  });
});

describe('names in argocd’s output', () => {
  const list = `NAME                     CLUSTER                         NAMESPACE   PROJECT  STATUS     HEALTH       SYNCPOLICY  CONDITIONS  REPO                  PATH  TARGET
argocd/catalog           https://kubernetes.default.svc  production  default  Synced     Healthy      Auto        <none>      https://a.test/x.git  .     main
argocd/payment-service   https://kubernetes.default.svc  production  default  OutOfSync  Degraded     Manual      <none>      https://a.test/x.git  .     main
`;
  const history = `SOURCE  https://a.test/x.git
ID      DATE                           REVISION        LIVE      AUTHOR          MESSAGE
3       2026-11-01 10:00:00 +0000 UTC  main (aaaaaaa)            Ana <ana@a.test>  9 lives
4       2026-11-23 10:00:00 +0000 UTC  main (bbbbbbb)  now       Ana <ana@a.test>  Release
`;
  it('are apps, those in trouble first', () => {
    const seen = namesSeen(argoCdPlan('argocd app list'), list);
    assert.deepEqual(seen, { app: ['argocd/payment-service', 'argocd/catalog'] });
    assert.deepEqual(namesSeen(argoCdPlan('argocd app list -o name'), 'argocd/a\nargocd/b\n'), {
      app: ['argocd/a', 'argocd/b'],
    });
  });

  it('are history ids to go back to, newest first, without the live one', () => {
    assert.deepEqual(namesSeen(argoCdPlan('argocd app history web'), history), { revision: ['3'] });
    assert.deepEqual(namesSeen(shellPlan('argocd app history web --insecure'), history), { revision: ['3'] });
  });
});
