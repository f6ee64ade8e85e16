import type { Incidents } from './incidents.ts';
import { isInterrupted } from './liveWriters.ts';
import type { LocalJournal } from './localJournal.ts';

/**
 * Records the end of runs whose window is gone (closed, killed), which otherwise would count as running for ever.
 * What they printed until then stays in their saved output. Needs loaded incidents.
 * @param now UTC ISO 8601
 */
export async function endInterruptedRuns(
  incidents: Incidents,
  journal: Pick<LocalJournal, 'findOutput'>,
  now: () => string,
): Promise<void> {
  for (const incident of incidents.active()) {
    for (const run of incident.runs) {
      if (!isInterrupted(run, incidents.liveWriters())) continue;
      const output = await journal.findOutput(incident.id, run.id);
      await incidents.handle(incident.id, {
        type: 'EndRun',
        data: {
          run: run.id,
          outcome: {
            kind: 'failed',
            message:
              'Interrupted: the window that ran it is gone. What it printed until then is saved; whether it went through is not known, so look before you run it again.',
          },
          interrupted: true,
          durationMs: Math.max(0, Date.parse(now()) - Date.parse(run.startedAt)),
          ...(output ? { output } : {}),
        },
      });
    }
  }
}
