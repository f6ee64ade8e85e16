import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimulator } from '../../src/simulator/simulator.ts';
import { describeArgoCdFaults } from './suites/argoCdFaults.suite.ts';

describeArgoCdFaults({
  title: 'the simulator',
  async start() {
    const folder = await mkdtemp(join(tmpdir(), 'incident-argocd-faults-'));
    const simulator = await startSimulator({
      kubeconfigFile: join(folder, 'kubeconfig'),
      scenario: 'healthy',
      tickEveryMs: 25,
      speed: 100,
    });
    const { url, tokens } = simulator.argoCd;
    return {
      url,
      token: tokens.responder,
      apps: { manual: 'payment-service', automated: 'search' },
      async dispose() {
        await simulator.dispose();
        await rm(folder, { recursive: true, force: true });
      },
    };
  },
});
