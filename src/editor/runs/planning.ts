import type { Incident } from '../../core/incident/incident.ts';
import type { PlanContext } from '../../core/plan/planStep.ts';
import { prometheusServer } from './metrics.ts';
import { getSetting } from '../settings.ts';

/** What planning takes from the settings and the incident, besides the target and the values. */
export const planningOf = (incident: Incident | undefined): Omit<PlanContext, 'target' | 'values'> => ({
  readOnlyPrefixes: getSetting('shell.readOnlyCommands'),
  flagServices: getSetting('flags.services'),
  ...metricsOf(),
  ...(incident?.onsetAt === undefined ? {} : { onsetAt: incident.onsetAt }),
});

function metricsOf(): Pick<PlanContext, 'metrics'> {
  const server = prometheusServer();
  return server === undefined
    ? {}
    : {
        metrics: {
          server,
          thresholds: getSetting('metrics.thresholds'),
          queries: getSetting('metrics.queries'),
        },
      };
}
