import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KubernetesPlan, Outcome } from '../../src/core/plan/plan.ts';
import type { KubernetesExecutor } from '../../src/executors/kubernetes/kubernetesExecutor.ts';
import {
  createKubernetesExecutor,
  loadKubeconfig,
} from '../../src/executors/kubernetes/kubernetesExecutor.ts';
import type { Simulator, SimulatorOptions } from '../../src/simulator/simulator.ts';
import { startSimulator } from '../../src/simulator/simulator.ts';
import type { CollectedOutput } from '../unit/executors/collectOutput.ts';
import { collectOutput, untilDone } from '../unit/executors/collectOutput.ts';
import { get, kubernetesPlan } from '../unit/executors/kubernetes/kubernetesFixtures.ts';

export const context = 'simulated-production';

export interface Ran {
  readonly outcome: Outcome;
  readonly output: CollectedOutput;
}

/** A simulated production with a folder of its own, and the executor pointed at its kubeconfig. */
export interface KubernetesLab {
  readonly folder: string;
  readonly kubeconfig: string;
  readonly simulator: Simulator;
  readonly executor: KubernetesExecutor;
  run(action: KubernetesPlan['action'], parts?: Partial<KubernetesPlan>, signal?: AbortSignal): Promise<Ran>;
  inspect(action: KubernetesPlan['action']): ReturnType<KubernetesExecutor['inspect']>;
  /** The names of pods with this label, in the server's order. */
  podNames(selector: string): Promise<readonly string[]>;
  dispose(): Promise<void>;
}

/** Starts the simulator; with `still`, its time does not go on, so that two reads see the same. */
export async function createKubernetesLab(options: Partial<SimulatorOptions> = {}): Promise<KubernetesLab> {
  const folder = await mkdtemp(join(tmpdir(), 'incident-kubernetes-'));
  const kubeconfig = join(folder, 'kubeconfig');
  const simulator = await startSimulator({ kubeconfigFile: kubeconfig, tickEveryMs: 50, ...options });
  const executor = createKubernetesExecutor({
    loadKubeconfig: () => loadKubeconfig({ paths: [kubeconfig] }),
  });
  const planOf = (action: KubernetesPlan['action'], parts: Partial<KubernetesPlan> = {}) =>
    kubernetesPlan(action, { target: { context, server: simulator.url, namespace: 'production' }, ...parts });
  const lab: KubernetesLab = {
    folder,
    kubeconfig,
    simulator,
    executor,
    async run(action, parts, signal = untilDone()) {
      const output = collectOutput();
      return { outcome: await executor.run(planOf(action, parts), output, signal), output };
    },
    inspect: (action) => executor.inspect(planOf(action), untilDone()),
    async podNames(selector) {
      const { output } = await lab.run(get(['pods'], { selector, output: 'name' }));
      return output.stdout
        .trim()
        .split('\n')
        .map((line) => line.replace('pod/', ''));
    },
    async dispose() {
      await executor.dispose();
      await simulator.dispose();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return lab;
}

/** Simulator options for a time that stands still. */
export function stillTime(): Partial<SimulatorOptions> {
  const at = new Date(Date.now() - 1000);
  return { now: () => at, tickEveryMs: 0 };
}
