import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startSimulator } from '../../src/simulator/simulator.ts';
import { findKubectl } from '../support/kubectl.ts';
import { describePinnedTarget } from './suites/pinnedTarget.suite.ts';

describePinnedTarget({
  title: 'two simulators',
  async start(folder) {
    await mkdir(folder);
    const quick = { tickEveryMs: 20, speed: 200 };
    const other = await startSimulator({ kubeconfigFile: join(folder, 'other'), ...quick });
    const kubeconfig = join(folder, 'kubeconfig');
    const own = await startSimulator({
      kubeconfigFile: kubeconfig,
      ...quick,
      contexts: [{ name: 'mine', server: other.url, namespace: 'production' }],
      currentContext: 'mine',
    });
    return {
      kubeconfig,
      target: { context: 'simulated-production', server: own.url, namespace: 'production' },
      otherContext: 'mine',
      otherRequests: async () => other.requests.map(({ method, path }) => `${method} ${path}`),
      kubectl: findKubectl(),
      async dispose() {
        await own.dispose();
        await other.dispose();
      },
    };
  },
});
