import type { Incident } from '../incident/incident.ts';
import type { Outcome } from '../plan/plan.ts';

/** What one incident did with one step. */
export interface StepUse {
  readonly step: string;
  readonly runs: number;
  /** Of those, how many failed or timed out. */
  readonly failed: number;
  /** It was left out, and never run. */
  readonly skipped: boolean;
  /** It ended well at last: its newest run did, or a person marked it done. */
  readonly good: boolean;
  /** The command of the newest run that succeeded, as `commandMark` gives it; absent without one. */
  readonly command?: string;
}

/** What one incident did with one sequence of steps. */
export interface RunbookUse {
  readonly sequence: string;
  /** When the last of it began, UTC ISO 8601. */
  readonly at: string;
  readonly steps: readonly StepUse[];
}

/** Of an incident that used runbooks: all that health needs to know. */
export interface IncidentUse {
  readonly number: string;
  readonly drill: boolean;
  readonly uses: readonly RunbookUse[];
}

interface Draft {
  runs: Map<string, { at: string; original: string; outcome: Outcome | undefined }>;
  mark: 'done' | 'skipped' | undefined;
}

/** How each runbook was used in an incident. A dry run and an undo are no run of a step, and count as nothing. */
export function useOf(incident: Incident): IncidentUse {
  const sequences = new Map<string, { at: string; steps: Map<string, Draft> }>();
  const draftOf = (sequence: string, step: string, at: string): Draft => {
    const known = sequences.get(sequence) ?? { at, steps: new Map<string, Draft>() };
    sequences.set(sequence, known);
    known.at = at;
    const draft = known.steps.get(step) ?? { runs: new Map(), mark: undefined };
    known.steps.set(step, draft);
    return draft;
  };
  const runs = new Map<string, Draft>();
  for (const event of incident.events) {
    if ('unknown' in event) continue;
    switch (event.type) {
      case 'RunStarted': {
        const { run, sequence, step, original, undoes, dryRun } = event.data;
        if (undoes !== undefined || dryRun === true) break;
        const draft = draftOf(sequence, step, event.time);
        draft.runs.set(run, { at: event.time, original, outcome: undefined });
        runs.set(run, draft);
        break;
      }
      case 'RunEnded': {
        const run = runs.get(event.data.run)?.runs.get(event.data.run);
        if (run) run.outcome = event.data.outcome;
        break;
      }
      case 'StepDone':
        draftOf(event.data.sequence, event.data.step, event.time).mark = 'done';
        break;
      case 'StepSkipped':
        draftOf(event.data.sequence, event.data.step, event.time).mark = 'skipped';
        break;
      default:
    }
  }
  return {
    number: incident.number,
    drill: incident.drill,
    uses: [...sequences].map(([sequence, { at, steps }]) => ({
      sequence,
      at,
      steps: [...steps].map(([step, draft]) => stepUse(step, draft)),
    })),
  };
}

function stepUse(step: string, { runs, mark }: Draft): StepUse {
  const all = [...runs.values()];
  const isFailed = ({ outcome }: (typeof all)[number]): boolean =>
    outcome?.kind === 'failed' || outcome?.kind === 'timed-out';
  const isGood = ({ outcome }: (typeof all)[number]): boolean =>
    outcome?.kind === 'succeeded' || outcome?.kind === 'no-match';
  const last = all.at(-1);
  const good = all.filter(isGood).at(-1);
  return {
    step,
    runs: all.length,
    failed: all.filter(isFailed).length,
    skipped: all.length === 0 && mark === 'skipped',
    good: last ? isGood(last) : mark === 'done',
    ...(good ? { command: commandMark(good.original) } : {}),
  };
}

/** A short mark of a command's text: two that differ are very unlikely to have the same. FNV-1a, 32 bits, and the length. */
export function commandMark(command: string): string {
  const text = command.replace(/\r\n/g, '\n').trim();
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return `${(hash >>> 0).toString(16)}-${text.length}`;
}
