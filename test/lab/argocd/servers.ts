import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { freePort } from '../freePort.ts';
import { fetchStatus } from '../httpProbe.ts';
import { startProcess } from '../labProcess.ts';

interface ServersOptions {
  readonly folder: string;
  readonly program: string;
  readonly kubeconfig: string;
  /** `host:port` */
  readonly redis: string;
  readonly namespace: string;
}

/**
 * Starts Argo CD's repository server, application controller, ApplicationSet controller and API server: one program,
 * its role chosen by `ARGOCD_BINARY_NAME`. Resolves with the API server's `host:port`, plain http.
 */
export async function startServers(options: ServersOptions): Promise<{ readonly address: string }> {
  const { folder, program, kubeconfig, redis, namespace } = options;
  const inFolder = async (name: string) => {
    const made = path.join(folder, name);
    await mkdir(made, { recursive: true, mode: 0o700 });
    return made;
  };
  const env = {
    KUBECONFIG: kubeconfig,
    // The cluster of the kubeconfig answers to the name that a pod would call it by.
    ARGOCD_FAKE_IN_CLUSTER: 'true',
    ARGOCD_TLS_DATA_PATH: await inFolder('tls'),
    ARGOCD_SSH_DATA_PATH: await inFolder('ssh'),
    ARGOCD_GNUPGHOME: await inFolder('gnupg'),
    ARGOCD_GPG_ENABLED: 'false',
    // How old a look into a repository or the cluster may be before the next; three minutes if nobody says.
    ARGOCD_RECONCILIATION_TIMEOUT: '15s',
    ARGOCD_RECONCILIATION_JITTER: '0s',
    HOME: await inFolder('home'),
    TMPDIR: await inFolder('tmp'),
  };
  const startServer = (role: string, args: readonly string[], health: string, timeoutMs: number) =>
    startProcess({
      name: role,
      command: program,
      args: [...args, '--loglevel=warn', '--logformat=text'],
      env: { ...env, ARGOCD_BINARY_NAME: role },
      cwd: folder,
      folder,
      ready: async () => (await fetchStatus(health)) === 200,
      timeoutMs,
    });
  const here = '127.0.0.1';
  const repoPort = await freePort();
  const repoMetrics = await freePort();
  await startServer(
    'argocd-repo-server',
    [
      ...[
        `--address=${here}`,
        `--port=${repoPort}`,
        `--metrics-address=${here}`,
        `--metrics-port=${repoMetrics}`,
      ],
      ...[`--redis=${redis}`, '--disable-tls'],
    ],
    `http://${here}:${repoMetrics}/healthz?full=true`,
    60_000,
  );
  const repoServer = [`--repo-server=${here}:${repoPort}`, '--repo-server-plaintext'];
  const cluster = [`--kubeconfig=${kubeconfig}`, `--namespace=${namespace}`];

  // This one server has no option for the address of its metrics.
  const controllerMetrics = await freePort();
  await startServer(
    'argocd-application-controller',
    [`--redis=${redis}`, ...repoServer, ...cluster, `--metrics-port=${controllerMetrics}`],
    `http://${here}:${controllerMetrics}/healthz`,
    60_000,
  );

  const [setMetrics, setProbe, setWebhook] = [await freePort(), await freePort(), await freePort()];
  await startServer(
    'argocd-applicationset-controller',
    [
      ...[`--argocd-repo-server=${here}:${repoPort}`, '--repo-server-plaintext', ...cluster],
      `--metrics-addr=${here}:${setMetrics}`,
      `--probe-addr=${here}:${setProbe}`,
      `--webhook-addr=${here}:${setWebhook}`,
    ],
    // It has a probe's port and no probe: its metrics come when it works.
    `http://${here}:${setMetrics}/metrics`,
    60_000,
  );

  const [port, metrics] = [await freePort(), await freePort()];
  await startServer(
    'argocd-server',
    [
      ...[`--address=${here}`, `--port=${port}`, `--metrics-address=${here}`, `--metrics-port=${metrics}`],
      ...[`--redis=${redis}`, ...repoServer, ...cluster, '--insecure'],
    ],
    `http://${here}:${port}/healthz?full=true`,
    60_000,
  );
  return { address: `${here}:${port}` };
}
