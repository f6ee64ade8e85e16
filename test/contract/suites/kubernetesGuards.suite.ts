import assert from 'node:assert/strict';
import type { KubernetesAction } from '../../../src/core/plan/kubectl/kubernetesAction.ts';
import { collectOutput, untilDone } from '../../unit/executors/collectOutput.ts';
import {
  deleteObjects,
  exec,
  get,
  kubernetesPlan,
  logs,
  patch,
  rollout,
  scale,
} from '../../unit/executors/kubernetes/kubernetesFixtures.ts';
import type { ChangesKit } from './kubernetesChangesKit.ts';

/** GitOps, exec and permissions. */
export function describeGuards({ done, look, names, production, replicasOf, run }: ChangesKit): void {
  describe('under GitOps', () => {
    it('says that self-heal would put a change back and what to do, and nothing where a person syncs', async () => {
      const { healed, manual } = production.gitOps;
      const sentence = new RegExp(
        `^Argo CD app ${healed} keeps deployment/${healed} as it is in git \\(auto-sync with self-heal\\): .*argocd app set ${healed} --sync-policy none`,
        'm',
      );
      const annotated = '{"metadata":{"annotations":{"incident.test/note":"one"}}}';
      for (const action of [scale(healed, 5), patch('deploy', healed, annotated)])
        assert.match((await look(action)).warnings.join('\n'), sentence);
      for (const action of [scale(manual, 5), patch('deploy', manual, annotated)])
        assert.doesNotMatch((await look(action)).warnings.join('\n'), /Argo CD/);
      const gone = await look(deleteObjects({ kinds: ['deploy'], names: [healed] }));
      assert.match(gone.warnings.join('\n'), sentence);
    });
  });

  describe('exec', () => {
    it('runs a command with its exit code and no input', async () => {
      const [pod = ''] = await names('app=notifications');
      const said = await done(exec(pod, ['echo', 'a  b', "it's"]));
      assert.equal(said.output.stdout, "a  b it's\n");
      const failed = await run(exec(pod, ['sh', '-c', 'exit 42']));
      assert.equal(failed.outcome.kind === 'failed' && failed.outcome.exitCode, 42);
      assert.equal((await done(exec('deploy/notifications', ['echo', 'there']))).output.stdout, 'there\n');
      const gone = await run(exec('gone', ['ls']));
      assert.equal(gone.outcome.kind === 'failed' && gone.outcome.status, 404);
    });
  });

  describe('permissions', () => {
    const foresee = (who: Pick<typeof production, 'executor' | 'target'>, action: KubernetesAction) =>
      who.executor.foresee(kubernetesPlan(action, { target: who.target }), untilDone());

    it('says before the click what a reader may not do', async () => {
      const { reader } = production;
      assert.deepEqual(await foresee(reader, get(['pods'])), []);
      assert.deepEqual(await foresee(reader, logs({ resource: 'web-1' })), []);
      assert.match(
        (await foresee(reader, scale('catalog', 3))).join('\n'),
        /^You may not scale deployments in production \(RBAC\): the cluster does not let you patch deployments\/scale of apps/,
      );
      assert.match(
        (await foresee(reader, exec('web-1', ['ls']))).join('\n'),
        /You may not run commands in pods in production \(RBAC\)/,
      );
      assert.match(
        (await foresee(reader, deleteObjects({ kinds: ['pod'], names: ['a'] }))).join('\n'),
        /You may not delete pods/,
      );
      for (const action of [patch('ing', 'storefront', '{}'), rollout('undo', 'catalog')])
        assert.match(
          (await foresee(reader, action)).join('\n'),
          /^You may not change (?:ingresses|deployments) in/,
        );
      assert.deepEqual(await foresee(production, scale('catalog', 3)), []);
    });

    it('and the server refuses it in fact, with nothing changed', async () => {
      const output = collectOutput();
      const { executor, target } = production.reader;
      const outcome = await executor.run(
        kubernetesPlan(scale('catalog', 9), { target }),
        output,
        untilDone(),
      );
      assert.equal(outcome.kind === 'failed' && outcome.status, 403);
      assert.equal(await replicasOf('catalog'), 2);
    });
  });
}
