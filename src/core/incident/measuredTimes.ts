import type { Incident } from './incident.ts';
import { msBetween } from './instants.ts';

export const measures = ['detect', 'acknowledge', 'mitigate', 'resolve'] as const;
export type Measure = (typeof measures)[number];

/** A point in time with what it is: `the onset`, `the first alert, HighErrorRate`. `at` is UTC ISO 8601. */
export interface Moment {
  readonly what: string;
  readonly at: string;
}

/** How long something took, with what it was measured from and to; or why that is not known. */
export type MeasuredTime =
  | { readonly kind: 'known'; readonly ms: number; readonly from: Moment; readonly to: Moment }
  | { readonly kind: 'unknown'; readonly because: string };

/**
 * The four times of an incident. Detect: onset to the first alert that is attached, else to the declaration. Acknowledge:
 * declaration to the acknowledgement. Mitigate and resolve: onset, else declaration, to the mark. Nothing is estimated:
 * what the journal does not hold, or contradicts, is unknown with its reason.
 */
export function measuredTimes(incident: Incident): Readonly<Record<Measure, MeasuredTime>> {
  const { onsetAt, mitigatedAt, acknowledgedAt, resolvedAt } = incident;
  const declared: Moment = { what: 'the declaration', at: incident.declaredAt };
  const onset: Moment | undefined = onsetAt === undefined ? undefined : { what: 'the onset', at: onsetAt };
  const started = onset ?? declared;
  return {
    detect: onset ? between(onset, firstSign(incident)) : unknown('the onset is unknown'),
    acknowledge: until(declared, 'the acknowledgement', acknowledgedAt, 'nobody acknowledged it'),
    mitigate: isMitigatedTooLate(incident)
      ? unknown('the mitigation is after the resolution')
      : until(started, 'the mitigation', mitigatedAt, 'nobody marked it mitigated'),
    resolve: until(started, 'the resolution', resolvedAt, 'it is not resolved'),
  };
}

/** Two who were apart can say so: what was over already was not brought under control later, and one of the two errs. */
export const isMitigatedTooLate = ({ mitigatedAt, resolvedAt }: Incident): boolean =>
  mitigatedAt !== undefined && resolvedAt !== undefined && (msBetween(mitigatedAt, resolvedAt) ?? 0) < 0;

const unknown = (because: string): MeasuredTime => ({ kind: 'unknown', because });

/** Whatever told of it first: an attached alert or page, or the person who declared. */
function firstSign({ signals, declaredAt }: Incident): Moment {
  let first: Moment = { what: 'the declaration', at: declaredAt };
  for (const { kind, title, startedAt } of signals) {
    if (kind !== 'alert' && kind !== 'page') continue;
    if ((msBetween(startedAt, first.at) ?? 0) > 0)
      first = { what: `the first ${kind}, ${title}`, at: startedAt };
  }
  return first;
}

const until = (from: Moment, what: string, at: string | undefined, because: string): MeasuredTime =>
  at === undefined ? unknown(because) : between(from, { what, at });

function between(from: Moment, to: Moment): MeasuredTime {
  const ms = msBetween(from.at, to.at);
  if (ms === undefined) return unknown(`the time of ${from.what} or of ${to.what} cannot be read`);
  return ms < 0 ? unknown(`${to.what} is before ${from.what}`) : { kind: 'known', ms, from, to };
}
