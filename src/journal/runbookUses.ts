import * as v from 'valibot';
import { useOf, type IncidentUse } from '../core/history/runbookUse.ts';
import type { Incident } from '../core/incident/incident.ts';
import type { Incidents } from './incidents.ts';

const useSchema = v.object({
  number: v.string(),
  drill: v.boolean(),
  uses: v.array(
    v.object({
      sequence: v.string(),
      at: v.string(),
      steps: v.array(
        v.object({
          step: v.string(),
          runs: v.number(),
          failed: v.number(),
          skipped: v.boolean(),
          good: v.boolean(),
          command: v.exactOptional(v.string()),
        }),
      ),
    }),
  ),
});

/** What all incidents of a journal did with runbooks; those that used none are left out. */
export interface RunbookUses {
  /** From what is in memory already: no file is read, and nothing known is worked out twice. */
  all(): readonly IncidentUse[];
}

export function createRunbookUses(incidents: Pick<Incidents, 'summaries' | 'get'>): RunbookUses {
  const ofText = new Map<string, IncidentUse | undefined>();
  const ofIncident = new WeakMap<Incident, IncidentUse>();
  const read = (text: string): IncidentUse | undefined => {
    if (!ofText.has(text)) ofText.set(text, parseUse(text));
    return ofText.get(text);
  };
  const fold = (incident: Incident): IncidentUse => {
    const known = ofIncident.get(incident) ?? useOf(incident);
    ofIncident.set(incident, known);
    return known;
  };
  return {
    all: () =>
      incidents.summaries().flatMap(({ id, runbookUse }) => {
        const incident = incidents.get(id);
        const use = incident ? fold(incident) : runbookUse === undefined ? undefined : read(runbookUse);
        return use && use.uses.length > 0 ? [use] : [];
      }),
  };
}

/** Undefined where the cache holds something else: then nothing is known of that incident's runs. */
function parseUse(text: string): IncidentUse | undefined {
  try {
    const parsed = v.safeParse(useSchema, JSON.parse(text));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}
