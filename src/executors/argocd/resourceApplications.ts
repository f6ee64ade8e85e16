import type { Target } from '../../core/plan/plan.ts';
import type { ApplicationResources, ResourceResult } from '../applicationResources.ts';
import type { Application, HistoryEntry } from './application.ts';
import { automatedSync, parseApplication } from './application.ts';
import type { Applications, ArgoCdResult, SyncRequest } from './applications.ts';
import { argoCdFailed } from './applications.ts';

/** Who Argo CD's own history names for an operation that was set on the resource. */
const initiatedBy = { username: 'incident-response' };
/** Other controllers write the resource too; each of these tries looks at it anew. */
const tries = 4;

/**
 * Apps through their own resources in the cluster of `target`, as `argocd --core` does: for who has no Argo CD server to
 * ask. What the server would refuse is refused here, before the controller sees it.
 */
export function createResourceApplications(resources: ApplicationResources, target: Target): Applications {
  const where = `the cluster of context ${target.context ?? '(none)'}`;

  const parsed = (answer: ResourceResult<unknown>): ArgoCdResult<Application> => {
    if (!answer.ok) return answer;
    const app = parseApplication(answer.value);
    return app === undefined
      ? argoCdFailed({
          code: 'failed',
          message: `${where} answered with something that is no Argo CD Application. Nothing was changed.`,
        })
      : { ok: true, value: app };
  };

  const nameOf = (app: string) => {
    const [first = '', second] = app.split('/', 2);
    return {
      kind: 'applications' as const,
      namespace: second === undefined ? undefined : first,
      name: second ?? first,
    };
  };

  const get = async (app: string, signal: AbortSignal): Promise<ArgoCdResult<Application>> =>
    parsed(await resources.get(target, nameOf(app), signal));

  const write = async (app: Application, patch: object, signal: AbortSignal) =>
    parsed(
      await resources.patch(
        target,
        { kind: 'applications', namespace: app.metadata.namespace, name: app.metadata.name },
        patch,
        signal,
      ),
    );

  /** Sets the operation field as Argo CD's server does, on the version that was looked at, never over another one's. */
  async function operate(
    app: Application,
    doing: string,
    operation: (current: Application) => object,
    signal: AbortSignal,
  ): Promise<ArgoCdResult<Application>> {
    const name = `${app.metadata.namespace}/${app.metadata.name}`;
    for (let attempt = 1; ; attempt++) {
      const current = await get(name, signal);
      if (!current.ok) return current;
      if (current.value.operation) {
        return argoCdFailed({
          code: 'conflict',
          message: `Another operation on this app is in progress, so Argo CD did not ${doing}. Nothing was changed; wait until it is over (argocd app wait), then run this step again.`,
        });
      }
      const answer = await write(
        app,
        {
          metadata: { resourceVersion: current.value.metadata.resourceVersion },
          operation: { initiatedBy, ...operation(current.value) },
          status: { operationState: null },
        },
        signal,
      );
      if (answer.ok || answer.failure.status !== 409 || attempt === tries) return answer;
    }
  }

  return {
    where,

    async list({ project, selector }, signal) {
      const answer = await resources.list(target, selector, signal);
      if (!answer.ok) return answer;
      const apps = answer.value.map(parseApplication).filter((app) => app !== undefined);
      const wanted = apps.filter(
        ({ spec }) => project === undefined || (spec.project || 'default') === project,
      );
      return { ok: true, value: wanted.sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1)) };
    },

    async get(app, refresh, signal) {
      const found = await get(app, signal);
      if (!found.ok || refresh === 'none') return found;
      // The controller compares again when it sees this annotation, and takes it away.
      return write(
        found.value,
        { metadata: { annotations: { 'argocd.argoproj.io/refresh': refresh } } },
        signal,
      );
    },

    setAutomatedSync: (app, automated, signal) =>
      write(
        app,
        {
          spec: {
            syncPolicy: { automated: automated === undefined ? null : { ...automated, enabled: null } },
          },
        },
        signal,
      ),

    async rollback(app, entry, prune, signal) {
      const doing = `roll ${app.metadata.name} back`;
      const current = await get(`${app.metadata.namespace}/${app.metadata.name}`, signal);
      if (!current.ok) return current;
      if (automatedSync(current.value)) {
        return argoCdFailed({
          code: 'conflict',
          autoSyncIsOn: true,
          message: `A rollback of ${app.metadata.name} would be undone at once: auto-sync is on. It was not started; turn auto-sync off first, or run the step again and it is turned off for you.`,
        });
      }
      return operate(app, doing, (now) => ({ sync: rollbackOperation(now, entry, prune) }), signal);
    },

    sync: (app, request, signal) =>
      operate(
        app,
        `sync ${app.metadata.name}`,
        (now) => ({
          ...(now.spec.syncPolicy?.retry ? { retry: now.spec.syncPolicy.retry } : {}),
          sync: syncOperation(now, request),
        }),
        signal,
      ),

    applicationSet: (name, namespace, signal) =>
      resources.get(target, { kind: 'applicationsets', namespace: namespace || undefined, name }, signal),

    mayDo: (_action, app, signal) => resources.mayPatch(target, app.metadata.namespace, signal),
  };
}

const optionsOf = ({ spec }: Application): object =>
  spec.syncPolicy?.syncOptions ? { syncOptions: spec.syncPolicy.syncOptions } : {};

/** What Argo CD's server sets for a rollback: server/application/application.go, `Rollback`. */
const rollbackOperation = (app: Application, entry: HistoryEntry, prune: boolean): object => ({
  ...(entry.sources && entry.sources.length > 0
    ? { sources: entry.sources, revisions: entry.revisions ?? [] }
    : { source: entry.source, revision: entry.revision }),
  prune,
  ...optionsOf(app),
  syncStrategy: { apply: {} },
});

/** What Argo CD's server sets for a sync: server/application/application.go, `Sync`. */
const syncOperation = (app: Application, { revision, prune, dryRun }: SyncRequest): object => ({
  ...(app.spec.sources && app.spec.sources.length > 0
    ? { sources: app.spec.sources }
    : { source: app.spec.source }),
  ...(revision === undefined ? {} : { revision }),
  prune,
  dryRun,
  ...optionsOf(app),
  syncStrategy: { hook: {} },
});
