import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startSimulator } from '../../src/simulator/simulator.ts';
import { describeKubernetesEndpoints } from './suites/kubernetesEndpoints.suite.ts';

describeKubernetesEndpoints({
  title: 'the simulator',
  async start(folder) {
    await mkdir(folder);
    const simulator = await startSimulator({
      kubeconfigFile: join(folder, 'kubeconfig'),
      tickEveryMs: 50,
      scenario: 'healthy',
    });
    return {
      server: simulator.url,
      authority: undefined,
      user: {},
      dispose: () => simulator.dispose(),
    };
  },
});
