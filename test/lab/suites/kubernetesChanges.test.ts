import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KubernetesExecutor } from '../../../src/executors/kubernetes/kubernetesExecutor.ts';
import {
  createKubernetesExecutor,
  loadKubeconfig,
} from '../../../src/executors/kubernetes/kubernetesExecutor.ts';
import { describeKubernetesChanges } from '../../contract/suites/kubernetesChanges.suite.ts';
import { runKubectl } from '../../support/kubectl.ts';
import { readLab } from '../labDescription.ts';

const { kubernetes, argoCd } = await readLab('kubernetes', 'argoCd');
const target = {
  context: kubernetes.contexts.production,
  server: kubernetes.server,
  namespace: 'production',
};
const executorOf = (kubeconfig: string): KubernetesExecutor =>
  createKubernetesExecutor({ loadKubeconfig: () => loadKubeconfig({ paths: [kubeconfig] }) });

let folder = '';
let admin: KubernetesExecutor | undefined;
let reader: KubernetesExecutor | undefined;
const started = <T>(value: T | undefined): T => {
  if (value === undefined) throw new Error('the suite has not started it');
  return value;
};

describeKubernetesChanges({
  name: 'the lab',
  gitOps: { healed: argoCd.applications.automated.name, manual: argoCd.applications.manual.name },
  target,
  get executor() {
    return started(admin);
  },
  get reader() {
    return { executor: started(reader), target };
  },
  get folder() {
    return folder;
  },
  async kubectl(...args) {
    const { stdout } = await runKubectl(
      kubernetes.kubectl,
      [...args, '-n', 'production', '--context', kubernetes.contexts.production],
      { home: folder, kubeconfig: kubernetes.kubeconfigs.admin },
    );
    return stdout;
  },
  async start() {
    folder = await mkdtemp(join(tmpdir(), 'incident-changes-'));
    admin = executorOf(kubernetes.kubeconfigs.admin);
    reader = executorOf(kubernetes.kubeconfigs.reader);
  },
  async stop() {
    await Promise.all([admin?.dispose(), reader?.dispose()]);
    await rm(folder, { recursive: true, force: true });
  },
});
