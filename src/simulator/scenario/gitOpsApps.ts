import type { ApplicationSource, Automated, Release } from '../state/applications.ts';
import { hex } from '../state/names.ts';
import { timestamp } from '../state/objects.ts';
import type { World } from '../state/world.ts';

const dayMs = 86_400_000;
const repository = 'https://git.example.com/shop/deploy.git';
const namespace = 'argocd';
const tracking = 'argocd.argoproj.io/tracking-id';

interface Past {
  readonly daysAgo: number;
  readonly version: string;
  readonly author: string;
  readonly message: string;
}

interface GitOpsApp {
  readonly name: string;
  readonly past: readonly Past[];
  readonly automated?: Automated;
  /** Git names the number of replicas, so that a scale by hand is a difference. */
  readonly countsReplicas?: true;
  readonly applicationSet?: string;
  readonly parent?: string;
}

const ana = 'Ana Duarte <ana@example.com>';
const kofi = 'Kofi Mensah <kofi@example.com>';

/** payment-service is deployed by hand; search heals itself; catalog and notifications belong to others. */
const gitOpsApps: readonly GitOpsApp[] = [
  {
    name: 'payment-service',
    past: [
      { daysAgo: 16, version: '2.40.1', author: kofi, message: 'Release 2.40.1: fewer log lines' },
      { daysAgo: 9, version: '2.40.2', author: ana, message: 'Release 2.40.2: fix rounding of refunds' },
      {
        daysAgo: 0,
        version: '2.41.0',
        author: kofi,
        message: 'Release 2.41.0: keep requests while the provider is slow\n\nNo limit for now.',
      },
    ],
  },
  {
    name: 'search',
    automated: { prune: true, selfHeal: true },
    countsReplicas: true,
    past: [
      { daysAgo: 11, version: '1.18.3', author: ana, message: 'Release 1.18.3' },
      { daysAgo: 2, version: '1.19.0', author: ana, message: 'Release 1.19.0: synonyms' },
    ],
  },
  {
    name: 'catalog',
    automated: {},
    applicationSet: 'shop',
    past: [
      { daysAgo: 8, version: '3.8.0', author: kofi, message: 'Release 3.8.0' },
      { daysAgo: 5, version: '3.8.1', author: kofi, message: 'Release 3.8.1: cache headers' },
    ],
  },
  {
    name: 'notifications',
    automated: {},
    parent: 'platform',
    past: [
      { daysAgo: 7, version: '0.27.3', author: ana, message: 'Release 0.27.3' },
      { daysAgo: 4, version: '0.27.4', author: ana, message: 'Release 0.27.4: quieter retries' },
    ],
  },
  {
    name: 'platform',
    automated: { selfHeal: true },
    past: [{ daysAgo: 7, version: '1', author: ana, message: 'Bring notifications under Argo CD' }],
  },
];

const sourceOf = (name: string): ApplicationSource => ({
  repoURL: repository,
  path: name,
  targetRevision: 'main',
});

function createGitOpsApp(world: World, app: GitOpsApp): void {
  const { name, past, automated, applicationSet, parent } = app;
  const deployment = world.store.get('deployments', 'production', name);
  const releases = past.map(({ daysAgo, version, author, message }): Release => ({
    revision: hex(`git/${name}/${version}`, 40),
    author,
    message,
    committedAt: world.now - daysAgo * dayMs - 600_000,
    image: `registry.example.com/${name}:${version}`,
    ...(app.countsReplicas && deployment ? { replicas: deployment.spec.replicas } : {}),
  }));
  world.gitOps.releases.set(name, releases);
  if (parent !== undefined && automated !== undefined) world.gitOps.policies.set(name, { parent, automated });
  const set = applicationSet && world.store.get('applicationsets', namespace, applicationSet);
  const source = sourceOf(name);
  const history = releases.map(({ revision, committedAt }, index) => ({
    // The oldest entries are gone, as in a history that has lived longer than it is kept.
    id: index + 4,
    revision,
    deployedAt: timestamp(committedAt + 600_000),
    deployStartedAt: timestamp(committedAt + 598_000),
    source,
    initiatedBy: automated ? { automated: true } : { username: 'admin' },
  }));
  const last = history.at(-1);
  world.store.create(
    'applications',
    {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: {
        name,
        namespace,
        generation: 1,
        ...(parent === undefined
          ? {}
          : { annotations: { [tracking]: `${parent}:argoproj.io/Application:${namespace}/${name}` } }),
        ...(set
          ? {
              ownerReferences: [
                {
                  apiVersion: set.apiVersion,
                  kind: set.kind,
                  name: set.metadata.name,
                  uid: set.metadata.uid,
                  controller: true,
                  blockOwnerDeletion: true,
                },
              ],
            }
          : {}),
      },
      spec: {
        project: 'default',
        source,
        destination: { server: 'https://kubernetes.default.svc', namespace: 'production' },
        ...(automated === undefined ? {} : { syncPolicy: { automated } }),
      },
      status: {
        history,
        ...(last === undefined
          ? {}
          : {
              operationState: {
                operation: { initiatedBy: last.initiatedBy, sync: { revision: last.revision, source } },
                phase: 'Succeeded',
                message: 'successfully synced (all tasks run)',
                startedAt: last.deployStartedAt,
                finishedAt: last.deployedAt,
                syncResult: { revision: last.revision, source, resources: [] },
              },
            }),
      },
    },
    world.now,
  );
  if (deployment)
    world.store.update('deployments', deployment, (draft) => {
      const id = `${name}:apps/Deployment:production/${name}`;
      draft.metadata.annotations = { ...draft.metadata.annotations, [tracking]: id };
    });
}

/** Puts the shop's applications under Argo CD, with the history they have had until the world's present time. */
export function createGitOpsApps(world: World): void {
  world.store.create(
    'applicationsets',
    {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'ApplicationSet',
      metadata: { name: 'shop', namespace, generation: 1 },
      spec: {
        generators: [{ list: { elements: [{ name: 'catalog' }] } }],
        template: { metadata: { name: '{{name}}' }, spec: { syncPolicy: { automated: {} } } },
      },
      status: {},
    },
    world.now,
  );
  for (const app of gitOpsApps) createGitOpsApp(world, app);
}
