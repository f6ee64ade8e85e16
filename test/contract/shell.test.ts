import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import type { ShellPlan } from '../../src/core/plan/plan.ts';
import { loadKubeconfig, pinnedKubeconfig } from '../../src/executors/kubernetes/kubernetesExecutor.ts';
import { createShellExecutor } from '../../src/executors/shell/shellExecutor.ts';
import type { ShellSessions } from '../../src/executors/shell/shellSessions.ts';
import { createShellSessions } from '../../src/executors/shell/shellSessions.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { startSimulator } from '../../src/simulator/simulator.ts';
import { findKubectl } from '../support/kubectl.ts';
import { planOfScript } from '../support/shellBuilders.ts';
import { collectOutput, untilDone } from '../unit/executors/collectOutput.ts';
import type { KubernetesLab } from './kubernetesLab.ts';
import { context, createKubernetesLab, stillTime } from './kubernetesLab.ts';

const kubectl = findKubectl();

if (kubectl === undefined) {
  const why =
    'No kubectl answers on PATH, so shell steps were not tried with it. Install one (Debian: kubernetes-client), ' +
    'name one in INCIDENT_KUBECTL, or set INCIDENT_NO_KUBECTL=1 to go without.';
  describe('shell steps with kubectl', () => {
    it('need a kubectl', () => {
      console.log(why);
      assert.equal(process.env['INCIDENT_NO_KUBECTL'], '1', why);
    });
  });
} else {
  describe('shell steps with kubectl', function () {
    this.timeout(60_000);
    let own: Simulator;
    let lab: KubernetesLab;
    beforeEach(async () => {
      // The person's own current context leads to another cluster, which no step may ever ask.
      lab = await createKubernetesLab(stillTime());
      own = await startSimulator({
        kubeconfigFile: join(lab.folder, 'own'),
        tickEveryMs: 0,
        scenario: 'healthy',
      });
    });
    afterEach(async () => {
      await own.dispose();
      await lab.dispose();
    });

    const run = async (script: string, target: ShellPlan['target'], sessions?: ShellSessions) => {
      const output = collectOutput();
      const executor = createShellExecutor({
        kubeconfigFor: (wanted) => {
          const kubeconfig = loadKubeconfig({ paths: [lab.kubeconfig] });
          return kubeconfig.ok ? pinnedKubeconfig(kubeconfig.value, wanted) : kubeconfig;
        },
        cwd: () => lab.folder,
        env: () => ({
          PATH: `${dirname(kubectl)}:${process.env['PATH']}`,
          HOME: lab.folder,
          KUBECONFIG: join(lab.folder, 'own'),
        }),
        tempFolder: () => join(lab.folder, 'runs'),
        ...(sessions ? { sessions } : {}),
      });
      const plan = planOfScript(script, {
        target,
        ...(sessions ? { session: 'incident/declared/sequence' } : {}),
      });
      const outcome = await executor.run(plan, output, untilDone());
      return { outcome, output };
    };

    it('reach the pinned cluster and namespace, and never the current context', async () => {
      const { outcome, output } = await run('kubectl get pods && kubectl config view -o name', {
        context,
        server: lab.simulator.url,
        namespace: 'production',
      });
      assert.equal(outcome.kind, 'succeeded', output.stderr);
      assert.match(output.stdout, /payment-service-\S+ +0\/1 +CrashLoopBackOff/);
      assert.equal(own.requests.length, 0);
    });

    it('find what an earlier step exported, and still the pinned cluster alone', async () => {
      const sessions = createShellSessions();
      const target = { context, server: lab.simulator.url, namespace: 'production' };
      const left = await run(
        `export KUBECONFIG=${join(lab.folder, 'own')} APP=payment-service; kubectl get pods; exit 3`,
        target,
        sessions,
      );
      assert.equal(left.outcome.kind === 'failed' && left.outcome.exitCode, 3);
      assert.deepEqual(sessions.names('incident/declared/sequence'), ['APP']);
      const asked = own.requests.length;
      const { outcome, output } = await run('kubectl get pods -l app=$APP', target, sessions);
      assert.equal(outcome.kind, 'succeeded', output.stderr);
      assert.match(output.stdout, /^payment-service-\S+ +0\/1 +CrashLoopBackOff/m);
      assert.equal(own.requests.length, asked);
    });

    it('find no cluster at all when none is pinned', async () => {
      const { outcome, output } = await run('kubectl get pods', {});
      assert.equal(outcome.kind, 'failed');
      assert.match(output.stderr, /No cluster is pinned/);
      assert.match(output.stderr, /no-cluster-pinned/);
      assert.equal(own.requests.length + lab.simulator.requests.length, 0);
    });
  });
}
