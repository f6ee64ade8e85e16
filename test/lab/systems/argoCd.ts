import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { PlainFailure, runQuietly } from '../../../scripts/cache.mjs';
import {
  applicationObject,
  applicationSpec,
  automated,
  createApplication,
  waitForHealthy,
} from '../argocd/applications.ts';
import { clearCluster } from '../argocd/clearCluster.ts';
import { startServers } from '../argocd/servers.ts';
import {
  createPlainRepository,
  createRepository,
  missingGit,
  type LabRepository,
} from '../argocd/repositories.ts';
import { createSettings, type ArgoCdAccount } from '../argocd/settings.ts';
import { ensureArgoCd } from '../builds/argocd.ts';
import { missingGo } from '../goBuild.ts';
import type { LabSystem, SystemContext } from '../labSystem.ts';

export interface ArgoCdDescription {
  /** Plain http; the API is below `/api/v1`. */
  readonly url: string;
  /** The unmodified command line of the server's version. */
  readonly argocd: string;
  /** Arguments that make `argocd` talk to this server as `incident`, put behind the subcommand. */
  readonly arguments: readonly string[];
  /** `admin` may everything, `incident` what a responder needs, `reader` only see. */
  readonly tokens: Readonly<Record<ArgoCdAccount, string>>;
  /** Where the Application resources are. */
  readonly namespace: 'argocd';
  /** Where the applications put their objects. */
  readonly destination: string;
  readonly applications: {
    /** Without a sync policy: it may be rolled back. */
    readonly manual: LabApplication;
    /** Auto-sync with self-heal: a rollback is refused and a scale is put back. */
    readonly automated: LabApplication;
    /** Made by the ApplicationSet `shop`, whose controller puts its settings back. */
    readonly fromSet: LabApplication;
    /** Made by the application `platform`, which syncs itself and puts its settings back. */
    readonly child: LabApplication;
  };
}

export interface LabApplication extends LabRepository {
  readonly name: string;
}

/** Argo CD with a history of releases: https://argo-cd.readthedocs.io/en/stable/operator-manual/architecture/ */
export const argoCd: LabSystem<'argoCd'> = {
  name: 'argoCd',
  needs: ['redis', 'kubernetes'],
  missing: () => missingGo() ?? missingGit(),
  build: ensureArgoCd,
  start,
};

const namespace = 'argocd';
const destination = 'production';
const appNames = {
  manual: 'storefront',
  automated: 'loyalty',
  fromSet: 'recommendations',
  child: 'invoices',
} as const;

async function start({ folder, running: { kubernetes, redis } }: SystemContext): Promise<ArgoCdDescription> {
  if (!kubernetes || !redis) throw new PlainFailure('Argo CD needs the Kubernetes and the Redis of the lab.');
  const { program, definitions } = await ensureArgoCd();
  const now = Date.now();
  const settings = createSettings(now);
  const kubectl = (...args: readonly string[]) =>
    runQuietly(kubernetes.kubectl, ['--kubeconfig', kubernetes.kubeconfigs.admin, ...args]);
  const apply = async (name: string, objects: readonly object[]) => {
    const file = path.join(folder, `${name}.json`);
    await writeFile(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }, null, 2), {
      mode: 0o600,
    });
    await kubectl('apply', '--server-side', '--force-conflicts', '-f', file);
  };

  for (const file of definitions) await kubectl('apply', '--server-side', '--force-conflicts', '-f', file);
  await clearCluster(kubectl, { namespace, destination, names: Object.values(appNames) });
  const namespaces = [namespace, destination].map((name) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name },
  }));
  await apply('settings', [...namespaces, ...settings.objects]);

  const { address } = await startServers({
    folder,
    program,
    kubeconfig: kubernetes.kubeconfigs.admin,
    redis: redis.address,
    namespace,
  });
  const url = `http://${address}`;
  const api = { url, token: settings.tokens.admin };

  const repository = async (name: string) => ({
    name,
    ...(await createRepository(path.join(folder, 'repositories', name), name, now)),
  });
  const [manual, synced] = [await repository(appNames.manual), await repository(appNames.automated)];
  const [fromSet, child] = [await repository(appNames.fromSet), await repository(appNames.child)];
  await createApplication(api, manual.name, applicationSpec(manual.folder, destination), manual);
  await createApplication(api, synced.name, applicationSpec(synced.folder, destination, automated), synced);
  const childObject = applicationObject(child.name, applicationSpec(child.folder, destination, automated));
  const platform = await createPlainRepository(
    path.join(folder, 'repositories', 'platform'),
    { 'application.yaml': childObject },
    now,
  );
  await apply('applications', [
    applicationObject('platform', applicationSpec(platform.folder, namespace, automated)),
    applicationSet(fromSet),
  ]);
  const applications = { manual, automated: synced, fromSet, child };
  for (const { name } of Object.values(applications)) await waitForHealthy(api, name);
  await waitForHealthy(api, 'platform');
  for (const { name, releases } of [manual, synced]) await backdateHistory(name, releases);

  const config = path.join(folder, 'argocd-config');
  await mkdir(config, { mode: 0o700 });
  return {
    url,
    argocd: program,
    arguments: [
      ...['--server', address, '--plaintext', '--config', path.join(config, 'config')],
      ...['--auth-token', settings.tokens.incident],
    ],
    tokens: settings.tokens,
    namespace,
    destination,
    applications,
  };

  /** The releases went live a few minutes after their commits, not within the seconds of this start. */
  async function backdateHistory(name: string, releases: LabRepository['releases']): Promise<void> {
    const application = JSON.parse(
      await kubectl('get', 'application', name, '-n', namespace, '-o', 'json'),
    ) as { status: { history: readonly object[] } };
    const history = application.status.history.map((entry, index) => {
      const live = (releases[index]?.committedAt ?? now) + 4 * 60_000;
      const at = (ms: number) => new Date(ms).toISOString().replace(/\.\d+/, '');
      return { ...entry, deployStartedAt: at(live - 20_000), deployedAt: at(live) };
    });
    const file = path.join(folder, `${name}-history.json`);
    await writeFile(file, JSON.stringify({ status: { history } }));
    const patch = await readFile(file, 'utf8');
    await kubectl('patch', 'application', name, '-n', namespace, '--type=merge', '-p', patch);
  }
}

const applicationSet = ({ name, folder }: LabApplication) => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'ApplicationSet',
  metadata: { name: 'shop', namespace },
  spec: {
    goTemplate: true,
    generators: [{ list: { elements: [{ app: name }] } }],
    template: {
      metadata: { name: '{{.app}}' },
      spec: applicationSpec(folder, destination, automated),
    },
  },
});
