import type { KubernetesLab } from './kubernetesLab.ts';
import { context, createKubernetesLab } from './kubernetesLab.ts';
import { describeKubernetesReads } from './suites/kubernetesReads.suite.ts';

let lab: KubernetesLab | undefined;
const started = (): KubernetesLab => {
  if (lab === undefined) throw new Error('the suite has not started it');
  return lab;
};

describeKubernetesReads({
  name: 'the simulated production',
  hasMetrics: true,
  get executor() {
    return started().executor;
  },
  get target() {
    return { context, server: started().simulator.url, namespace: 'production' };
  },
  async start() {
    lab = await createKubernetesLab({ scenario: 'healthy' });
  },
  async stop() {
    await lab?.dispose();
  },
});
