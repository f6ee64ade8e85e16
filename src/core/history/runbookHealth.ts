import type { StepSequence } from '../guide/guide.ts';
import { hideSecrets } from '../plan/words/hideSecrets.ts';
import { msBetween } from '../incident/instants.ts';
import { commandMark, type IncidentUse, type StepUse } from './runbookUse.ts';

/** A runbook that nobody ran for so long is said to be unpractised. */
export const staleAfterDays = 180;
/** Rates over fewer incidents than this are said to rest on few data. */
export const fewUses = 5;

export interface Practised {
  /** UTC ISO 8601. */
  readonly at: string;
  /** The incident's number. */
  readonly incident: string;
  readonly drill: boolean;
}

export interface StepHealth {
  readonly step: string;
  readonly number: number;
  readonly text: string;
  readonly runs: number;
  readonly failed: number;
  /** In how many incidents it was left out. */
  readonly skipped: number;
  /** Some run of it succeeded. */
  readonly succeeded: boolean;
  /** Its command is another one than when it last succeeded. */
  readonly changed: boolean;
}

export interface RunbookHealth {
  readonly sequence: string;
  readonly title: string;
  /** Incidents and drills in which something of it was run, done or skipped. */
  readonly uses: number;
  readonly drills: number;
  readonly last: Practised | undefined;
  /** When it was last gone through without a step that ended badly. */
  readonly lastSuccess: Practised | undefined;
  /** Whole days since the last use when they are `staleAfterDays` or more. */
  readonly staleDays: number | undefined;
  readonly steps: readonly StepHealth[];
}

/**
 * How well practised a runbook is, from what incidents did with it. `incidents` in any order; `now` UTC ISO 8601. Steps
 * that the guide no longer has are left out of the table, but their use is a use.
 */
export function runbookHealth(
  runbook: StepSequence,
  incidents: readonly IncidentUse[],
  now: string,
): RunbookHealth {
  const uses = incidents
    .flatMap(({ number, drill, uses }) =>
      uses
        .filter(({ sequence }) => sequence === runbook.id)
        .map(({ at, steps }) => ({ at, incident: number, drill, steps })),
    )
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  const practised = uses.filter(({ steps }) => steps.some(({ skipped }) => !skipped));
  const last = practised.at(-1);
  const lastSuccess = practised
    .filter(({ steps }) => steps.every(({ good, skipped }) => good || skipped))
    .at(-1);
  const days = last ? Math.floor((msBetween(last.at, now) ?? 0) / 86_400_000) : 0;
  return {
    sequence: runbook.id,
    title: runbook.title,
    uses: uses.length,
    drills: uses.filter(({ drill }) => drill).length,
    last: last && practisedOf(last),
    lastSuccess: lastSuccess && practisedOf(lastSuccess),
    staleDays: days >= staleAfterDays ? days : undefined,
    steps: runbook.steps.map((step) => {
      const own = uses.flatMap(({ steps }) => steps.filter((use) => use.step === step.id));
      const good = own.filter(({ command }) => command !== undefined).at(-1)?.command;
      const sum = (of: (use: StepUse) => number): number => own.reduce((total, use) => total + of(use), 0);
      return {
        step: step.id,
        number: step.number,
        text: step.text,
        runs: sum(({ runs }) => runs),
        failed: sum(({ failed }) => failed),
        skipped: sum(({ skipped }) => Number(skipped)),
        succeeded: good !== undefined,
        changed:
          good !== undefined &&
          // The journal holds it with its secrets hidden, so that is what is compared.
          good !== commandMark(hideSecrets(step.command ?? '')),
      };
    }),
  };
}

const practisedOf = ({ at, incident, drill }: Practised): Practised => ({ at, incident, drill });
