import assert from 'node:assert/strict';
import type { KubernetesPlan } from '../../../src/core/plan/plan.ts';
import { patch, rollout } from '../../unit/executors/kubernetes/kubernetesFixtures.ts';
import type { ChangesKit } from './kubernetesChangesKit.ts';

/** kubectl rollout. */
export function describeRollout({
  agreed,
  done,
  look,
  production,
  run,
  runPlan,
  settled,
  specOf,
  undo,
}: ChangesKit): void {
  describe('rollout', () => {
    const templateOf = async () =>
      ((await specOf('deployment', 'payment-service')) as { template: unknown }).template;

    it('tells history and status as kubectl does', async function () {
      const kubectl = production.kubectl;
      for (const [kind, name] of [
        ['deployment', 'payment-service'],
        ['deployment', 'notifications'],
        ['statefulset', 'postgres'],
      ] as const) {
        const ours = await done(rollout('history', name, { resource: { kind, name } }));
        assert.match(
          ours.output.stdout,
          new RegExp(`^${kind}\\.apps/${name} \\nREVISION  CHANGE-CAUSE\\n\\d`),
        );
        if (kubectl) assert.equal(ours.output.stdout, await kubectl('rollout', 'history', `${kind}/${name}`));
        if (kind === 'deployment' && name === 'payment-service') continue;
        const status = await done(rollout('status', name, { resource: { kind, name }, once: true }));
        if (kubectl)
          assert.equal(status.output.stdout, await kubectl('rollout', 'status', `${kind}/${name}`));
      }
    });

    it('goes back to the release before, is bound to what was seen, and is taken back', async () => {
      const before = await templateOf();
      const { seen, made, output } = await agreed(rollout('undo', 'payment-service'));
      assert.equal(output.stdout, 'deployment.apps/payment-service rolled back\n');
      assert.equal(seen.changes[0]?.field, 'revision');
      assert.match(seen.diff ?? '', /\n- +(?:- )?image: \S+:2\.41\.0\n\+ +(?:- )?image: \S+:2\.40\.2/);
      const bound = seen.plan as KubernetesPlan;
      assert.match(bound.preview, /--to-revision=\d+/);
      // What was agreed on is over: the same plan must not roll anything else back.
      const again = await runPlan(bound);
      assert.match(again.message, /^Somebody rolled out deployment\/payment-service since you agreed/);
      assert.deepEqual(again.made, []);
      await undo(made[0]);
      assert.deepEqual(await templateOf(), before);
    });

    it('restarts, pauses and resumes, and refuses what kubectl refuses', async () => {
      const restarted = await agreed(rollout('restart', 'notifications'));
      assert.equal(restarted.output.stdout, 'deployment.apps/notifications restarted\n');
      assert.equal(restarted.made[0]?.undo, undefined);
      await settled('notifications');
      const paused = await agreed(rollout('pause', 'notifications'));
      assert.equal(paused.made[0]?.undo?.title, 'Resume deployment/notifications again');
      assert.match(
        (await run(rollout('pause', 'notifications'))).message,
        /^error: deployments\.apps "notifications" is already paused/,
      );
      for (const sub of ['restart', 'undo'] as const)
        assert.match((await look(rollout(sub, 'notifications'))).refusal ?? '', /paused/);
      await undo(paused.made[0]);
      assert.match((await look(rollout('resume', 'notifications'))).refusal ?? '', /is not paused/);
      const postgres = { kind: 'sts', name: 'postgres' };
      assert.match(
        (await run(rollout('pause', 'postgres', { resource: postgres }))).message,
        /pausing is not supported/,
      );
    });

    it('rolls a stateful set back by its controller revisions', async () => {
      const resource = { kind: 'statefulset', name: 'postgres' };
      const before = await specOf('sts', 'postgres');
      const patched = await done(
        patch(
          'sts',
          'postgres',
          '{"spec":{"template":{"metadata":{"annotations":{"incident.test/note":"one"}}}}}',
        ),
      );
      await done(rollout('history', 'postgres', { resource }));
      const { made } = await agreed(rollout('undo', 'postgres', { resource }));
      assert.deepEqual(await specOf('sts', 'postgres'), before);
      await undo(made[0]);
      await undo(patched.made[0]);
      assert.deepEqual(await specOf('sts', 'postgres'), before);
      await settled('postgres', 'statefulset');
    });
  });
}
