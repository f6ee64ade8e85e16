import assert from 'node:assert/strict';
import type { KubernetesExecutor } from '../../src/executors/kubernetes/kubernetesExecutor.ts';
import {
  createKubernetesExecutor,
  loadKubeconfig,
} from '../../src/executors/kubernetes/kubernetesExecutor.ts';
import type { FaultProxy } from '../support/faultProxy.ts';
import { startFaultProxy } from '../support/faultProxy.ts';
import { collectOutput, untilDone } from '../unit/executors/collectOutput.ts';
import {
  exec,
  get,
  kubernetesPlan,
  logs,
  scale,
  writeKubeconfig,
} from '../unit/executors/kubernetes/kubernetesFixtures.ts';
import type { KubernetesLab } from './kubernetesLab.ts';
import { context, createKubernetesLab } from './kubernetesLab.ts';

describe('kubernetes executor on a bad day', function () {
  this.timeout(60_000);
  let lab: KubernetesLab;
  let proxy: FaultProxy;
  let executor: KubernetesExecutor;
  beforeEach(async () => {
    lab = await createKubernetesLab();
    proxy = await startFaultProxy(lab.simulator.url);
    const path = writeKubeconfig(
      lab.folder,
      [
        { name: 'prod', server: proxy.url },
        { name: 'current', server: lab.simulator.url },
      ],
      'current',
      'faulty',
    );
    executor = createKubernetesExecutor({
      loadKubeconfig: () => loadKubeconfig({ paths: [path] }),
      timeoutMs: 500,
    });
  });
  afterEach(async () => {
    await executor.dispose();
    await proxy.dispose();
    await lab.dispose();
  });

  const run = async (action: Parameters<typeof kubernetesPlan>[0], signal = untilDone()) => {
    const output = collectOutput();
    const outcome = await executor.run(kubernetesPlan(action), output, signal);
    return { outcome, output, message: outcome.kind === 'failed' ? outcome.message : '' };
  };
  const replicas = async (): Promise<string | undefined> => {
    const { output } = await lab.run(get(['deploy'], { names: ['payment-service'] }));
    return /\d\/(\d+) /.exec(output.stdout)?.[1];
  };

  it('works through a slow network', async () => {
    proxy.fault = { kind: 'delay', ms: 50 };
    assert.equal((await run(get(['pods']))).outcome.kind, 'succeeded');
  });

  it('says what a busy or broken server said', async () => {
    proxy.fault = { kind: 'answer', status: 429, body: 'too many requests, come back later' };
    const busy = await run(get(['pods']));
    assert.match(busy.message, /answered 429: too many requests, come back later/);
    assert.equal(busy.outcome.kind === 'failed' && busy.outcome.status, 429);
    proxy.fault = { kind: 'answer', status: 500, body: 'etcdserver: leader changed' };
    assert.match(
      (await run(scale('payment-service', 10))).message,
      /answered 500: etcdserver: leader changed/,
    );
  });

  it('tells the truth about a change whose answer was lost', async () => {
    proxy.fault = { kind: 'cut', afterBytes: 0 };
    const { message } = await run(scale('payment-service', 10));
    assert.match(message, /may have been applied/);
    assert.equal(await replicas(), '10');
  });

  it('says that nothing was changed when the cluster is dead', async () => {
    await proxy.dispose();
    const { message } = await run(scale('payment-service', 10));
    assert.match(message, /refused the connection.*Nothing was changed/);
    assert.equal(await replicas(), '3');
  });

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

  it('stops in the middle of an exec and of a silent answer', async () => {
    const [pod = ''] = await lab.podNames('app=checkout');
    for (const action of [get(['pods']), exec(pod, ['ls'])]) {
      const stop = new AbortController();
      proxy.fault = { kind: 'silence' };
      const arrived = lab.simulator.requests.length;
      const running = run(action, stop.signal);
      while (lab.simulator.requests.length === arrived) await new Promise((next) => setImmediate(next));
      stop.abort();
      assert.deepEqual((await running).outcome, { kind: 'stopped' });
    }
  });
});
