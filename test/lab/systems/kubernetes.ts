import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { exists, PlainFailure } from '../../../scripts/cache.mjs';
import { ensureEtcd } from '../builds/etcd.ts';
import { ensureKubernetes, kubernetesVersion } from '../builds/kubernetes.ts';
import { ensureKwok } from '../builds/kwok.ts';
import { missingGo } from '../goBuild.ts';
import { accessRules, certificateUser, tokenUsers, type TokenUser } from '../kubernetes/accessRules.ts';
import {
  createCertificates,
  missingOpenssl,
  otherName,
  type Certificates,
} from '../kubernetes/certificates.ts';
import {
  startApiServer,
  startControllers,
  startEtcd,
  startKwok,
  startSecondServer,
} from '../kubernetes/controlPlane.ts';
import { writeKubeconfig } from '../kubernetes/kubeconfig.ts';
import { createKubectl, type Kubectl } from '../kubernetes/kubectl.ts';
import { troubleStages } from '../kubernetes/troubleStages.ts';
import * as world from '../kubernetes/world.ts';
import { startProcess } from '../labProcess.ts';
import type { LabSystem, SystemContext } from '../labSystem.ts';

export interface KubernetesDescription {
  readonly server: string;
  /** The second server: the same cluster under another address, which writes every request into `secondServerLog`. */
  readonly secondServer: string;
  /** One JSON line per request, empty at the start. */
  readonly secondServerLog: string;
  /** The certificate authority's PEM file; the servers' certificate is also valid for `otherName`. */
  readonly authority: string;
  readonly otherName: string;
  /** The unmodified kubectl of the servers' version. */
  readonly kubectl: string;
  readonly version: string;
  /** Everybody's kubeconfig; each has the contexts `production` (current) and `staging` (the second server). */
  readonly kubeconfigs: Readonly<Record<TokenUser | 'certificate', string>>;
  readonly contexts: { readonly production: 'production'; readonly staging: 'staging' };
  readonly tokens: Readonly<Record<TokenUser, string>>;
  readonly clientCertificate: { readonly certificate: string; readonly key: string };
  /** Log files, `<namespace>/<pod>/<container>.log` in CRI format: append a line and a follower sees it. */
  readonly podLogs: string;
  /** The folder in which `exec` runs its commands. */
  readonly execFolder: string;
}

/** A Kubernetes cluster without containers: real servers, and kwok in the place of the nodes' kubelets. */
export const kubernetes: LabSystem<'kubernetes'> = {
  name: 'kubernetes',
  missing: () => missingGo() ?? missingOpenssl(),
  build: async () => {
    await ensureEtcd();
    await ensureKubernetes();
    await ensureKwok();
  },
  start,
};

async function start({ folder, running }: SystemContext): Promise<KubernetesDescription> {
  const programs = await ensureKubernetes();
  const kwok = await ensureKwok();
  const certificates = await createCertificates(folder, certificateUser);
  const authority = certificates.authority.certificate;
  const tokens = createTokens();
  const common = { folder, certificates };

  const etcd = await startEtcd(await ensureEtcd(), folder);
  const tokenFile = await writeTokenFile(folder, tokens);
  const server = await startApiServer(programs['kube-apiserver'], {
    ...common,
    ...{ etcd, tokenFile, adminToken: tokens.admin },
  });
  const secondServerLog = path.join(folder, 'second-server-requests.log');
  const secondServer = await startSecondServer({ ...common, upstream: server, log: secondServerLog });
  const credentials = credentialsOf(tokens, certificates);
  const servers = { production: server, staging: secondServer };
  for (const { user, file, proof } of credentials.map((one) => ({
    ...one,
    file: fileOf(folder, one.name),
  }))) {
    await writeKubeconfig(file, { servers, user, credentials: proof, authority });
  }
  const kubeconfigs = Object.fromEntries(
    credentials.map(({ name }) => [name, fileOf(folder, name)]),
  ) as KubernetesDescription['kubeconfigs'];

  const kubectl = createKubectl(programs.kubectl, kubeconfigs.admin, folder);
  await startControllers(programs, { ...common, kubeconfig: kubeconfigs.admin });
  await kubectl.run('create', '-f', kwok.logsDefinition);
  await kubectl.run('wait', '--for=condition=Established', 'crd/logs.kwok.x-k8s.io', '--timeout=60s');
  const execFolder = path.join(folder, 'exec');
  await mkdir(execFolder);
  await startKwok(kwok.program, {
    ...common,
    kubeconfig: kubeconfigs.admin,
    configurations: [...kwok.stageFiles, await writeKwokConfiguration(folder, execFolder, running)],
    kinds: ['Logs'],
  });
  const podLogs = path.join(folder, 'pod-logs');
  await startLogKeeper({ ...common, server, token: tokens.admin, podLogs });
  await createObjects(kubectl);
  return {
    ...{
      server,
      secondServer,
      secondServerLog,
      authority,
      otherName,
      kubeconfigs,
      tokens,
      podLogs,
      execFolder,
    },
    kubectl: programs.kubectl,
    version: kubernetesVersion,
    contexts: { production: 'production', staging: 'staging' },
    clientCertificate: certificates.client,
  };
}

const fileOf = (folder: string, name: string) => path.join(folder, `${name}.kubeconfig`);

/** New ones for every lab: they are no secrets, and nobody can take them for such. */
function createTokens(): Record<TokenUser, string> {
  const names = Object.keys(tokenUsers) as TokenUser[];
  return Object.fromEntries(names.map((name) => [name, `lab-${name}-${randomUUID()}`])) as Record<
    TokenUser,
    string
  >;
}

/** The API server's static token file: https://kubernetes.io/docs/reference/access-authn-authz/authentication/ */
async function writeTokenFile(folder: string, tokens: Record<TokenUser, string>): Promise<string> {
  const file = path.join(folder, 'tokens.csv');
  const lines = (Object.keys(tokenUsers) as TokenUser[]).map(
    (name) => `${tokens[name]},${name},${name},"${tokenUsers[name].join(',')}"\n`,
  );
  await writeFile(file, lines.join(''), { mode: 0o600 });
  return file;
}

function credentialsOf(tokens: Record<TokenUser, string>, { client }: Certificates) {
  const people = Object.keys(tokenUsers) as TokenUser[];
  const byToken = people.map((name) => ({ name, user: name, proof: { token: tokens[name] } }));
  return [...byToken, { name: 'certificate', user: certificateUser.name, proof: { client } }];
}

/** What kwok does in the lab beside its own stages: pods in trouble, and commands that really run on this machine. */
async function writeKwokConfiguration(
  folder: string,
  execFolder: string,
  { postgresql }: SystemContext['running'],
): Promise<string> {
  const searched = [postgresql?.programs, process.env['PATH']].filter((one) => one !== undefined);
  const variables = { ...postgresql?.env, PATH: searched.join(path.delimiter), HOME: execFolder };
  const envs = Object.entries(variables).map(([name, value]) => ({ name, value }));
  const exec = {
    apiVersion: 'kwok.x-k8s.io/v1alpha1',
    kind: 'ClusterExec',
    metadata: { name: 'lab' },
    spec: { execs: [{ local: { workDir: execFolder, envs } }] },
  };
  const file = path.join(folder, 'kwok.yaml');
  await writeFile(file, [exec, ...troubleStages].map((one) => `${JSON.stringify(one)}\n`).join('---\n'));
  return file;
}

async function startLogKeeper(options: {
  folder: string;
  certificates: Certificates;
  server: string;
  token: string;
  podLogs: string;
}): Promise<void> {
  const { folder, certificates, server, token, podLogs } = options;
  const tokenFile = path.join(folder, 'log-keeper.token');
  const readyFile = path.join(folder, 'log-keeper.ready');
  await writeFile(tokenFile, token, { mode: 0o600 });
  await startProcess({
    name: 'log-keeper',
    command: process.execPath,
    args: [
      path.join(import.meta.dirname, '..', 'podLogKeeper.ts'),
      ...['--server', server, '--authority', certificates.authority.certificate],
      ...['--token-file', tokenFile, '--folder', podLogs, '--ready-file', readyFile],
    ],
    folder,
    ready: () => exists(readyFile),
    timeoutMs: 30_000,
  });
}

/** Fills the cluster, payment-service in two releases, and waits until everything that can run does. */
async function createObjects(kubectl: Kubectl): Promise<void> {
  await kubectl.create('nodes', world.nodes);
  await kubectl.create('namespaces', world.namespaces);
  await kubectl.create('access', accessRules);
  await kubectl.create('definitions', world.definitions);
  await kubectl.create('workloads', world.workloads);
  await kubectl.run('wait', '--for=condition=Established', 'crd/releases.lab.incident', '--timeout=60s');
  await kubectl.create('releases', world.releases);
  await kubectl.run(
    ...['patch', 'ingress', 'storefront', '-n', 'production', '--subresource=status', '--type=merge'],
    ...['-p', JSON.stringify({ status: { loadBalancer: { ingress: [{ ip: '203.0.113.10' }] } } })],
  );
  await rollOut(kubectl, 'production');
  await kubectl.run(
    ...['patch', 'deployment', 'payment-service', '-n', 'production'],
    ...['-p', JSON.stringify(world.presentRelease)],
  );
  for (const namespace of ['production', 'staging', 'kube-system']) await rollOut(kubectl, namespace);
  await kubectl.run('wait', '-n', 'staging', 'job', '--all', '--for=condition=Complete', '--timeout=120s');
  await untilLogged(kubectl);
}

async function rollOut(kubectl: Kubectl, namespace: string): Promise<void> {
  const names = await kubectl.run(
    'get',
    'deployments,statefulsets,daemonsets',
    '-n',
    namespace,
    '-o',
    'name',
  );
  for (const name of names.split('\n').filter((one) => one !== '')) {
    await kubectl.run('rollout', 'status', name, '-n', namespace, '--timeout=120s');
  }
}

/** Waits until every pod that has a node has logs, and none that is gone. */
async function untilLogged(kubectl: Kubectl): Promise<void> {
  const names = async (kind: string) =>
    (
      await kubectl.run(
        'get',
        kind,
        '-A',
        '--no-headers',
        '-o',
        'custom-columns=A:.metadata.namespace,B:.metadata.name',
      )
    )
      .trim()
      .split('\n')
      .sort()
      .join('\n');
  const deadline = Date.now() + 60_000;
  while ((await names('pods')) !== (await names('logs.kwok.x-k8s.io'))) {
    if (Date.now() > deadline)
      throw new PlainFailure('Not every pod of the lab has got its logs within 60 s.');
    await wait(200);
  }
}
