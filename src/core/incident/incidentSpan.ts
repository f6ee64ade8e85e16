import type { Incident } from './incident.ts';
import { msBetween } from './instants.ts';
import { isMitigatedTooLate } from './measuredTimes.ts';

/** How long it lasted, with what it was measured from and to. Times UTC ISO 8601. */
export interface IncidentSpan {
  readonly from: 'onset' | 'declaration';
  readonly fromAt: string;
  readonly to: 'mitigation' | 'resolution';
  readonly toAt: string;
  readonly ms: number;
}

/**
 * From the onset (the declaration where no onset is known) to the mitigation (else the resolution): how long users were
 * hit. Undefined while neither end is known, and when these times contradict each other: then nothing true can be said.
 */
export function incidentSpan(incident: Incident): IncidentSpan | undefined {
  const { onsetAt, declaredAt, mitigatedAt, resolvedAt } = incident;
  const toAt = mitigatedAt ?? resolvedAt;
  if (toAt === undefined || isMitigatedTooLate(incident)) return undefined;
  const fromAt = onsetAt ?? declaredAt;
  const ms = msBetween(fromAt, toAt);
  if (ms === undefined || ms < 0) return undefined;
  return {
    from: onsetAt === undefined ? 'declaration' : 'onset',
    fromAt,
    to: mitigatedAt === undefined ? 'resolution' : 'mitigation',
    toAt,
    ms,
  };
}
