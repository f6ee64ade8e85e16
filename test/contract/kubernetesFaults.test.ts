import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startSimulator } from '../../src/simulator/simulator.ts';
import { collectOutput, untilDone } from '../unit/executors/collectOutput.ts';
import { kubernetesPlan, logs, scale } from '../unit/executors/kubernetes/kubernetesFixtures.ts';
import { context, createKubernetesLab } from './kubernetesLab.ts';
import { describeKubernetesFaults } from './suites/kubernetesFaults.suite.ts';

describeKubernetesFaults({
  title: 'the simulator',
  async start(folder) {
    await mkdir(folder);
    const simulator = await startSimulator({ kubeconfigFile: join(folder, 'kubeconfig'), tickEveryMs: 50 });
    return {
      server: simulator.url,
      authority: undefined,
      user: {},
      dispose: () => simulator.dispose(),
    };
  },
});

describe('kubernetes executor while the cluster changes', function () {
  this.timeout(60_000);

  it('names pods that went between the list and their logs, and shows the others', async () => {
    const wide = await createKubernetesLab({ scenario: 'healthy', tickEveryMs: 0, speed: 1000 });
    try {
      await wide.run(scale('checkout', 12));
      wide.simulator.advance(600_000);
      const before = await wide.podNames('app=checkout');
      assert.equal(before.length, 12);
      // At most six logs load while the first waits for its sink; meanwhile the deployment shrinks under the rest.
      let release = (): void => {};
      const full = new Promise<void>((resolve) => (release = resolve));
      const output = collectOutput((text) => (text.startsWith('[pod/') ? full : undefined));
      const plan = kubernetesPlan(logs({ selector: 'app=checkout', prefix: true }), {
        target: { context, namespace: 'production' },
      });
      const running = wide.executor.run(plan, output, untilDone());
      await output.seen('[pod/');
      await wide.run(scale('checkout', 1));
      wide.simulator.advance(600_000);
      assert.equal((await wide.podNames('app=checkout')).length, 1);
      release();
      const outcome = await running;
      const gone = before.filter((pod) =>
        output.stderr.includes(`Error from server (NotFound): pods "${pod}" not found\n`),
      );
      const shown = before.filter((pod) => output.stdout.includes(`[pod/${pod}/checkout] `));
      assert.ok(gone.length > 0 && shown.length > 0, output.stderr);
      assert.deepEqual([...shown, ...gone].sort(), [...before].sort());
      assert.ok(outcome.kind === 'succeeded');
      assert.match(outcome.detail ?? '', new RegExp(`^${12 - gone.length} of 12 logs could be read: `));
    } finally {
      await wide.dispose();
    }
  });
});
