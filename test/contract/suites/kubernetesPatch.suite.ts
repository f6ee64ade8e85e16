import assert from 'node:assert/strict';
import { ingressPatch } from '../../../src/core/plan/kubectl/ingressPatch.ts';
import type { KubernetesPlan } from '../../../src/core/plan/plan.ts';
import { untilDone } from '../../unit/executors/collectOutput.ts';
import { patch, rollout } from '../../unit/executors/kubernetes/kubernetesFixtures.ts';
import type { ChangesKit } from './kubernetesChangesKit.ts';

/** kubectl patch, and the form for an ingress. */
export function describePatch({
  agreed,
  done,
  file,
  look,
  plan,
  production,
  read,
  run,
  runPlan,
  settled,
  specOf,
  undo,
}: ChangesKit): void {
  describe('patch', () => {
    const image = (version: string) =>
      JSON.stringify({
        spec: {
          template: {
            spec: {
              containers: [{ name: 'notifications', image: `registry.example.com/notifications:${version}` }],
            },
          },
        },
      });

    it('shows a diff, patches what was shown, and puts exactly that back', async () => {
      const before = await specOf('deployment', 'notifications');
      const { seen, made, output } = await agreed(patch('deploy', 'notifications', image('0.27.5')));
      assert.match(
        seen.diff ?? '',
        /^@@ .*\n[\s\S]*\n- +- image: registry\.example\.com\/notifications:0\.27\.4\n\+ +- image: registry\.example\.com\/notifications:0\.27\.5\n/m,
      );
      assert.doesNotMatch(seen.diff ?? '', /managedFields|resourceVersion/);
      assert.equal(output.stdout, 'deployment.apps/notifications patched\n');
      assert.deepEqual(made[0]?.changes, [
        'deployment/notifications spec.template.spec.containers[notifications].image registry.example.com/notifications:0.27.4 → registry.example.com/notifications:0.27.5',
      ]);
      // Status updates go on while the rollout does: they are nobody's change of these fields.
      await settled('notifications');
      await undo(made[0]);
      assert.deepEqual(await specOf('deployment', 'notifications'), before);
      await settled('notifications');
    });

    it('is refused when its field was changed after the look, and only then', async () => {
      const seen = await look(patch('configmap', 'payment-service', '{"data":{"SHED_LOAD":"true"}}'));
      const other = await done(patch('cm', 'payment-service', '{"data":{"QUEUE_LIMIT":"100"}}'));
      const fine = await runPlan(seen.plan as KubernetesPlan);
      assert.equal(fine.outcome.kind, 'succeeded', fine.message);
      const late = await runPlan(seen.plan as KubernetesPlan);
      assert.match(
        late.message,
        /^Somebody changed data\.SHED_LOAD of configmap\/payment-service since you agreed \(it is true now, not false\): nothing was patched/,
      );
      await undo(fine.made[0]);
      await undo(other.made[0]);
      assert.deepEqual((await read('cm', 'payment-service'))['data'], {
        QUEUE_LIMIT: 'none',
        SHED_LOAD: 'false',
        PROVIDER_TIMEOUT: '10s',
      });
    });

    it('merges and patches by JSON, adds and removes, in YAML too', async () => {
      const start = (await read('cm', 'payment-service'))['data'];
      const merged = await done(
        patch('cm', 'payment-service', 'data:\n  EXTRA: "1"\n  SHED_LOAD: null\n', { patchType: 'merge' }),
      );
      const json = await done(
        patch('cm', 'payment-service', '[{"op":"remove","path":"/data/EXTRA"}]', { patchType: 'json' }),
      );
      assert.deepEqual((await read('cm', 'payment-service'))['data'], {
        QUEUE_LIMIT: 'none',
        PROVIDER_TIMEOUT: '10s',
      });
      await undo(json.made[0]);
      await undo(merged.made[0]);
      assert.deepEqual((await read('cm', 'payment-service'))['data'], start);
      const test = '[{"op":"test","path":"/data/SHED_LOAD","value":"no"}]';
      const refused = await run(patch('cm', 'payment-service', test, { patchType: 'json' }));
      assert.equal(refused.outcome.kind === 'failed' && refused.outcome.status, 422);
    });

    it('reads its patch from a file, and refuses a file that has changed since the look', async () => {
      const patchFile = await file('limit.yaml', 'data:\n  QUEUE_LIMIT: "50"\n');
      const action = patch('cm', 'payment-service', '', { patchFile, patchType: 'merge' });
      const seen = await look(action);
      assert.deepEqual(seen.changes, [
        { object: 'configmap/payment-service', field: 'data.QUEUE_LIMIT', before: 'none', after: '50' },
      ]);
      await file('limit.yaml', 'data:\n  QUEUE_LIMIT: "0"\n');
      assert.match(
        (await runPlan(seen.plan as KubernetesPlan)).message,
        /^limit\.yaml has changed since you agreed to it: nothing was patched/,
      );
      await file('limit.yaml', 'data:\n  QUEUE_LIMIT: "50"\n');
      const { made } = await runPlan(seen.plan as KubernetesPlan);
      await undo(made[0]);
    });

    it('warns of a paused deployment and of what the server refuses', async () => {
      const { made } = await agreed(rollout('pause', 'notifications'));
      const seen = await look(patch('deploy', 'notifications', image('0.27.5')));
      assert.match(seen.warnings.join('\n'), /deployment\/notifications is paused/);
      await undo(made[0]);
      const bad = await production.executor.inspect(
        plan(patch('deploy', 'notifications', '{"spec":{"replicas":-1}}')),
        untilDone(),
      );
      assert.ok(!bad.ok && /spec\.replicas.*-1/.test(bad.failure.message));
    });
  });

  describe('an ingress', () => {
    const oneRule = JSON.stringify({
      spec: {
        rules: [
          {
            host: 'pay.example.com',
            http: {
              paths: [
                {
                  path: '/',
                  pathType: 'Prefix',
                  backend: { service: { name: 'checkout', port: { number: 8080 } } },
                },
              ],
            },
          },
        ],
      },
    });

    it('warns which rules a patch would lose, and puts them back', async () => {
      const before = await specOf('ingress', 'storefront');
      const { seen, made } = await agreed(patch('ingress', 'storefront', oneRule));
      assert.match(
        seen.warnings.join('\n'),
        /shop\.example\.com\/pay, shop\.example\.com\/checkout, shop\.example\.com\/search, shop\.example\.com\/ would no longer be routed by ingress\/storefront/,
      );
      assert.match(seen.diff ?? '', /^- {2}- host: shop\.example\.com$/m);
      await undo(made[0]);
      assert.deepEqual(await specOf('ingress', 'storefront'), before);
    });

    it('changes one backend by the form and leaves every other rule alone', async () => {
      const before = await specOf('ingress', 'storefront');
      const form = await production.executor.readIngressForm(production.target, 'storefront', untilDone());
      assert.ok(form.ok);
      assert.deepEqual(
        form.value.routes.map(({ host, path, service, port }) => [host + path, service, port]),
        [
          ['shop.example.com/pay', 'payment-service', 8080],
          ['shop.example.com/checkout', 'checkout', 8080],
          ['shop.example.com/search', 'search', 8080],
          ['shop.example.com/', 'catalog', 8080],
          ['pay.example.com/', 'payment-service', 8080],
        ],
      );
      const search = form.value.services.find(({ name }) => name === 'search');
      assert.deepEqual(search?.ports, [{ number: 8080, name: 'http' }]);
      const pointer = form.value.routes[2]?.pointer ?? '';
      const text = ingressPatch(form.value, [{ pointer, service: 'catalog', port: 8080 }]);
      const action = patch('ingress', 'storefront', text, { patchType: 'json' });
      const { seen, made } = await agreed(action);
      assert.deepEqual(
        seen.changes.map((change) => [change.before, change.after]),
        [['search', 'catalog']],
      );
      assert.deepEqual(seen.warnings, []);
      // The same form once more: the ingress is not what it was read as, and the server says so.
      assert.equal((await run(action)).outcome.kind, 'failed');
      await undo(made[0]);
      assert.deepEqual(await specOf('ingress', 'storefront'), before);
    });
  });
}
