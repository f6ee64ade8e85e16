import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KubernetesPlan, Outcome } from '../../../../src/core/plan/plan.ts';
import {
  createKubernetesExecutor,
  loadKubeconfig,
} from '../../../../src/executors/kubernetes/kubernetesExecutor.ts';
import type { KubernetesExecutor } from '../../../../src/executors/kubernetes/kubernetesExecutor.ts';
import type { CollectedOutput } from '../collectOutput.ts';
import { collectOutput, untilDone } from '../collectOutput.ts';
import type { FakeApi } from './kubernetesFixtures.ts';
import { kubernetesPlan, startFakeApi, writeKubeconfig } from './kubernetesFixtures.ts';

/** One fake API server, the context `prod` that leads to it, and an executor; made afresh for each test. */
export interface FakeCluster {
  readonly folder: string;
  readonly api: FakeApi;
  readonly executor: KubernetesExecutor;
  run(
    action: KubernetesPlan['action'],
    parts?: Partial<KubernetesPlan>,
    signal?: AbortSignal,
  ): Promise<{ readonly outcome: Outcome; readonly output: CollectedOutput }>;
  inspect(action: KubernetesPlan['action']): ReturnType<KubernetesExecutor['inspect']>;
  /** `GET /api/v1/…` for each request so far. */
  paths(): string[];
}

/** Registers the hooks of this suite; what is returned is valid inside its tests. */
export function useFakeCluster(): FakeCluster {
  let folder: string;
  let api: FakeApi;
  let executor: KubernetesExecutor;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'kubernetes-executor-'));
    api = await startFakeApi();
    const path = writeKubeconfig(folder, [{ name: 'prod', server: api.url, namespace: 'shop' }], 'prod');
    executor = createKubernetesExecutor({
      loadKubeconfig: () => loadKubeconfig({ paths: [path] }),
      timeoutMs: 2000,
    });
  });
  afterEach(async () => {
    await executor.dispose();
    api.dispose();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    get folder() {
      return folder;
    },
    get api() {
      return api;
    },
    get executor() {
      return executor;
    },
    async run(action, parts = {}, signal = untilDone()) {
      const output = collectOutput();
      const outcome = await executor.run(kubernetesPlan(action, parts), output, signal);
      return { outcome, output };
    },
    inspect: (action) => executor.inspect(kubernetesPlan(action), untilDone()),
    paths: () => api.requests.map(({ method, path }) => `${method} ${path}`),
  };
}
