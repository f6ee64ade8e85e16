import { dump } from 'js-yaml';
import type { Result } from '../../core/errors.ts';
import { ok } from '../../core/errors.ts';
import type { ArgoCdAction } from '../../core/plan/argocd/argoCdAction.ts';
import type { ArgoCdPlan, Outcome, Target } from '../../core/plan/plan.ts';
import type { Executor, Inspection, RunIo, Signal } from '../../core/ports.ts';
import type { LiveSignal } from '../../core/signals/incomingSignal.ts';
import type { ApplicationResources } from '../applicationResources.ts';
import { createFilteredOutput } from '../filteredOutput.ts';
import { foreseeScoped, inspectScoped, runScoped } from '../runScope.ts';
import { renderApp, renderAppList } from './applicationTables.ts';
import { qualifiedName } from './application.ts';
import type { Applications, ArgoCdResult } from './applications.ts';
import { argoCdFailed } from './applications.ts';
import type { ArgoCdServer } from './argoCdApi.ts';
import { createArgoCdApi } from './argoCdApi.ts';
import type { ArgoCdContext, VerbOutcome } from './argoCdContext.ts';
import { failVerb, succeeded } from './argoCdContext.ts';
import { runDiff } from './diff.ts';
import { renderHistory } from './history.ts';
import { inspectRollback } from './inspectRollback.ts';
import { readRecentDeploys } from './recentDeploys.ts';
import { createResourceApplications } from './resourceApplications.ts';
import { runRollback } from './rollback.ts';
import { createServerApplications } from './serverApplications.ts';
import { signInCommand } from './apiFailure.ts';
import { expirySentence } from './tokenExpiry.ts';
import { inspectSync, runSync } from './sync.ts';
import { inspectSetSyncPolicy, runSetSyncPolicy } from './syncPolicy.ts';
import { waitForApp } from './waitForApp.ts';

// The one entry of this lazy chunk: what the composition root takes from it comes from here.
export type { ArgoCdServer } from './argoCdApi.ts';
export { readArgoCdSession } from './argoCdSession.ts';

export interface ArgoCdDeps {
  /** The server of the settings, asked before each use; undefined while none is set. */
  readonly server: () => ArgoCdServer | undefined | Promise<ArgoCdServer | undefined>;
  /** The cluster's Application resources, for targets without a server. */
  readonly kubernetes: ApplicationResources;
  /** Global `fetch` when absent. */
  readonly fetch?: typeof fetch;
  /** Milliseconds for one request; 20 000 when absent, for Argo CD may have to render manifests. */
  readonly timeoutMs?: number;
  /** Milliseconds between two looks at an app that is waited for; 1000 when absent. */
  readonly pollMs?: number;
  readonly now?: () => Date;
}

export interface ArgoCdExecutor extends Executor<ArgoCdPlan> {
  inspect(plan: ArgoCdPlan, signal: Signal): Promise<Result<Inspection>>;
  foresee(plan: ArgoCdPlan, signal: Signal): Promise<readonly string[]>;
  /** What was deployed there since a time (UTC ISO 8601), all apps. Changes nothing, never throws. */
  readDeploys(target: Target, since: string, signal: Signal): Promise<Result<readonly LiveSignal[]>>;
}

/** Runs Argo CD plans through the pinned server's API, else through the Application resources of the pinned cluster. */
export function createArgoCdExecutor(deps: ArgoCdDeps): ArgoCdExecutor {
  /** The way to the apps of a target; never another server or cluster than its own. */
  async function open({ target }: Pick<ArgoCdPlan, 'target'>): Promise<ArgoCdResult<Applications>> {
    const pinned = target.argoCdServer;
    if (pinned === undefined) {
      return target.context === undefined
        ? argoCdFailed({
            code: 'wrong-target',
            message:
              'No Argo CD server and no cluster is pinned for this step. Nothing was sent; set incident.argoCd.baseUrl, pin a target and run it again.',
          })
        : { ok: true, value: createResourceApplications(deps.kubernetes, target) };
    }
    const server = await deps.server();
    if (server === undefined || !sameAddress(server.baseUrl, pinned)) {
      return argoCdFailed({
        code: 'wrong-target',
        message: `This step goes to the Argo CD server ${pinned}, but the settings name ${server?.baseUrl ?? 'none'}. Nothing was sent; set incident.argoCd.baseUrl, or pin the target again.`,
      });
    }
    if (server.token === undefined || server.token === '') {
      return argoCdFailed({
        code: 'unauthorized',
        message: `There is no token for ${pinned}. Nothing was sent; sign in with argocd, or store an account’s token with Incident: Set Secret.`,
        remedy: signInCommand(pinned),
      });
    }
    const api = createArgoCdApi({ server, fetch: deps.fetch, timeoutMs: deps.timeoutMs ?? 20_000 });
    return { ok: true, value: createServerApplications(api) };
  }

  async function run(plan: ArgoCdPlan, io: RunIo, signal: AbortSignal): Promise<Outcome> {
    const output = createFilteredOutput(plan.filters, io);
    const applications = await open(plan);
    if (!applications.ok) return failVerb({ output }, applications.failure);
    const outcome = await runVerb(
      {
        applications: applications.value,
        plan,
        signal,
        output,
        pollMs: deps.pollMs ?? 1000,
        changed: async (change) => void (await io.changed?.(change)),
      },
      plan.action,
    );
    const matched = await output.end();
    return outcome.kind === 'succeeded' && !matched ? { kind: 'no-match' } : outcome;
  }

  async function inspect(plan: ArgoCdPlan, signal: AbortSignal): Promise<Result<Inspection>> {
    const { action } = plan;
    if (action.verb !== 'rollback' && action.verb !== 'sync' && action.verb !== 'set-sync-policy')
      return ok({ changes: [], warnings: [] });
    const applications = await open(plan);
    if (!applications.ok) return applications;
    const context = { applications: applications.value, plan, signal };
    const app = await applications.value.get(action.app, 'none', signal);
    if (!app.ok) return app;
    switch (action.verb) {
      case 'rollback':
        return ok(await inspectRollback(context, action, app.value));
      case 'sync':
        return ok(await inspectSync(context, action, app.value));
      case 'set-sync-policy':
        return ok(await inspectSetSyncPolicy(context, action, app.value));
    }
  }

  async function foresee(plan: ArgoCdPlan, signal: AbortSignal): Promise<readonly string[]> {
    const applications = await open(plan);
    if (!applications.ok) return [applications.failure.message];
    if (plan.target.argoCdServer !== undefined) {
      const token = (await deps.server())?.token ?? '';
      const expired = expirySentence(token, plan.target.argoCdServer, (deps.now ?? (() => new Date()))());
      if (expired !== undefined) return [expired];
    }
    const { action } = plan;
    if (action.verb !== 'rollback' && action.verb !== 'sync' && action.verb !== 'set-sync-policy') return [];
    const app = await applications.value.get(action.app, 'none', signal);
    if (!app.ok) return app.failure.code === 'cancelled' ? [] : [app.failure.message];
    const wanted =
      action.verb === 'set-sync-policy'
        ? (['update'] as const)
        : action.verb === 'rollback' && app.value.spec.syncPolicy?.automated?.enabled
          ? (['update', 'sync'] as const)
          : (['sync'] as const);
    const sentences: string[] = [];
    for (const what of wanted) {
      if ((await applications.value.mayDo(what, app.value, signal)) === false)
        sentences.push(
          `Your account may not ${what} ${qualifiedName(app.value)} on ${applications.value.where}: this step would be refused. Ask for the permission applications, ${what}.`,
        );
    }
    return [...new Set(sentences)];
  }

  return {
    run: (plan, io, signal) => runScoped(plan.timeoutMs, signal, io, (inner, out) => run(plan, out, inner)),
    inspect: (plan, signal) => inspectScoped(signal, (inner) => inspect(plan, inner)),
    foresee: (plan, signal) => foreseeScoped(signal, (inner) => foresee(plan, inner)),
    async readDeploys(target, since, signal) {
      const applications = await open({ target });
      return applications.ok ? readRecentDeploys(applications.value, since, signal) : applications;
    },
  };
}

const sameAddress = (one: string, other: string): boolean => {
  const plain = (url: string): string =>
    (URL.canParse(url) ? new URL(url).href : url).replace(/\/+$/, '').toLowerCase();
  return plain(one) === plain(other);
};

async function runVerb(context: ArgoCdContext, action: ArgoCdAction): Promise<VerbOutcome> {
  const { applications, output, signal } = context;
  switch (action.verb) {
    case 'list': {
      const apps = await applications.list(action, signal);
      if (!apps.ok) return failVerb(context, apps.failure);
      if (action.output === 'json' || action.output === 'yaml')
        await output.write(
          document(
            apps.value.map(({ raw }) => raw),
            action.output,
          ),
        );
      else if (action.output === 'name')
        await output.write(apps.value.map((app) => `${qualifiedName(app)}\n`).join(''));
      else await output.write(renderAppList(apps.value, action.output === 'wide'));
      return succeeded();
    }
    case 'get': {
      const app = await applications.get(action.app, action.refresh, signal);
      if (!app.ok) return failVerb(context, app.failure);
      await output.write(
        action.output === 'table'
          ? renderApp(app.value, applications.server?.page(app.value))
          : document(app.value.raw, action.output),
      );
      return succeeded();
    }
    case 'history': {
      const app = await applications.get(action.app, 'none', signal);
      if (!app.ok) return failVerb(context, app.failure);
      if (action.output === 'id') {
        await output.write(app.value.status.history.map(({ id }) => `${id}\n`).join(''));
        return succeeded();
      }
      const { text, note } = await renderHistory(applications, app.value, action.onsetAt, signal);
      if (signal.aborted) return { kind: 'stopped' };
      await output.write(text);
      if (note !== undefined) await output.error(`${note}\n`);
      return succeeded(text === '' ? 'Argo CD has not deployed this app yet.' : undefined);
    }
    case 'wait': {
      const waited = await waitForApp(context, action.app, action);
      if (!waited.ok) return failVerb(context, waited.failure);
      const { sync, health } = waited.value.status;
      return succeeded(`${action.app} is ${sync.status} and ${health.status}.`);
    }
    case 'rollback':
      return runRollback(context, action);
    case 'sync':
      return runSync(context, action);
    case 'diff':
      return runDiff(context, action);
    case 'set-sync-policy':
      return runSetSyncPolicy(context, action);
  }
}

const document = (value: unknown, format: 'json' | 'yaml'): string =>
  format === 'json' ? `${JSON.stringify(value, null, 2)}\n` : dump(value, { noRefs: true, lineWidth: -1 });
