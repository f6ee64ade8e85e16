import assert from 'node:assert/strict';
import { join } from 'node:path';
import { textOfGuards } from '../../../src/core/approvals/approval.ts';
import type { KubernetesPlan } from '../../../src/core/plan/plan.ts';
import {
  apply,
  deleteObjects,
  get,
  patch,
  rollout,
  scale,
} from '../../unit/executors/kubernetes/kubernetesFixtures.ts';
import type { ChangesKit } from './kubernetesChangesKit.ts';

/** kubectl apply and delete. */
export function describeApply({
  agreed,
  done,
  file,
  look,
  names,
  plan,
  production,
  read,
  run,
  runPlan,
  settled,
  undo,
}: ChangesKit): void {
  describe('apply and delete', () => {
    const manifest = (data: object, name = 'incident-test') =>
      JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data });
    afterEach(async () => {
      const text = manifest({});
      const files = [await file('gone.json', text)];
      await done(deleteObjects({ files, ignoreNotFound: true }));
    });

    it('gives an approval the same to hold on to at each look, and another once anything has changed', async () => {
      const found = async (action: KubernetesPlan['action']) => {
        const { plan: guarded = plan(action), changes } = await look(action);
        return { command: guarded.preview, guards: textOfGuards(guarded), changes };
      };
      const files = [await file('settings.yaml', manifest({ a: '1' }))];
      await done(apply(files));
      await file('settings.yaml', manifest({ a: '2' }));
      const pods = deleteObjects({ kinds: ['pods'], selector: 'app=catalog' });
      for (const action of [
        apply(files),
        patch('cm', 'incident-test', '{"data":{"a":"3"}}'),
        scale('catalog', 5),
        rollout('restart', 'catalog'),
        pods,
      ])
        assert.deepEqual(await found(action), await found(action));

      const seen = await found(apply(files));
      await file('settings.yaml', manifest({ a: '4' }));
      const edited = await found(apply(files));
      assert.equal(edited.command, seen.command);
      assert.notEqual(edited.guards, seen.guards);

      const doomed = await found(pods);
      const [first = ''] = await names('app=catalog');
      await agreed(deleteObjects({ kinds: ['pods'], names: [first] }));
      await settled('catalog');
      const replaced = await found(pods);
      assert.equal(replaced.command, doomed.command);
      assert.notEqual(replaced.guards, doomed.guards);
    });

    for (const serverSide of [false, true]) {
      it(`makes, changes, drops and leaves alone${serverSide ? ' on the server' : ''}`, async () => {
        const files = [await file('settings.yaml', manifest({ a: '1', b: '2' }))];
        const action = apply(files, { serverSide });
        const first = await agreed(action);
        assert.equal(
          first.output.stdout,
          `configmap/incident-test ${serverSide ? 'serverside-applied' : 'created'}\n`,
        );
        assert.match(first.seen.diff ?? '', /^\+kind: ConfigMap$/m);
        assert.equal(first.made[0]?.undo, undefined);
        await file('settings.yaml', manifest({ a: '3', c: '4' }));
        const second = await agreed(action);
        assert.deepEqual((await read('cm', 'incident-test'))['data'], { a: '3', c: '4' });
        assert.deepEqual(
          second.seen.changes.filter(({ field }) => field.startsWith('data.')).map(({ field }) => field),
          ['data.a', 'data.b', 'data.c'],
        );
        const same = await agreed(action);
        assert.match(same.seen.warnings.join('\n'), /changes nothing/);
        assert.deepEqual(same.made, []);
        await undo(second.made[0]);
        assert.deepEqual((await read('cm', 'incident-test'))['data'], { a: '1', b: '2' });
      });
    }

    it('is understood by kubectl as its own, and refuses changed files and other namespaces', async () => {
      const files = [await file('settings.yaml', manifest({ a: '1' }))];
      const seen = await look(apply(files));
      await file('settings.yaml', manifest({ a: '2' }));
      assert.match((await runPlan(seen.plan as KubernetesPlan)).message, /has changed since you agreed/);
      await done(apply(files));
      if (production.kubectl) {
        const path = join(production.folder, 'settings.yaml');
        assert.equal(await production.kubectl('apply', '-f', path), 'configmap/incident-test unchanged\n');
      }
      const elsewhere = manifest({}).replace('"metadata":{', '"metadata":{"namespace":"staging",');
      const strayed = await run(apply([await file('elsewhere.json', elsewhere)]));
      assert.match(strayed.message, /the namespace from the provided object "staging" does not match/);
      const unknown = manifest({}).replace('"v1"', '"no.such/v1"');
      assert.match(
        (await run(apply([await file('unknown.json', unknown)]))).message,
        /^error: no matches for kind "ConfigMap" in version "no\.such\/v1"/,
      );
    });

    it('deletes exactly the pod that was shown, says who makes it again, and waits', async () => {
      await settled('notifications');
      const [pod = ''] = await names('app=notifications');
      const { seen, output } = await agreed(deleteObjects({ kinds: ['pod'], names: [pod] }));
      assert.match(
        seen.warnings.join('\n'),
        /ReplicaSet notifications-\S+ owns pod\/notifications-\S+ and will make it again/,
      );
      assert.match(seen.diff ?? '', /^-kind: Pod$/m);
      assert.equal(output.stdout, `pod "${pod}" deleted from production namespace\n`);
      assert.match((await run(get(['pod'], { names: [pod] }))).message, /NotFound/);
      assert.match((await runPlan(seen.plan as KubernetesPlan)).message, /NotFound|agreed to delete/);
      await settled('notifications');
    });

    it('leaves alone what was made anew under the same name, or came later', async () => {
      const files = [await file('settings.yaml', manifest({ a: '1' }))];
      await done(apply(files));
      const seen = await look(deleteObjects({ kinds: ['cm'], names: ['incident-test'] }));
      await done(deleteObjects({ kinds: ['cm'], names: ['incident-test'] }));
      await done(apply(files));
      assert.match((await runPlan(seen.plan as KubernetesPlan)).message, /nothing was deleted/);
      await read('cm', 'incident-test');
      const dry = await done(deleteObjects({ kinds: ['cm'], names: ['incident-test'], dryRun: true }));
      assert.match(dry.output.stdout, /deleted from production namespace \(server dry run\)\n$/);
      await read('cm', 'incident-test');
    });
  });
}
