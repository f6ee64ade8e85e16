import type { Incident, Run } from '../incident/incident.ts';
import { lastRun } from '../incident/progress.ts';
import { renderOutcome } from './outcomeText.ts';
import type { EarlierRun } from './runbookPageState.ts';

/** Most earlier runs of a step that its card lists; all of them are in the timeline. */
const most = 50;

/** The runs of a step before its last one, newest first. */
export function earlierRuns(incident: Incident, step: string): readonly EarlierRun[] {
  const last = lastRun(incident, step)?.id;
  return incident.runs
    .filter((run) => run.step === step && run.id !== last && run.undoes === undefined)
    .slice(-most)
    .reverse()
    .map(earlierRun);
}

function earlierRun({ id, startedAt, by, end, dryRun }: Run): EarlierRun {
  const rendered = end && !end.interrupted ? renderOutcome(end.outcome) : undefined;
  const text = rendered?.text ?? (end ? 'interrupted' : 'without a recorded end');
  return {
    id,
    startedAt,
    by,
    outcome: dryRun === true ? `${text} (dry run)` : text,
    tone: rendered?.tone ?? 'neutral',
    hasOutput: end?.output !== undefined,
  };
}

/** What goes on in the background of an incident in this window, oldest first. */
export const backgroundRuns = (incident: Incident, runningHere: (run: string) => boolean): readonly Run[] =>
  incident.runs.filter((run) => run.background === true && run.end === undefined && runningHere(run.id));
