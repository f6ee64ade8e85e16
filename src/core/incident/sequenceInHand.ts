import type { Incident } from './incident.ts';

/**
 * Id of the steps somebody works through: those of the last step run, done or skipped. Undefined once the guide was gone
 * on with by anything else of it (a phase, a question, a tick), or when no step was touched yet.
 */
export function sequenceInHand({ events }: Pick<Incident, 'events'>): string | undefined {
  for (let at = events.length - 1; at >= 0; at--) {
    const event = events[at]!;
    if ('unknown' in event) continue;
    switch (event.type) {
      case 'RunStarted':
        if (event.data.undoes !== undefined || event.data.dryRun === true) continue;
        return event.data.sequence;
      case 'StepDone':
      case 'StepSkipped':
        return event.data.sequence;
      case 'NoteAdded':
        if (event.data.question === undefined) continue;
        return undefined;
      case 'PhaseEntered':
      case 'ChecklistItemTicked':
      case 'GuideItemDone':
      case 'MitigatedMarked':
      case 'IncidentResolved':
      case 'IncidentReopened':
        return undefined;
      default:
        continue;
    }
  }
  return undefined;
}
