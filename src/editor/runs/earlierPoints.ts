import type { Incident } from '../../core/incident/incident.ts';
import { answerIn, type HeldAnswer } from '../../core/metrics/metricQuery.ts';
import type { LocalJournal } from '../../journal/localJournal.ts';

/** Older runs tell of another time. */
const mostRuns = 20;

/** What a query gave in the newest run of the incident that has its points on disk: it outlives the window. */
export const createEarlierPoints =
  (journal: Pick<LocalJournal, 'readPoints'>, current: () => Incident | undefined) =>
  async (server: string, query: string): Promise<HeldAnswer | undefined> => {
    const incident = current();
    const kept = incident?.runs.flatMap(({ end }) => end?.points ?? []).slice(-mostRuns) ?? [];
    for (const ref of kept.reverse()) {
      const read = await journal.readPoints(incident?.id ?? '', ref);
      const found = read.ok ? answerIn(read.value, server, query) : undefined;
      if (found) return found;
    }
    return undefined;
  };
