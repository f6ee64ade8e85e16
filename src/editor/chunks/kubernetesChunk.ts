import * as vscode from 'vscode';
import type { KubernetesPlan, Target } from '../../core/plan/plan.ts';
import type { Executor } from '../../core/ports.ts';
import type { ApplicationResources } from '../../executors/applicationResources.ts';
import { failed, type Result } from '../../core/errors.ts';
import type * as Chunk from '../../executors/kubernetes/kubernetesExecutor.ts';
import type { CommandDeps } from '../commands/commandDeps.ts';
import { requireChunk } from './requireChunk.ts';
import { getSetting } from '../settings.ts';
import { watchFiles } from '../watchFiles.ts';

export interface Kubernetes {
  readonly executor: Executor<KubernetesPlan>;
  readonly reader: Chunk.ClusterReader;
  readonly applications: ApplicationResources;
  readonly readChanges: ReturnType<typeof Chunk.createRecentChanges>['read'];
  readonly readIngressForm: CommandDeps['readIngressForm'];
  /** A kubeconfig with the target's context alone, as text. */
  pinnedKubeconfig(target: Target): Result<string>;
  /** Somebody wrote the kubeconfig: another tool may have switched the current context. */
  readonly onDidChangeKubeconfig: vscode.Event<void>;
  dispose(): Promise<void>;
}

/**
 * The Kubernetes side as a lazy chunk beside the main bundle: read from disk when a cluster is first asked for, so
 * that a window where no incident happens never pays for it.
 */
export function createKubernetes(): Kubernetes {
  let loaded: ReturnType<typeof load> | undefined;
  const changed = new vscode.EventEmitter<void>();
  const get = (): ReturnType<typeof load> => (loaded ??= load(() => changed.fire()));
  // A look-up may start a credential plugin and always leaves the machine: neither happens unasked in a folder that
  // nobody has trusted.
  const whenTrusted = <T>(ask: () => Promise<Result<T>>): Promise<Result<T>> =>
    vscode.workspace.isTrusted
      ? ask()
      : Promise.resolve(
          failed(
            'untrusted',
            'This workspace is in Restricted Mode, so no cluster was asked. Trust it first.',
          ),
        );
  return {
    executor: {
      run: (plan, io, signal) => get().executor.run(plan, io, signal),
      inspect: (plan, signal) => get().executor.inspect(plan, signal),
      foresee: async (plan, signal) => (await get().executor.foresee?.(plan, signal)) ?? [],
    },
    reader: {
      listContexts: () => get().reader.listContexts(),
      listNamespaces: (...args) => whenTrusted(() => get().reader.listNamespaces(...args)),
      listNames: (...args) => whenTrusted(() => get().reader.listNames(...args)),
      listServices: (...args) => whenTrusted(() => get().reader.listServices(...args)),
      dispose: () => get().reader.dispose(),
    },
    applications: {
      get: (...args) => get().applications.get(...args),
      list: (...args) => get().applications.list(...args),
      patch: (...args) => get().applications.patch(...args),
      mayPatch: (...args) => get().applications.mayPatch(...args),
    },
    readChanges: (...args) => whenTrusted(() => get().changes.read(...args)),
    readIngressForm: (...args) => whenTrusted(() => get().executor.readIngressForm(...args)),
    pinnedKubeconfig: (target) => {
      const kubeconfig = get().loadKubeconfig();
      return kubeconfig.ok ? get().chunk.pinnedKubeconfig(kubeconfig.value, target) : kubeconfig;
    },
    onDidChangeKubeconfig: changed.event,
    dispose: async () => {
      changed.dispose();
      loaded?.watcher.dispose();
      await loaded?.executor.dispose();
      await loaded?.reader.dispose();
      await loaded?.applications.dispose();
      await loaded?.changes.dispose();
    },
  };
}

function load(kubeconfigChanged: () => void) {
  const chunk = requireChunk('kubernetes') as typeof Chunk;
  const paths = () => chunk.kubeconfigPaths(process.env, getSetting('kubeconfig').trim() || undefined);
  const loadKubeconfig = () => chunk.loadKubeconfig({ paths: paths() });
  return {
    chunk,
    watcher: watchFiles(paths(), kubeconfigChanged),
    loadKubeconfig,
    executor: chunk.createKubernetesExecutor({ loadKubeconfig }),
    reader: chunk.createClusterReader({ loadKubeconfig }),
    applications: chunk.createApplicationResources({ loadKubeconfig }),
    changes: chunk.createRecentChanges({ loadKubeconfig }),
  };
}
