import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Result } from '../../core/errors.ts';
import { failed, messageOf, ok } from '../../core/errors.ts';
import type { ShellPlan, Target } from '../../core/plan/plan.ts';
import { argoCdNote, argoCdVariables } from './argoCdEnvironment.ts';
import { awsNote, awsVariables } from './awsEnvironment.ts';

/** Environment variables that tie a child process to the pinned cluster and AWS account; `dispose` removes the credentials. */
export interface PinnedEnvironment {
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Sentences for the output, when cluster tools in the script will find no cluster, or aws no pinned account. */
  readonly note: string | undefined;
  /** The run's own folder, for its user alone; gone after `dispose`. */
  readonly folder: string;
  dispose(): Promise<void>;
}

const clusterTools =
  /(^|[\s;&|(`$/])(kubectl|helm|helmfile|oc|kustomize|stern|k9s|istioctl|linkerd|flux|velero)\b/;

/** A current context that does not exist: kubectl then says so by this name and goes nowhere, not even in-cluster. */
const noContext = 'no-cluster-pinned';
const emptyKubeconfig = JSON.stringify({
  apiVersion: 'v1',
  kind: 'Config',
  'current-context': noContext,
  contexts: [],
  clusters: [],
  users: [],
});

/**
 * Variables that would lead past the pinned kubeconfig; empty counts as not set. BASH_ENV names a script run first.
 * https://helm.sh/docs/helm/helm/ (environment variables)
 */
const emptied = {
  BASH_ENV: '',
  KUBERNETES_MASTER: '',
  ...Object.fromEntries(
    [
      ...['HELM_KUBEAPISERVER', 'HELM_KUBETOKEN', 'HELM_KUBECAFILE', 'HELM_KUBETLS_SERVER_NAME'],
      ...['HELM_KUBEASUSER', 'HELM_KUBEASGROUPS', 'HELM_KUBEINSECURE_SKIP_TLS_VERIFY', 'HELM_NAMESPACE'],
    ].map((name) => [name, '']),
  ),
};

/** kubectl 1.33 and newer: a person's kuberc may set a default `--context`, which wins over the kubeconfig's own. */
const withoutKuberc = { KUBERC: 'off', KUBECTL_KUBERC: 'false' };

/**
 * Writes a kubeconfig (mode 0600, in a folder of its own) with the pinned context alone. Without a context, or when it
 * cannot be resolved and the script does not use a cluster, the file names no cluster at all, so that nothing reaches
 * the machine's current context silently. Fails when a script that uses a cluster has a target that cannot be resolved,
 * and with `storage` when the file cannot be written.
 */
export async function createPinnedEnvironment(
  plan: Pick<ShellPlan, 'script' | 'target'>,
  kubeconfigFor: (target: Target) => Result<string>,
  tempFolder: string,
): Promise<Result<PinnedEnvironment>> {
  const usesCluster = clusterTools.test(plan.script);
  let text = emptyKubeconfig;
  let context = noContext;
  let note: string | undefined;
  if (plan.target.context === undefined) {
    if (usesCluster)
      note =
        'No cluster is pinned for this incident: cluster tools in this step will find none. Pin a target first.';
  } else {
    const pinned = kubeconfigFor(plan.target);
    if (pinned.ok) [text, context] = [pinned.value, plan.target.context];
    else if (usesCluster) return pinned;
    else note = `This step runs without a cluster: ${pinned.failure.message}`;
  }
  let folder: string | undefined;
  try {
    await mkdir(tempFolder, { recursive: true });
    folder = await mkdtemp(join(tempFolder, 'run-'));
    const file = join(folder, 'kubeconfig');
    await writeFile(file, text, { mode: 0o600 });
    const remove = () => rm(folder!, { recursive: true, force: true });
    const variables = {
      ...emptied,
      ...withoutKuberc,
      ...awsVariables(plan.target),
      ...argoCdVariables(plan, folder),
      KUBECONFIG: file,
      HELM_KUBECONTEXT: context,
    };
    const notes = [note, awsNote(plan), argoCdNote(plan)].filter((each) => each !== undefined);
    return ok({ variables, note: notes.length > 0 ? notes.join('\n') : undefined, folder, dispose: remove });
  } catch (thrown) {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true }).catch(() => undefined);
    return failed(
      'storage',
      `The pinned kubeconfig for this step could not be written: ${messageOf(thrown)}. Nothing was run.`,
    );
  }
}
