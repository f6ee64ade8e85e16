import type { KubernetesExecutor } from '../../src/executors/kubernetes/kubernetesExecutor.ts';
import {
  createKubernetesExecutor,
  loadKubeconfig,
} from '../../src/executors/kubernetes/kubernetesExecutor.ts';
import { readerUser } from '../../src/simulator/systems/kubernetes/callers.ts';
import { findKubectl, runKubectl } from '../support/kubectl.ts';
import { writeKubeconfig } from '../unit/executors/kubernetes/kubernetesFixtures.ts';
import type { KubernetesLab } from './kubernetesLab.ts';
import { context, createKubernetesLab } from './kubernetesLab.ts';
import { describeKubernetesChanges } from './suites/kubernetesChanges.suite.ts';

const kubectl = findKubectl();
let lab: KubernetesLab | undefined;
let reader: KubernetesExecutor | undefined;
const started = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error('the suite has not started it');
  return value;
};
const targetOf = ({ simulator }: KubernetesLab) => ({
  context,
  server: simulator.url,
  namespace: 'production',
});

describeKubernetesChanges({
  name: 'the simulated production',
  gitOps: { healed: 'search', manual: 'payment-service' },
  get executor() {
    return started(lab).executor;
  },
  get target() {
    return targetOf(started(lab));
  },
  get reader() {
    return { executor: started(reader), target: targetOf(started(lab)) };
  },
  get folder() {
    return started(lab).folder;
  },
  kubectl:
    kubectl === undefined
      ? undefined
      : async (...args) => {
          const { folder, kubeconfig } = started(lab);
          const { stdout } = await runKubectl(kubectl, [...args, '-n', 'production'], {
            home: folder,
            kubeconfig,
          });
          return stdout;
        },
  async start() {
    lab = await createKubernetesLab({ scenario: 'healthy', speed: 200, tickEveryMs: 20 });
    const path = writeKubeconfig(
      lab.folder,
      [{ name: context, server: lab.simulator.url, user: { as: readerUser } }],
      context,
      'reader',
    );
    reader = createKubernetesExecutor({ loadKubeconfig: () => loadKubeconfig({ paths: [path] }) });
  },
  async stop() {
    await reader?.dispose();
    await lab?.dispose();
  },
});
