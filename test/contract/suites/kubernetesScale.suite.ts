import assert from 'node:assert/strict';
import type { KubernetesPlan } from '../../../src/core/plan/plan.ts';
import type { CollectedOutput } from '../../unit/executors/collectOutput.ts';
import { collectOutput, untilDone } from '../../unit/executors/collectOutput.ts';
import { get, scale } from '../../unit/executors/kubernetes/kubernetesFixtures.ts';
import type { ChangesKit } from './kubernetesChangesKit.ts';

/** kubectl scale. */
export function describeScale({
  agreed,
  done,
  look,
  plan,
  production,
  replicasOf,
  run,
  runPlan,
  undo,
  undoPlan,
}: ChangesKit): void {
  describe('scale', () => {
    afterEach(async () => {
      const { output } = await run(get(['deploy'], { names: ['catalog'], output: 'json' }));
      const now = (JSON.parse(output.stdout) as { spec: { replicas: number } }).spec.replicas;
      if (now !== 2) await done(scale('catalog', 2));
    });

    it('looks, runs exactly what was seen, waits until the pods are ready, and is taken back', async () => {
      const { seen, made, output } = await agreed(
        scale('catalog', 4, { wait: { seconds: 60, required: true } }),
      );
      assert.deepEqual(seen.changes, [
        { object: 'deployment/catalog', field: 'spec.replicas', before: '2', after: '4' },
      ]);
      const guarded = seen.plan as KubernetesPlan;
      assert.equal((guarded.action as { currentReplicas?: number }).currentReplicas, 2);
      assert.match(guarded.preview, /kubectl scale deployment catalog .*--replicas=4 --current-replicas=2/);
      assert.match(output.stdout, /^deployment\.apps\/catalog scaled\n(?:\d of 4 ready\n)*4 of 4 ready\n$/);
      assert.deepEqual(made[0]?.changes, ['deployment/catalog spec.replicas 2 → 4']);
      assert.equal(made[0]?.undo?.title, 'Scale deployment/catalog back from 4 to 2');
      assert.match(made[0]?.undo?.preview ?? '', /kubectl scale .*--replicas=2 --current-replicas=4$/);
      await undo(made[0]);
      assert.equal(await replicasOf('catalog'), 2);
      const again = await undo(made[0]);
      assert.match(again.output.stdout, /put back \(no change\)/);
    });

    it('is refused when somebody scaled after the look', async () => {
      const seen = await look(scale('catalog', 4));
      await done(scale('catalog', 3));
      const { message, made } = await runPlan(seen.plan as KubernetesPlan);
      assert.match(message, /^error: Expected replicas to be 2, was 3\. Nothing was changed/);
      assert.deepEqual(made, []);
      assert.equal(await replicasOf('catalog'), 3);
      const refused = await look(scale('catalog', 4, { currentReplicas: 2 }));
      assert.match(refused.refusal ?? '', /has 3 replicas, not 2/);
    });

    it('puts nothing back when somebody scaled since', async () => {
      const { made } = await agreed(scale('catalog', 4));
      await done(scale('catalog', 3));
      const { message } = await runPlan(undoPlan(made[0]));
      assert.match(
        message,
        /^Somebody changed spec\.replicas of deployment\/catalog since \(it is 3 now, not 4\): nothing was put back/,
      );
      assert.equal(await replicasOf('catalog'), 3);
      const seen = await production.executor.inspect(undoPlan(made[0]), untilDone());
      assert.ok(seen.ok);
      assert.match(seen.value.refusal ?? '', /nothing was put back/);
    });

    it('goes to zero with a warning and comes back, though the API leaves a zero out', async () => {
      const { made, seen } = await agreed(scale('catalog', 0));
      assert.match(seen.warnings.join('\n'), /0 replicas ends every pod of deployment\/catalog/);
      const back = await undo(made[0]);
      assert.equal(await replicasOf('catalog'), 2);
      assert.deepEqual(back.made[0]?.changes, ['deployment/catalog spec.replicas 0 → 2']);
    });

    it('changes several objects at once, each from its own number', async () => {
      const both = scale('catalog', 3, { more: [{ kind: 'deploy', name: 'notifications' }] });
      const { made, output, seen } = await agreed(both);
      assert.equal(output.stdout, 'deployment.apps/catalog scaled\ndeployment.apps/notifications scaled\n');
      assert.deepEqual(
        seen.changes.map(({ before, after }) => [before, after]),
        [
          ['2', '3'],
          ['1', '3'],
        ],
      );
      for (const change of made) await undo(change);
      assert.deepEqual([await replicasOf('catalog'), await replicasOf('notifications')], [2, 1]);
    });

    it('is not undone by being stopped while it waits', async () => {
      const stop = new AbortController();
      const output: CollectedOutput = collectOutput();
      const running = production.executor.run(
        plan(scale('catalog', 5, { wait: { seconds: 60, required: true } })),
        output,
        stop.signal,
      );
      await output.seen('scaled\n');
      stop.abort();
      const outcome = await running;
      assert.equal(outcome.kind, 'succeeded');
      assert.equal(await replicasOf('catalog'), 5);
    });

    it('warns of an autoscaler, and of nothing to do', async () => {
      const seen = await look(scale('checkout', 5));
      assert.match(
        seen.warnings.join('\n'),
        /HorizontalPodAutoscaler checkout \(min 2, max 6\) scales deployment\/checkout/,
      );
      const same = await look(scale('catalog', 2));
      assert.deepEqual(same.changes, []);
      assert.match(same.warnings.join('\n'), /already has 2 replicas: this changes nothing/);
      const missing = await production.executor.inspect(plan(scale('nothing', 2)), untilDone());
      assert.ok(!missing.ok && missing.failure.code === 'not-found');
    });
  });
}
