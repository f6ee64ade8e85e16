import path from 'node:path';
import type { KubernetesPrograms } from '../builds/kubernetes.ts';
import { freePort } from '../freePort.ts';
import { fetchStatus } from '../httpProbe.ts';
import { startProcess } from '../labProcess.ts';
import type { Certificates } from './certificates.ts';

const minuteMs = 60_000;

interface Common {
  readonly folder: string;
  readonly certificates: Certificates;
}

/** Starts etcd with its data in `folder` and gives its address. Nothing is synced to the disk: the data is for a test. */
export async function startEtcd(program: string, folder: string): Promise<string> {
  const url = `http://127.0.0.1:${await freePort()}`;
  const peer = `http://127.0.0.1:${await freePort()}`;
  await startProcess({
    name: 'etcd',
    command: program,
    args: [
      ...['--name=lab', `--data-dir=${path.join(folder, 'etcd')}`, '--unsafe-no-fsync', '--log-level=warn'],
      ...[`--listen-client-urls=${url}`, `--advertise-client-urls=${url}`],
      ...[`--listen-peer-urls=${peer}`, `--initial-advertise-peer-urls=${peer}`],
      `--initial-cluster=lab=${peer}`,
    ],
    folder,
    ready: async () => (await fetchStatus(`${url}/health`)) === 200,
    timeoutMs: minuteMs,
  });
  return url;
}

/** Starts the API server and gives its address; ready when it says so to the user of `adminToken`. */
export async function startApiServer(
  program: string,
  options: Common & { etcd: string; tokenFile: string; adminToken: string },
): Promise<string> {
  const { folder, certificates, etcd, tokenFile, adminToken } = options;
  const { authority, server, accountKey } = certificates;
  const port = await freePort();
  const url = `https://127.0.0.1:${port}`;
  await startProcess({
    name: 'kube-apiserver',
    command: program,
    args: [
      ...[`--etcd-servers=${etcd}`, `--secure-port=${port}`, '--bind-address=127.0.0.1'],
      ...['--advertise-address=127.0.0.1', `--cert-dir=${folder}`, '--service-cluster-ip-range=10.96.0.0/16'],
      ...[`--tls-cert-file=${server.certificate}`, `--tls-private-key-file=${server.key}`],
      ...[`--client-ca-file=${authority.certificate}`, `--token-auth-file=${tokenFile}`],
      ...['--service-account-issuer=https://kubernetes.default.svc', '--authorization-mode=RBAC'],
      ...[`--service-account-key-file=${accountKey}`, `--service-account-signing-key-file=${accountKey}`],
      ...['--kubelet-preferred-address-types=InternalIP', '--disable-admission-plugins=ServiceAccount'],
    ],
    folder,
    ready: async () =>
      (await fetchStatus(`${url}/readyz`, { authority: authority.certificate, token: adminToken })) === 200,
    timeoutMs: 2 * minuteMs,
  });
  return url;
}

/** Starts the controller manager and the scheduler, which act as the user of `kubeconfig`. */
export async function startControllers(
  programs: KubernetesPrograms,
  options: Common & { kubeconfig: string },
): Promise<void> {
  const { folder, certificates, kubeconfig } = options;
  const { authority, server, accountKey } = certificates;
  const controller = {
    'kube-controller-manager': [
      `--root-ca-file=${authority.certificate}`,
      `--service-account-private-key-file=${accountKey}`,
      '--service-cluster-ip-range=10.96.0.0/16',
    ],
    'kube-scheduler': [],
  };
  await Promise.all(
    (['kube-controller-manager', 'kube-scheduler'] as const).map(async (name) => {
      const port = await freePort();
      await startProcess({
        name,
        command: programs[name],
        args: [
          ...[`--kubeconfig=${kubeconfig}`, '--leader-elect=false', '--bind-address=127.0.0.1'],
          ...[`--secure-port=${port}`, '--authentication-skip-lookup=true'],
          ...[`--tls-cert-file=${server.certificate}`, `--tls-private-key-file=${server.key}`],
          ...controller[name],
        ],
        folder,
        ready: () => isHealthy(port, certificates),
        timeoutMs: minuteMs,
      });
    }),
  );
}

/** Starts kwok, which is every node's kubelet, with the configuration files given. */
export async function startKwok(
  program: string,
  options: Common & {
    kubeconfig: string;
    configurations: readonly string[];
    /** Kinds that kwok reads from the cluster instead of from its configuration. */
    kinds: readonly string[];
  },
): Promise<void> {
  const { folder, certificates, kubeconfig, configurations, kinds } = options;
  const port = await freePort();
  await startProcess({
    name: 'kwok',
    command: program,
    args: [
      ...[`--kubeconfig=${kubeconfig}`, '--manage-all-nodes=true', '--node-ip=127.0.0.1'],
      ...[`--node-port=${port}`, `--server-address=127.0.0.1:${port}`, `--enable-crds=${kinds.join(',')}`],
      `--tls-cert-file=${certificates.server.certificate}`,
      `--tls-private-key-file=${certificates.server.key}`,
      ...configurations.map((file) => `--config=${file}`),
    ],
    // Without a home of its own it would read the person's configuration of kwok.
    env: { HOME: folder, KWOK_WORKDIR: path.join(folder, 'kwok') },
    folder,
    ready: () => isHealthy(port, certificates),
    timeoutMs: minuteMs,
  });
}

/** Starts the second server that passes everything on to the first one and logs it; gives its address. */
export async function startSecondServer({
  folder,
  certificates,
  upstream,
  log,
}: Common & { upstream: string; log: string }): Promise<string> {
  const { server, authority } = certificates;
  const port = await freePort();
  const url = `https://127.0.0.1:${port}`;
  await startProcess({
    name: 'second-server',
    command: process.execPath,
    args: [
      path.join(import.meta.dirname, '..', 'secondServer.ts'),
      ...['--port', String(port), '--upstream', upstream, '--log', log],
      ...['--certificate', server.certificate, '--key', server.key, '--authority', authority.certificate],
    ],
    folder,
    ready: async () => (await fetchStatus(`${url}/lab/ready`, { authority: authority.certificate })) === 200,
    timeoutMs: minuteMs,
  });
  return url;
}

const isHealthy = async (port: number, { authority }: Certificates) =>
  (await fetchStatus(`https://127.0.0.1:${port}/healthz`, { authority: authority.certificate })) === 200;
