import type { Guide } from '../guide/guide.ts';
import { parseInstant, toInstant } from '../incident/instants.ts';
import type { SignalRunbook } from './findRunbook.ts';
import { findRunbook } from './findRunbook.ts';
import type { IncomingSignal } from './incomingSignal.ts';
import { mapSeverity } from './mapSeverity.ts';
import { plainText } from './plainText.ts';
import { serviceOf } from './serviceOf.ts';

/** How signals are read, from the settings. */
export interface SignalMapping {
  /** What an alert calls itself → the guide's severity. */
  readonly severities: Readonly<Record<string, string>>;
  readonly serviceLabels: readonly string[];
}

/** The answers of a declare as a signal gives them; a person confirms or changes each. */
export interface DeclareDraft {
  readonly title: string;
  /** Undefined: the signal does not tell, a person has to choose. */
  readonly severity: string | undefined;
  readonly service: string | undefined;
  /** Since when it is so, UTC ISO 8601; never in the future. */
  readonly onset: string | undefined;
  readonly runbook: SignalRunbook | undefined;
}

/** Longer than any title in a channel's topic or a ticket should be, in characters. */
export const longestTitle = 120;

/**
 * A declare prefilled from a signal: its summary as title, else its name; its severity by `mapSeverity` on the guide's
 * severities (`severities`: their names, the worst first). `now` UTC ISO 8601.
 */
export function draftFromSignal(
  signal: Pick<
    IncomingSignal,
    'title' | 'summary' | 'severity' | 'service' | 'labels' | 'startedAt' | 'runbookUrl'
  >,
  { guides, severities }: { readonly guides: readonly Guide[]; readonly severities: readonly string[] },
  mapping: SignalMapping,
  now: string,
): DeclareDraft {
  const started = parseInstant(signal.startedAt);
  const present = parseInstant(now) ?? Infinity;
  return {
    title: plainText(signal.summary ?? '', longestTitle) || plainText(signal.title, longestTitle),
    severity: mapSeverity(signal.severity, severities, mapping.severities),
    service: plainText(serviceOf(signal, mapping.serviceLabels) ?? '', 100) || undefined,
    // A clock that goes ahead over there must not make an incident begin in the future here.
    onset: started === undefined ? undefined : toInstant(Math.min(started, present)),
    runbook: findRunbook(signal, guides),
  };
}
