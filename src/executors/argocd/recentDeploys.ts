import type { Result } from '../../core/errors.ts';
import { ok } from '../../core/errors.ts';
import type { Signal } from '../../core/ports.ts';
import { sourceNames, type LiveSignal } from '../../core/signals/incomingSignal.ts';
import { followSignal } from '../runScope.ts';
import {
  qualifiedName,
  revisionsOf,
  shortRevisions,
  type Application,
  type HistoryEntry,
} from './application.ts';
import type { Applications } from './applications.ts';

/**
 * The deployments of every app since a time (UTC ISO 8601), as each app's history tells them; rollbacks are deployments
 * too. Changes nothing, never throws.
 */
export async function readRecentDeploys(
  applications: Applications,
  since: string,
  signal: Signal,
): Promise<Result<readonly LiveSignal[]>> {
  const scope = followSignal(signal);
  try {
    const apps = await applications.list({ project: undefined, selector: undefined }, scope.signal);
    if (!apps.ok) return apps;
    const from = Date.parse(since);
    return ok(
      apps.value.flatMap((app) =>
        app.status.history
          .filter(({ deployedAt }) => Date.parse(deployedAt) >= from)
          .map((entry) => toSignal(applications, app, entry)),
      ),
    );
  } finally {
    scope.dispose();
  }
}

function toSignal({ server }: Applications, app: Application, entry: HistoryEntry): LiveSignal {
  const { name } = app.metadata;
  const by = entry.initiatedBy?.automated ? 'automated sync' : entry.initiatedBy?.username;
  return {
    id: `argocd/${qualifiedName(app)}/${entry.id}/${entry.deployedAt}`,
    kind: 'deploy',
    sources: [sourceNames.argocd],
    title: `${name} → ${shortRevisions(entry)}`,
    service: name,
    startedAt: new Date(entry.deployedAt).toISOString(),
    state: 'happened',
    ...(server ? { url: server.page(app) } : {}),
    labels: {
      app: qualifiedName(app),
      revision: revisionsOf(entry).join(', '),
      history: String(entry.id),
      ...(by ? { by } : {}),
    },
  };
}
