import { isDeepStrictEqual } from 'node:util';
import type { KubeObject, Workload } from './objects.ts';
import { timestamp } from './objects.ts';
import type { World } from './world.ts';

/** Where an app comes from. */
export interface ApplicationSource {
  repoURL: string;
  path: string;
  targetRevision: string;
}

export interface Automated {
  prune?: boolean;
  selfHeal?: boolean;
  allowEmpty?: boolean;
  enabled?: boolean;
}

export interface SyncOperation {
  initiatedBy?: { username?: string; automated?: boolean };
  sync?: {
    revision?: string;
    prune?: boolean;
    dryRun?: boolean;
    source?: ApplicationSource;
    syncStrategy?: object;
  };
}

export interface ApplicationStatus {
  history?: {
    id: number;
    revision: string;
    deployedAt: string;
    deployStartedAt: string;
    source: ApplicationSource;
    initiatedBy: { username?: string; automated?: boolean };
  }[];
  sync?: { status: string; revision: string };
  health?: { status: string; message?: string };
  resources?: object[];
  summary?: { images: string[] };
  reconciledAt?: string;
  operationState?: {
    operation: SyncOperation;
    phase: string;
    message: string;
    startedAt: string;
    finishedAt?: string;
    syncResult?: { revision: string; source: ApplicationSource; resources: object[] };
  };
}

/** Argo CD's own resource: https://argo-cd.readthedocs.io/en/stable/user-guide/application-specification/ */
export interface Application extends KubeObject {
  operation?: SyncOperation;
  spec: {
    project: string;
    source: ApplicationSource;
    destination: { server: string; namespace: string };
    syncPolicy?: { automated?: Automated };
  };
  status: ApplicationStatus;
}

/** A commit of an app's repository: what it makes of the app's Deployment. */
export interface Release {
  /** Forty hexadecimal letters. */
  readonly revision: string;
  readonly author: string;
  readonly message: string;
  /** ms UTC. */
  readonly committedAt: number;
  readonly image: string;
  /** Undefined where the manifest leaves the number to others. */
  readonly replicas?: number;
}

/** What Argo CD knows besides its resources. */
export interface GitOps {
  /** By app, oldest first; the last is what the branch points to. */
  readonly releases: Map<string, Release[]>;
  /** The sync policies that parent apps have in git, by the app they belong to. */
  readonly policies: Map<string, { readonly parent: string; readonly automated: Automated }>;
  /** When running operations end, in ms UTC, by the app's uid. */
  readonly operations: Map<string, number>;
}

export const createGitOps = (): GitOps => ({
  releases: new Map(),
  policies: new Map(),
  operations: new Map(),
});

/** How long a sync takes in a real cluster, ms. */
const syncMs = 2000;
/** `spec.revisionHistoryLimit`'s default. */
const historyLimit = 10;

export const isAutomated = ({ spec }: Application): boolean =>
  spec.syncPolicy?.automated !== undefined && spec.syncPolicy.automated.enabled !== false;

export const headOf = (world: World, app: Application): Release | undefined =>
  world.gitOps.releases.get(app.metadata.name)?.at(-1);

/** The release of a commit, its short form or the branch's name; nothing named is the branch. */
export function releaseOf(world: World, app: Application, revision: string | undefined): Release | undefined {
  if (revision === undefined || revision === '' || revision === app.spec.source.targetRevision)
    return headOf(world, app);
  return world.gitOps.releases
    .get(app.metadata.name)
    ?.find((release) => revision.length >= 7 && release.revision.startsWith(revision));
}

export const deploymentOf = (world: World, app: Application): Workload | undefined =>
  world.store.get('deployments', app.spec.destination.namespace, app.metadata.name);

const matches = (deployment: Workload | undefined, release: Release | undefined): boolean =>
  deployment === undefined ||
  release === undefined ||
  (deployment.spec.template.spec.containers[0]?.image === release.image &&
    (release.replicas === undefined || deployment.spec.replicas === release.replicas));

/** A Deployment's health as Argo CD judges it: gitops-engine, pkg/health/health_deployment.go. */
function healthOf(deployment: Workload | undefined): { status: string; message?: string } {
  if (deployment === undefined) return { status: 'Healthy' };
  const { metadata, spec, status } = deployment;
  if ((status.observedGeneration ?? 0) < (metadata.generation ?? 1))
    return {
      status: 'Progressing',
      message: 'Waiting for rollout to finish: observed deployment generation less than desired generation',
    };
  if (status.conditions?.some(({ reason }) => reason === 'ProgressDeadlineExceeded'))
    return { status: 'Degraded', message: `Deployment "${metadata.name}" exceeded its progress deadline` };
  const [updated, available] = [status.updatedReplicas ?? 0, status.availableReplicas ?? 0];
  if (updated < spec.replicas || (status.replicas ?? 0) > updated || available < updated)
    return {
      status: 'Progressing',
      message: `Waiting for rollout to finish: ${available} of ${spec.replicas} updated replicas are available...`,
    };
  return { status: 'Healthy' };
}

function applyRelease(world: World, app: Application, release: Release): void {
  const deployment = deploymentOf(world, app);
  if (deployment === undefined || matches(deployment, release)) return;
  world.store.update('deployments', deployment, (draft) => {
    const container = draft.spec.template.spec.containers[0];
    if (container !== undefined) container.image = release.image;
    if (release.replicas !== undefined) draft.spec.replicas = release.replicas;
    draft.metadata.generation = (draft.metadata.generation ?? 1) + 1;
  });
}

const partOf = (deployment: Workload) => ({
  group: 'apps',
  version: 'v1',
  kind: 'Deployment',
  namespace: deployment.metadata.namespace,
  name: deployment.metadata.name,
});

function startOperation(world: World, app: Application, operation: SyncOperation): Application {
  world.gitOps.operations.set(app.metadata.uid, world.now + Math.ceil(syncMs / world.speed));
  return world.store.update('applications', app, (draft) => {
    draft.operation = operation;
    draft.status.operationState = {
      operation,
      phase: 'Running',
      message: 'waiting for healthy state of apps/Deployment/' + app.metadata.name,
      startedAt: timestamp(world.now),
    };
  });
}

function endOperation(world: World, app: Application): Application {
  world.gitOps.operations.delete(app.metadata.uid);
  const operation = app.operation ?? {};
  const release = releaseOf(world, app, operation.sync?.revision);
  const dryRun = operation.sync?.dryRun === true;
  if (release !== undefined && !dryRun) applyRelease(world, app, release);
  const deployment = deploymentOf(world, app);
  const now = timestamp(world.now);
  return world.store.update('applications', app, (draft) => {
    delete draft.operation;
    const { status } = draft;
    const startedAt = status.operationState?.startedAt ?? now;
    const source = operation.sync?.source ?? app.spec.source;
    status.operationState = {
      operation,
      phase: release === undefined ? 'Error' : 'Succeeded',
      message:
        release === undefined
          ? `ComparisonError: Failed to load target state: unable to resolve '${operation.sync?.revision ?? ''}' to a commit SHA`
          : `successfully synced (${dryRun ? 'no more tasks' : 'all tasks run'})`,
      startedAt,
      finishedAt: now,
      ...(release === undefined
        ? {}
        : {
            syncResult: {
              revision: release.revision,
              source,
              resources: deployment
                ? [
                    {
                      ...partOf(deployment),
                      status: 'Synced',
                      message: `deployment.apps/${app.metadata.name} configured`,
                      hookPhase: 'Running',
                      syncPhase: 'Sync',
                    },
                  ]
                : [],
            },
          }),
    };
    if (release === undefined || dryRun) return;
    const history = status.history ?? [];
    const entry = {
      id: (history.at(-1)?.id ?? -1) + 1,
      revision: release.revision,
      deployedAt: now,
      deployStartedAt: startedAt,
      source,
      initiatedBy: operation.initiatedBy ?? {},
    };
    status.history = [...history, entry].slice(-historyLimit);
  });
}

/** What an ApplicationSet or a self-healing parent app does to a sync policy that somebody changed. */
function putPolicyBack(world: World, app: Application): Application {
  const set = app.metadata.ownerReferences?.find(({ kind }) => kind === 'ApplicationSet');
  const template = set && world.store.get('applicationsets', app.metadata.namespace, set.name);
  const owned = world.gitOps.policies.get(app.metadata.name);
  const parent = owned && world.store.get('applications', app.metadata.namespace, owned.parent);
  const wanted = template
    ? template.spec.template.spec.syncPolicy?.automated
    : parent && isAutomated(parent) && parent.spec.syncPolicy?.automated?.selfHeal
      ? owned?.automated
      : undefined;
  if (wanted === undefined || isDeepStrictEqual(app.spec.syncPolicy?.automated, wanted)) return app;
  return world.store.update('applications', app, (draft) => {
    draft.spec.syncPolicy = { ...draft.spec.syncPolicy, automated: wanted };
  });
}

function compare(world: World, app: Application): Application {
  const head = headOf(world, app);
  const deployment = deploymentOf(world, app);
  const status = matches(deployment, head) ? 'Synced' : 'OutOfSync';
  const health = healthOf(deployment);
  const images = deployment?.spec.template.spec.containers.map(({ image }) => image) ?? [];
  return world.store.update('applications', app, (draft) => {
    const seen = {
      sync: { status, revision: head?.revision ?? '' },
      health,
      resources: deployment ? [{ ...partOf(deployment), status, health }] : [],
      summary: { images },
    };
    const finished = draft.status.operationState?.finishedAt ?? '';
    const before = { ...draft.status };
    Object.assign(draft.status, seen);
    const refresh = draft.metadata.annotations?.['argocd.argoproj.io/refresh'];
    if (refresh !== undefined) delete draft.metadata.annotations?.['argocd.argoproj.io/refresh'];
    const late = draft.status.reconciledAt === undefined || draft.status.reconciledAt < finished;
    if (late || refresh !== undefined || !isDeepStrictEqual(before, draft.status))
      draft.status.reconciledAt = timestamp(world.now);
  });
}

/** One round of Argo CD's controllers for an app: its owner, its operation, the comparison with git, auto-sync. */
export function reconcileApplication(world: World, given: Application): void {
  let app = putPolicyBack(world, given);
  const due = world.gitOps.operations.get(app.metadata.uid);
  if (app.operation === undefined) world.gitOps.operations.delete(app.metadata.uid);
  else if (due === undefined) app = startOperation(world, app, app.operation);
  else if (due <= world.now) app = endOperation(world, app);
  app = compare(world, app);
  const head = headOf(world, app);
  if (!isAutomated(app) || app.operation || app.status.sync?.status !== 'OutOfSync' || head === undefined)
    return;
  // Without self-heal a revision that was synced once is not synced again.
  const tried = app.status.operationState?.syncResult?.revision === head.revision;
  if (tried && !app.spec.syncPolicy?.automated?.selfHeal) return;
  startOperation(world, app, {
    initiatedBy: { automated: true },
    sync: {
      revision: head.revision,
      prune: app.spec.syncPolicy?.automated?.prune ?? false,
      source: app.spec.source,
    },
  });
}
