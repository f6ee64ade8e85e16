import assert from 'node:assert/strict';
import { createRecentChanges } from '../../src/executors/kubernetes/recentChanges.ts';
import { loadKubeconfig } from '../../src/executors/kubernetes/kubernetesExecutor.ts';
import { createTransport } from '../../src/executors/kubernetes/access/transport.ts';
import { resolveTarget } from '../../src/executors/kubernetes/access/target.ts';
import { collectOutput, untilDone } from '../unit/executors/collectOutput.ts';
import { context, createKubernetesLab } from './kubernetesLab.ts';
import { commandPlan } from './suites/kubernetesReads.suite.ts';
import { describeRecentChanges } from './suites/recentChanges.suite.ts';

describeRecentChanges({
  title: 'the simulated production',
  async start() {
    const lab = await createKubernetesLab();
    const target = { context, server: lab.simulator.url, namespace: 'production' };
    const deps = { loadKubeconfig: () => loadKubeconfig({ paths: [lab.kubeconfig] }) };
    const changes = createRecentChanges(deps);
    const kubeconfig = deps.loadKubeconfig();
    assert.ok(kubeconfig.ok);
    const resolved = resolveTarget(kubeconfig.value, target);
    assert.ok(resolved.ok);
    const transport = createTransport({ target: resolved.value, env: process.env, timeoutMs: 10_000 });
    return {
      changes,
      target,
      scaled: 'catalog',
      async run(command) {
        const output = collectOutput();
        const outcome = await lab.executor.run(commandPlan(command, target), output, untilDone());
        assert.equal(outcome.kind, 'succeeded', output.stderr);
      },
      async applyConfigMap(name, data) {
        const applied = await transport.json(
          {
            method: 'PATCH',
            path: `/api/v1/namespaces/production/configmaps/${name}`,
            query: { fieldManager: 'deploy-bot', force: true },
            contentType: 'application/apply-patch+yaml',
            body: JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data }),
          },
          untilDone(),
        );
        assert.ok(applied.ok, applied.ok ? '' : applied.failure.message);
      },
      async dispose() {
        await Promise.all([changes.dispose(), transport.dispose()]);
        await lab.dispose();
      },
    };
  },
});
