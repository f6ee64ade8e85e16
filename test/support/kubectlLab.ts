import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Simulator, SimulatorOptions } from '../../src/simulator/simulator.ts';
import { startSimulator } from '../../src/simulator/simulator.ts';
import type { KubectlResult } from './kubectl.ts';
import { findKubectl, kubectlVersion, runKubectl } from './kubectl.ts';

export const kubectl = findKubectl();

/** A suite that needs a real kubectl: without one it says why and fails, unless INCIDENT_NO_KUBECTL=1. */
export function describeUnderKubectl(what: string, suite: () => void): void {
  if (kubectl !== undefined) {
    describe(`${what} under an unmodified kubectl ${kubectlVersion(kubectl)?.join('.')}`, function () {
      this.timeout(60_000);
      suite();
    });
    return;
  }
  const why =
    'No kubectl answers on PATH, so the simulator was not tried under it. Install one (Debian: kubernetes-client), ' +
    'name one in INCIDENT_KUBECTL, or set INCIDENT_NO_KUBECTL=1 to go without.';
  describe(`${what} under an unmodified kubectl`, () => {
    it('needs a kubectl', () => {
      console.log(why);
      assert.equal(process.env['INCIDENT_NO_KUBECTL'], '1', why);
    });
  });
}

/** A simulated production with a folder of its own, and kubectl pointed at nothing but it. */
export interface Lab {
  readonly simulator: Simulator;
  run(...args: string[]): Promise<KubectlResult>;
  /** As `run`, for what goes on until its output is enough. */
  follow(until: (stdout: string) => boolean, ...args: string[]): Promise<KubectlResult>;
  /** As `run`, for what must succeed: the output's lines. */
  lines(...args: string[]): Promise<string[]>;
  dispose(): Promise<void>;
}

/** Starts a simulator and points a kubectl (`file`) at it; time goes on every 50 ms. */
export async function createLab(options: Partial<SimulatorOptions> = {}, file = kubectl ?? ''): Promise<Lab> {
  const home = await mkdtemp(join(tmpdir(), 'incident-kubectl-'));
  const kubeconfig = join(home, 'kubeconfig');
  const simulator = await startSimulator({ kubeconfigFile: kubeconfig, tickEveryMs: 50, ...options });
  const run = (...args: string[]): Promise<KubectlResult> => runKubectl(file, args, { home, kubeconfig });
  return {
    simulator,
    run,
    follow: (until, ...args) => runKubectl(file, args, { home, kubeconfig, until }),
    lines: async (...args) => {
      const { code, stdout, stderr } = await run(...args);
      assert.equal(code, 0, `kubectl ${args.join(' ')} ended with ${code}: ${stderr}`);
      return stdout.trimEnd().split('\n');
    },
    dispose: async () => {
      await simulator.dispose();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** Waits for something that another process brings about. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** The rows of payment-service's pods in the output of `kubectl get pods`. */
export const payment = (lines: readonly string[]): string[] =>
  lines.filter((line) => line.startsWith('payment-service-'));
