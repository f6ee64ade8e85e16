import type { Deadline, Escalation, Guide, Phase, PhasePart, Severity, SlashAct } from '../guide/guide.ts';
import { sameWords } from '../people/sameWords.ts';
import type { Incident, Run, StepMark } from './incident.ts';
import { msBetween } from './instants.ts';

export interface Progress {
  readonly done: number;
  readonly total: number;
}

export type StepState = 'idle' | 'running' | 'succeeded' | 'failed' | 'stopped' | 'done' | 'skipped';
export type OptionPart = Extract<PhasePart, { kind: 'option' }>;

// Ids come from files others write: a name such as `constructor` must not find what every object has.
const own = <T>(record: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined;

export const isTicked = (incident: Incident, item: string): boolean =>
  own(incident.ticked, item) !== undefined;
export const isItemDone = (incident: Incident, item: string): boolean =>
  own(incident.doneItems, item) !== undefined;
export const stepMark = (incident: Incident, step: string): StepMark | undefined => own(incident.steps, step);

export const isAnswered = (incident: Incident, question: string): boolean =>
  incident.notes.some((note) => note.question === question);

/** The last run of a step; undefined when it never ran. A run that took its change back counts only while it goes on. */
export function lastRun(incident: Incident, step: string): Run | undefined {
  for (let i = incident.runs.length - 1; i >= 0; i--) {
    const run = incident.runs[i]!;
    if (run.step === step && (run.undoes === undefined || run.end === undefined)) return run;
  }
  return undefined;
}

const lastRealRun = (incident: Incident, step: string): Run | undefined =>
  incident.runs.filter((run) => run.step === step && run.undoes === undefined && !run.dryRun).at(-1);

/** What a step looks like now: the latest of its runs and its marks. */
export function stepState(incident: Incident, step: string): StepState {
  const newest = lastRun(incident, step);
  if (newest && newest.end === undefined) return 'running';
  // What was only tried leaves a step as it was before.
  const run = newest?.dryRun === true ? lastRealRun(incident, step) : newest;
  const mark = stepMark(incident, step);
  if (mark && (!run || (msBetween(run.startedAt, mark.at) ?? 0) >= 0)) return mark.kind;
  if (run?.end && hasFailedAssertion(run)) return 'failed';
  switch (run?.end?.outcome.kind) {
    case undefined:
      return 'idle';
    case 'succeeded':
    case 'no-match':
      return 'succeeded';
    case 'stopped':
      return 'stopped';
    case 'failed':
    case 'timed-out':
      return 'failed';
  }
}

/** Whether something that the guide asserts of the step's output did not hold: it ran, and it did not work. */
export const hasFailedAssertion = ({ end }: Pick<Run, 'end'>): boolean =>
  end?.assertions?.some(({ result }) => result === 'failed') ?? false;

/**
 * True once a step needs nobody any more: done by hand, skipped, or run to an end. A stopped read counts (a followed
 * log has no other end); a stopped change does not, and a failure never does.
 */
export function isStepSettled(incident: Incident, step: string): boolean {
  if (stepMark(incident, step)) return true;
  return incident.runs.some((run) => {
    const { step: id, end, risk, undoes, dryRun } = run;
    if (id !== step || !end || undoes !== undefined || dryRun === true || hasFailedAssertion(run))
      return false;
    const { kind } = end.outcome;
    return kind === 'succeeded' || kind === 'no-match' || (kind === 'stopped' && risk === 'read');
  });
}

export const sameSeverity = (a: string, b: string): boolean =>
  a.trim().toLowerCase() === b.trim().toLowerCase();

/** An empty list means every severity. */
export const holdsFor = (severities: readonly string[], severity: string): boolean =>
  severities.length === 0 || severities.some((one) => sameSeverity(one, severity));

export const severityOf = (incident: Incident, guide: Guide | undefined): Severity | undefined =>
  guide?.severities.find(({ name }) => sameSeverity(name, incident.severity));

/** The guide's row for a severity; a row may name several: `SEV1/SEV2`. */
export const escalationRow = (guide: Guide, severity: string): Escalation | undefined =>
  guide.escalations.find((row) => row.severity.split(/[/,+&]/).some((one) => sameSeverity(one, severity)));

/** The guide's row for the incident's present severity. */
export const escalationOf = (incident: Incident, guide: Guide): Escalation | undefined =>
  escalationRow(guide, incident.severity);

/** Whether somebody was called for a role, at whatever level and severity. */
export const isCalled = (incident: Incident, role: string): boolean =>
  incident.escalations.some(({ roles }) => roles.some((one) => sameWords(one, role)));

/** A row is done when everybody in it was called, or somebody said that they know. */
export const isEscalated = (incident: Incident, part: { readonly id: string }, row: Escalation): boolean =>
  isItemDone(incident, escalationItem(part, row)) || row.roles.every((role) => isCalled(incident, role));

/** A rise in severity calls other people, so what was done for the lower one does not count. */
export const escalationItem = (part: { readonly id: string }, row: Escalation): string =>
  `${part.id}/${row.severity}`;

export const deadlinesFor = (incident: Incident, guide: Guide): readonly Deadline[] =>
  guide.deadlines.filter(({ severities }) => holdsFor(severities, incident.severity));

/** `/incident create …`: having declared is having done it. */
export const isDeclareAct = (act: SlashAct): boolean =>
  act.name === 'incident' && ['create', 'declare', 'open', 'start', 'new'].includes(act.verb);

/**
 * The guide's phase the incident is in: the one entered last, by id, then by name (the guide may have been edited
 * since). Before any was entered, or when the guide no longer has it, the first. Undefined when it has none.
 */
export function phaseOf(incident: Incident, guide: Guide | undefined): Phase | undefined {
  const entered = incident.phases.at(-1);
  const found =
    entered &&
    (guide?.phases.find(({ id }) => id === entered.phase) ??
      guide?.phases.find(({ name }) => name === entered.name));
  return found ?? guide?.phases[0];
}

/**
 * How much of one part of a phase is done. `total` is 0 for what is only there to be read: bullets, deadlines, an
 * escalation without a row for this severity.
 */
export function partProgress(incident: Incident, guide: Guide, part: PhasePart): Progress {
  const count = <T>(items: readonly T[], isDone: (item: T) => boolean): Progress => ({
    done: items.filter(isDone).length,
    total: items.length,
  });
  switch (part.kind) {
    case 'steps':
      return count(part.steps, ({ id }) => isStepSettled(incident, id));
    case 'option':
      if (isItemDone(incident, part.id))
        return { done: part.steps.length || 1, total: part.steps.length || 1 };
      return part.steps.length === 0
        ? { done: 0, total: 1 }
        : count(part.steps, ({ id }) => isStepSettled(incident, id));
    case 'questions':
      return count(part.questions, ({ id }) => isAnswered(incident, id));
    case 'checklist':
      return count(part.items, ({ id }) => isTicked(incident, id));
    case 'escalation': {
      const row = escalationOf(incident, guide);
      return count(row ? [row] : [], (one) => isEscalated(incident, part, one));
    }
    case 'act':
      return count([part.act], (act) => isDeclareAct(act) || isItemDone(incident, act.id));
    case 'template':
      return templateProgress(incident, guide, part);
    case 'deadlines':
    case 'reading':
      return { done: 0, total: 0 };
  }
}

function templateProgress(
  incident: Incident,
  guide: Guide,
  part: Extract<PhasePart, { kind: 'template' }>,
): Progress {
  const once = (isDone: boolean): Progress => ({ done: isDone ? 1 : 0, total: 1 });
  const { template } = part;
  switch (template.kind) {
    case 'update':
      return once(isItemDone(incident, template.id) || wasUpdatedIn(incident, guide, part));
    case 'resolution':
      return once(isItemDone(incident, template.id));
    case 'post-mortem':
      return once(incident.postMortem !== undefined);
    case 'other':
      return { done: 0, total: 0 };
  }
}

/** Each phase with an update template wants at least one update of its own, sent since it was first entered. */
function wasUpdatedIn(incident: Incident, guide: Guide, part: PhasePart): boolean {
  const phase = guide.phases.find(({ parts }) => parts.includes(part));
  const entered = incident.phases.find(({ phase: id, name }) => id === phase?.id || name === phase?.name);
  if (!entered) return false;
  return incident.updates.some((update) => (msBetween(entered.at, update.at) ?? -1) >= 0);
}

/** The options of a phase in which anything was run or done, the one touched last first. */
export function chosenOptions(incident: Incident, phase: Phase): readonly OptionPart[] {
  const options = phase.parts.filter((part) => part.kind === 'option');
  const touched = options.map((option) => ({ option, at: touchedAt(incident, option) }));
  return touched
    .filter(({ at }) => at !== undefined)
    .sort((a, b) => msBetween(a.at ?? '', b.at ?? '') ?? 0)
    .map(({ option }) => option);
}

/** When an option was last worked on. A skipped step alone is no choice. */
function touchedAt(incident: Incident, option: OptionPart): string | undefined {
  const times = [own(incident.doneItems, option.id)?.at];
  for (const { id } of option.steps) {
    times.push(lastRun(incident, id)?.startedAt);
    const mark = stepMark(incident, id);
    if (mark?.kind === 'done') times.push(mark.at);
  }
  const known = times.filter((at) => at !== undefined);
  return known.sort((a, b) => msBetween(a, b) ?? 0)[0];
}
