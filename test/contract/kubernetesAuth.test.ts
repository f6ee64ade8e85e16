import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startSimulator } from '../../src/simulator/simulator.ts';
import { startClusterFront } from '../support/clusterFront.ts';
import { describeKubernetesAuth } from './suites/kubernetesAuth.suite.ts';

describeKubernetesAuth({
  title: 'the simulator behind TLS',
  async start(folder) {
    await mkdir(folder);
    const simulator = await startSimulator({ kubeconfigFile: join(folder, 'kubeconfig'), tickEveryMs: 50 });
    const front = await startClusterFront(simulator.url, join(folder, 'front'));
    return {
      server: front.url,
      authority: front.authority,
      otherName: front.otherName,
      tokens: front.tokens,
      client: front.client,
      deployment: 'checkout',
      async dispose() {
        await front.dispose();
        await simulator.dispose();
      },
    };
  },
});
