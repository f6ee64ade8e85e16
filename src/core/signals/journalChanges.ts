import type { Incident } from '../incident/incident.ts';
import type { LiveSignal, SignalKind } from './incomingSignal.ts';
import { sourceNames } from './incomingSignal.ts';

/**
 * What incidents themselves changed since then (UTC ISO 8601): what one incident did to the production is a change that
 * may explain the next.
 */
export function journalChanges(
  incidents: readonly Pick<Incident, 'number' | 'service' | 'changes' | 'runs' | 'drill'>[],
  since: string,
): readonly LiveSignal[] {
  return incidents
    .filter(({ drill }) => !drill)
    .flatMap(({ number, service, changes, runs }) =>
      changes
        .filter(({ at }) => at >= since)
        .map((change): LiveSignal => ({
          id: `journal/${change.id}`,
          kind: kindOf(runs.find(({ id }) => id === change.run)?.kind),
          sources: [sourceNames.journal],
          title: change.changes.join(', '),
          startedAt: change.at,
          state: 'happened',
          ...(service === undefined ? {} : { service }),
          labels: { incident: number, by: change.by },
        })),
    );
}

function kindOf(plan: Incident['runs'][number]['kind'] | undefined): SignalKind {
  if (plan === 'flag') return 'flag';
  return plan === 'argocd' || plan === 'kubernetes' ? 'deploy' : 'config';
}
