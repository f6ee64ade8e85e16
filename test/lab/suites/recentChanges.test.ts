import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadKubeconfig } from '../../../src/executors/kubernetes/kubernetesExecutor.ts';
import { createRecentChanges } from '../../../src/executors/kubernetes/recentChanges.ts';
import { describeRecentChanges } from '../../contract/suites/recentChanges.suite.ts';
import { runKubectl } from '../../support/kubectl.ts';
import { readLab } from '../labDescription.ts';

/** Of this suite alone: the others have had the cluster record many scalings of theirs. */
const scaled = 'recently-scaled';

describeRecentChanges({
  title: 'the lab',
  async start() {
    const { kubernetes } = await readLab('kubernetes');
    const folder = await mkdtemp(join(tmpdir(), 'incident-recent-'));
    const kubeconfig = kubernetes.kubeconfigs.admin;
    const changes = createRecentChanges({ loadKubeconfig: () => loadKubeconfig({ paths: [kubeconfig] }) });
    const context = kubernetes.contexts.production;
    const kubectl = (...args: readonly string[]) =>
      runKubectl(kubernetes.kubectl, [...args, '-n', 'production', '--context', context], {
        home: folder,
        kubeconfig,
      });
    await kubectl(
      'create',
      'deployment',
      scaled,
      '--image=registry.example.com/scaled:1.0.0',
      '--replicas=2',
    );
    return {
      changes,
      target: { context, server: kubernetes.server, namespace: 'production' },
      scaled,
      run: async (command) => void (await kubectl(...command.split(' ').slice(1))),
      async applyConfigMap(name, data) {
        const file = join(folder, `${name}.json`);
        await writeFile(
          file,
          JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data }),
        );
        await kubectl('apply', '--server-side', '--field-manager=deploy-bot', '-f', file);
      },
      async dispose() {
        await kubectl('delete', 'deployment', scaled, '--ignore-not-found');
        await kubectl('delete', 'configmap', 'checkout-limits', '--ignore-not-found');
        await changes.dispose();
        await rm(folder, { recursive: true, force: true });
      },
    };
  },
});
