import type { Incident } from '../core/incident/incident.ts';
import type { PlanContext } from '../core/plan/planStep.ts';
import { getSetting } from './settings.ts';

/** What planning takes from the settings and the incident, besides the target and the values. */
export const planningOf = (incident: Incident | undefined): Omit<PlanContext, 'target' | 'values'> => ({
  readOnlyPrefixes: getSetting('shell.readOnlyCommands'),
  flagServices: getSetting('flags.services'),
  ...(incident?.onsetAt === undefined ? {} : { onsetAt: incident.onsetAt }),
});
