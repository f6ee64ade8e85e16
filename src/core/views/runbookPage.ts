import { refusalAmong, refuseToKeep } from '../plan/refuseToKeep.ts';
import type { Guide, Step, StepSequence } from '../guide/guide.ts';
import type { Incident, Run, StepMark } from '../incident/incident.ts';
import type { Missing, Plan, PlanKind, Risk, Target, Trap, ValueKind } from '../plan/plan.ts';
import { normalName } from '../plan/placeholderSyntax.ts';
import { suggestValues, valuesOfIncident } from '../plan/placeholders.ts';
import { planStep } from '../plan/planStep.ts';
import { renderOutcome } from './outcomeText.ts';

/** Everything the runbook page shows, as one whole value. Times are UTC ISO 8601, durations ms. */
export interface RunbookPageState {
  /** Id of the sequence on show: a page that comes back after a reload asks for it again. */
  readonly sequence: string;
  /** Undefined while no incident is active: the page is readable, nothing runs, and it offers Declare. */
  readonly incident: PageIncident | undefined;
  readonly target: PageTarget;
  /** False in Restricted Mode: everything readable, nothing runs. */
  readonly trusted: boolean;
  readonly title: string;
  readonly guideFile: string;
  readonly line: number;
  /** Of a mitigation option: "If problem is capacity-related". */
  readonly condition: string | undefined;
  readonly about: string;
  readonly form: readonly FormField[];
  readonly steps: readonly StepCard[];
}

export interface PageIncident {
  readonly id: string;
  readonly number: string;
  readonly title: string;
  readonly severity: string;
  /** 0 is the guide's highest. */
  readonly rank: number;
  readonly drill: boolean;
  readonly status: 'active' | 'resolved';
  readonly declaredAt: string;
  readonly resolvedAt: string | undefined;
  /** When the response must have been acknowledged; undefined once it was, or when the guide gives no time. */
  readonly responseDueAt: string | undefined;
  readonly updateDueAt: string | undefined;
}

export interface PageTarget {
  readonly context: string | undefined;
  readonly namespace: string | undefined;
  readonly server: string | undefined;
  /** A red banner: the pinned context is gone, or now names another server. Blocks changes. */
  readonly warning: string | undefined;
}

/** A value asked once per incident. */
export interface FormField {
  readonly name: string;
  /** As written in the guide: `<pod>`. */
  readonly written: string;
  readonly kind: ValueKind;
  readonly value: string | undefined;
  /** From earlier output and the incident, best first. */
  readonly suggestions: readonly string[];
  /** Numbers of the steps that need it. */
  readonly usedBy: readonly number[];
}

export interface StepCard {
  readonly id: string;
  readonly number: number;
  readonly text: string;
  readonly condition: string | undefined;
  readonly details: readonly string[];
  /** The exact command that will run; undefined for a manual step. */
  readonly command: string | undefined;
  readonly kind: PlanKind;
  /** `Kubernetes API`, `HTTP request`, `your shell`, `by hand`. */
  readonly executor: string;
  readonly risk: Risk;
  readonly traps: readonly { readonly message: string; readonly blocks: boolean }[];
  /** Names of the form fields that must be filled first. */
  readonly missing: readonly string[];
  /** The same as they stand in `command`: `<pod>`, to be marked there. */
  readonly unfilled: readonly string[];
  /** Why Run (of a manual step: Done) is disabled, as a sentence; undefined when it can go ahead. */
  readonly blocked: string | undefined;
  readonly state: 'idle' | 'running' | 'ended' | 'done' | 'skipped';
  readonly run: CardRun | undefined;
  /** The note of a manual step that is done, or the reason of a skipped one. */
  readonly note: string | undefined;
  /** Who marked the step done or skipped, and when. */
  readonly marked: { readonly at: string; readonly by: string } | undefined;
}

export interface CardRun {
  readonly id: string;
  readonly startedAt: string;
  readonly by: string;
  readonly durationMs: number | undefined;
  /** `exit code 0`, `3 pods`, `stopped`, `403 Forbidden`; undefined while running. */
  readonly outcome: string | undefined;
  readonly tone: 'ok' | 'neutral' | 'bad';
  /** The whole failure sentence where there is one. */
  readonly message: string | undefined;
  /** The last lines of the output, at most 200. */
  readonly tail: string;
  /** Lines in the whole output, so the page can say how many are above the tail. */
  readonly lines: number;
}

export interface RunbookPageInput {
  readonly incident: Incident | undefined;
  readonly guide: Guide;
  readonly sequence: StepSequence & { readonly condition?: string | undefined; readonly about?: string };
  readonly target: PageTarget;
  readonly trusted: boolean;
  readonly clocks: { readonly responseDueAt?: string; readonly updateDueAt?: string };
  /** The last lines of a run's output and the count of all its lines. */
  readonly tails: (runId: string) => { readonly tail: string; readonly lines: number };
  /** True while this activation runs it: a run without an end elsewhere was interrupted. */
  readonly runningHere: (runId: string) => boolean;
  /** True for a writer known to be alive: its runs without an end go on in another window. */
  readonly isAlive?: (writer: string) => boolean;
  readonly readOnlyPrefixes: readonly string[];
}

/** The runbook page of one sequence of steps, from the incident as it is now. Pure; never throws. */
export function runbookPageState(input: RunbookPageInput): RunbookPageState {
  const { incident, guide, sequence, target, trusted } = input;
  const planned = planAll(input);
  return {
    sequence: sequence.id,
    incident: incident && pageIncident(incident, guide, input.clocks),
    target,
    trusted,
    title: sequence.title,
    guideFile: guide.file,
    line: sequence.line,
    condition: sequence.condition,
    about: sequence.about ?? '',
    form: incident?.status === 'active' ? formOf(planned, incident, input) : [],
    steps: planned.map((each) => stepCard(each, input)),
  };
}

interface Planned {
  readonly step: Step;
  readonly plan: Plan;
  /** Every placeholder of the command, those already filled included. */
  readonly placeholders: readonly Missing[];
}

function planAll(input: RunbookPageInput): Planned[] {
  const { readOnlyPrefixes, sequence } = input;
  const target = planTarget(input.target);
  const values = valuesNow(input);
  return sequence.steps.map((step) => ({
    step,
    plan: planStep(step, { target, values, readOnlyPrefixes }),
    placeholders: planStep(step, { target, values: {}, readOnlyPrefixes }).missing,
  }));
}

const planTarget = ({ context, namespace, server }: PageTarget): Target => ({
  ...(context !== undefined && { context }),
  ...(namespace !== undefined && { namespace }),
  ...(server !== undefined && { server }),
});

/** What a person set wins over what the incident itself gives. */
const valuesNow = ({ incident, target }: RunbookPageInput): Readonly<Record<string, string>> => ({
  ...valuesOfIncident({
    ...(incident?.service !== undefined && { service: incident.service }),
    ...(target.namespace !== undefined && { namespace: target.namespace }),
  }),
  ...incident?.values,
});

function pageIncident(incident: Incident, guide: Guide, clocks: RunbookPageInput['clocks']): PageIncident {
  const listed = guide.severities.findIndex(({ name }) => name === incident.severity);
  const active = incident.status === 'active';
  return {
    id: incident.id,
    number: incident.number,
    title: incident.title,
    severity: incident.severity,
    rank: listed === -1 ? guide.severities.length : listed,
    drill: incident.drill,
    status: incident.status,
    declaredAt: incident.declaredAt,
    resolvedAt: incident.resolvedAt,
    responseDueAt: active && incident.acknowledgedAt === undefined ? clocks.responseDueAt : undefined,
    updateDueAt: active ? clocks.updateDueAt : undefined,
  };
}

/**
 * One field per placeholder of the steps, in the order of first use. Those the incident fills by itself are there
 * too: a wrong guess must be open to correction.
 */
function formOf(planned: readonly Planned[], incident: Incident, input: RunbookPageInput): FormField[] {
  const values = new Map(Object.entries(valuesNow(input)).map(([name, value]) => [normalName(name), value]));
  const from = {
    target: planTarget(input.target),
    seen: incident.seen,
    ...(incident.service !== undefined && { service: incident.service }),
  };
  const fields = new Map<string, { missing: Missing; usedBy: number[] }>();
  for (const { step, placeholders } of planned) {
    for (const missing of placeholders) {
      if (refuseToKeep(missing.name) !== undefined) continue;
      const field = fields.get(missing.name) ?? { missing, usedBy: [] };
      if (!field.usedBy.includes(step.number)) field.usedBy.push(step.number);
      fields.set(missing.name, field);
    }
  }
  return [...fields.values()].map(({ missing, usedBy }) => ({
    name: missing.name,
    written: missing.written,
    kind: missing.kind,
    value: values.get(missing.name) || undefined,
    suggestions: suggestValues(missing, from),
    usedBy,
  }));
}

const executors: Readonly<Record<PlanKind, string>> = {
  kubernetes: 'Kubernetes API',
  argocd: 'Argo CD API',
  rds: 'AWS API',
  http: 'HTTP request',
  flag: 'feature flag API',
  shell: 'your shell',
  manual: 'by hand',
};

/** Before an incident is declared nothing can be pinned: these would only repeat that on every card. */
const wantsPin: ReadonlySet<Trap['code']> = new Set(['no-context', 'no-namespace']);

function stepCard({ step, plan }: Planned, input: RunbookPageInput): StepCard {
  const { incident } = input;
  const mark = incident && own(incident.steps, step.id);
  const run = incident?.runs.filter((each) => each.step === step.id).at(-1);
  const running = run !== undefined && run.end === undefined && input.runningHere(run.id);
  // A mark set after the last run began is the newer word on this step.
  const marked = !running && mark !== undefined && (run === undefined || mark.at > run.startedAt);
  return {
    id: step.id,
    number: step.number,
    text: step.text,
    condition: step.condition,
    details: step.details,
    command: plan.kind === 'manual' ? undefined : plan.preview,
    kind: plan.kind,
    executor: executors[plan.kind],
    risk: plan.risk,
    traps: plan.traps
      .filter(({ code }) => incident !== undefined || !wantsPin.has(code))
      .map(({ message, blocks }) => ({ message, blocks })),
    missing: unique(plan.missing.map(({ name }) => name)),
    unfilled: unique(plan.missing.map(({ written }) => written)),
    blocked: blockedBecause(plan, input),
    state: running ? 'running' : marked ? mark.kind : run ? 'ended' : 'idle',
    run: run && cardRun(run, running, input),
    note: marked ? noteOf(mark) : undefined,
    marked: marked ? { at: mark.at, by: mark.by } : undefined,
  };
}

const noteOf = (mark: StepMark): string | undefined => (mark.kind === 'done' ? mark.note : mark.reason);

/** Step ids come from a file: one named `constructor` must not find Object's. */
const own = <T>(record: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined;

const unique = (names: readonly string[]): string[] => [...new Set(names)];

const interrupted =
  'This run has no recorded end: the window that started it is gone. ' +
  'What it printed so far is kept. Run the step again if you need its result.';

const elsewhere = 'Another window is running this step. Its output is shown here when it has ended.';

function cardRun(run: Run, running: boolean, input: RunbookPageInput): CardRun {
  const outcome = run.end?.outcome;
  const rendered = outcome && renderOutcome(outcome);
  const isElsewhere = !outcome && !running && input.isAlive?.(run.writer) === true;
  const [noEnd, whyNoEnd] = isElsewhere
    ? ['running in another window', elsewhere]
    : ['interrupted', interrupted];
  return {
    id: run.id,
    startedAt: run.startedAt,
    by: run.by,
    // When an interrupted run stopped is not known, only when that was noticed.
    durationMs: run.end?.interrupted ? undefined : run.end?.durationMs,
    outcome: run.end?.interrupted ? 'interrupted' : (rendered?.text ?? (running ? undefined : noEnd)),
    tone: rendered?.tone ?? 'neutral',
    message: outcome?.kind === 'failed' ? outcome.message : outcome || running ? undefined : whyNoEnd,
    ...input.tails(run.id),
  };
}

/** The first thing in the way, the one nearest to the person's next act first. */
function blockedBecause(plan: Plan, { incident, trusted, target }: RunbookPageInput): string | undefined {
  const manual = plan.kind === 'manual';
  if (!trusted && !manual) {
    return 'This workspace is in Restricted Mode: steps can be read, not run. Trust the workspace to run them.';
  }
  if (!incident) return 'Declare an incident first: everything a step does is recorded in its journal.';
  if (incident.status === 'resolved') return 'This incident is resolved. Reopen it to go on with its steps.';
  if (manual) return undefined;
  if (plan.missing.length > 0) {
    const refusal = refusalAmong(plan.missing);
    return refusal ?? `Fill in ${listed(unique(plan.missing.map(({ name }) => name)))} first.`;
  }
  const trap = plan.traps.find(({ blocks }) => blocks);
  if (trap) return trap.message;
  if (target.warning !== undefined && plan.risk !== 'read') {
    return `Changes wait until the target is settled. ${target.warning}`;
  }
  return undefined;
}

const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
