import type { KubernetesExecutor } from '../../../src/executors/kubernetes/kubernetesExecutor.ts';
import {
  createKubernetesExecutor,
  loadKubeconfig,
} from '../../../src/executors/kubernetes/kubernetesExecutor.ts';
import { describeKubernetesReads } from '../../contract/suites/kubernetesReads.suite.ts';
import { readLab } from '../labDescription.ts';

const { kubernetes } = await readLab('kubernetes');
let executor: KubernetesExecutor | undefined;

describeKubernetesReads({
  name: 'the lab',
  hasMetrics: false,
  target: { context: kubernetes.contexts.production, server: kubernetes.server, namespace: 'production' },
  get executor() {
    if (executor === undefined) throw new Error('the suite has not started it');
    return executor;
  },
  async start() {
    executor = createKubernetesExecutor({
      loadKubeconfig: () => loadKubeconfig({ paths: [kubernetes.kubeconfigs.admin] }),
    });
  },
  async stop() {
    await executor?.dispose();
  },
});
