import type { Step } from '../guide/guide.ts';
import type { Incident, Run, StepMark } from '../incident/incident.ts';
import { hasFailedAssertion, isStepSettled, lastRun } from '../incident/progress.ts';
import type { Judged } from '../judge/judged.ts';
import { setNames } from '../metrics/exporterSets.ts';
import { formatValue } from '../metrics/units.ts';
import { isIngressForm, missingFirst } from '../plan/kubectl/isIngressForm.ts';
import type { Plan, PlanKind, Trap } from '../plan/plan.ts';
import { promisedBy } from '../plan/words/promisedNames.ts';
import { refusalAmong } from '../plan/words/refuseToKeep.ts';
import { isExcluded, tagsOf } from '../run/decideRunAll.ts';
import { outcomeMessage, renderOutcome } from './outcomeText.ts';
import { cardApproval } from './cardApproval.ts';
import { readingLines } from './readingText.ts';
import { earlierRuns } from './runHistory.ts';
import { indentJson, isJsonType } from './shownOutput.ts';
import { cardPlaces } from './stepPlaces.ts';
import type {
  CardApproval,
  CardChange,
  CardMetrics,
  CardRun,
  RunbookPageInput,
  StepCard,
} from './runbookPageState.ts';

/** A step with its plan, and what was found of its condition. */
export interface Planned {
  readonly step: Step;
  readonly plan: Plan;
  readonly judged: Judged | undefined;
}

const executors: Readonly<Record<PlanKind, string>> = {
  kubernetes: 'Kubernetes API',
  argocd: 'Argo CD API',
  rds: 'AWS API',
  http: 'HTTP request',
  query: 'Prometheus API',
  flag: 'feature flag API',
  shell: 'your shell',
  manual: 'by hand',
};

/** Before an incident is declared nothing can be pinned: these would only repeat that on every card. */
const wantsPin: ReadonlySet<Trap['code']> = new Set(['no-context', 'no-namespace']);

/** One step as its card shows it: what would run, what stands in the way, and how the last run went. */
export function stepCard({ step, plan, judged }: Planned, input: RunbookPageInput): StepCard {
  const { incident } = input;
  const mark = incident && own(incident.steps, step.id);
  const run = incident && lastRun(incident, step.id);
  const running = run !== undefined && run.end === undefined && input.runningHere(run.id);
  // A mark set after the last run began is the newer word on this step.
  const marked = !running && mark !== undefined && (run === undefined || mark.at > run.startedAt);
  return {
    id: step.id,
    number: step.number,
    text: step.text,
    condition: step.condition,
    judged: incident && judged && { verdict: judged.verdict, because: judged.because },
    assertions: (!running && run?.end?.assertions) || [],
    findings: running ? [] : readingLines(run?.end?.reading),
    details: step.details,
    places: cardPlaces(step),
    command: plan.kind === 'manual' ? undefined : plan.preview,
    metrics: cardMetrics(plan),
    kind: plan.kind,
    executor: executors[plan.kind],
    risk: plan.risk,
    traps: plan.traps
      .filter(({ code }) => incident !== undefined || !wantsPin.has(code))
      .filter(({ code }) => !isIngressForm(plan) || code !== 'incomplete-argument')
      .map(({ message, blocks }) => ({ message, blocks })),
    missing: unique(plan.missing.map(({ name }) => name)),
    unfilled: unique(plan.missing.map(({ written }) => written)),
    blocked: blockedBecause(step, plan, input) ?? waitsFor(cardApproval({ step, plan }, input)),
    state: running ? 'running' : marked ? mark.kind : run ? 'ended' : 'idle',
    run: run && cardRun(run, running, input, step),
    earlier: incident ? earlierRuns(incident, step.id) : [],
    marks: marksOf(step, plan),
    changes: incident ? cardChanges(incident, step.id) : [],
    foreseen: running ? [] : (input.foreseen?.(plan) ?? []),
    unsetSecrets: (plan.secrets ?? []).filter((name) => input.isSecretSet?.(name) === false),
    form: isIngressForm(plan),
    approval: cardApproval({ step, plan }, input),
    note: marked ? noteOf(mark) : undefined,
    marked: marked ? { at: mark.at, by: mark.by } : undefined,
  };
}

/** What is not in the settings is known only once the server was asked. */
const foundWhenRun =
  'by the usual names where the settings name no query: error rate, latency, traffic, saturation';

/** Half a dozen queries are read by their titles; the limit that each is held against is what tells of trouble. */
const cardMetrics = (plan: Plan): CardMetrics | undefined =>
  plan.kind === 'query' && plan.set !== undefined
    ? {
        name: plan.set === 'service' ? `${setNames.service}, ${foundWhenRun}` : setNames[plan.set],
        queries: plan.queries.map(({ title, query, unit, limit }) => ({
          title,
          query,
          limit: limit && `trouble ${limit.is} ${formatValue(limit.value, unit)}`,
        })),
      }
    : undefined;

/** Those that still stand, and those of them taken back since the step last ran. */
function cardChanges(incident: Incident, step: string): CardChange[] {
  const last = lastRun(incident, step);
  const runs = new Set(incident.runs.filter((run) => run.step === step).map(({ id }) => id));
  return incident.changes
    .filter(({ run, undone }) => runs.has(run) && (undone === undefined || run === last?.id))
    .map(({ id, changes, undo, undone }) => ({
      id,
      text: changes.join(', '),
      undo: undone ? undefined : undo?.title,
      undone: undone && { at: undone.at, by: undone.by },
    }));
}

const marksOf = (step: Step, plan: Plan): string[] => [
  ...(plan.background === true ? ['in the background'] : []),
  ...(isExcluded(step) ? ['not in Run all'] : []),
  ...tagsOf(step).map((tag) => `#${tag}`),
];

const noteOf = (mark: StepMark): string | undefined => (mark.kind === 'done' ? mark.note : mark.reason);

/** Step ids come from a file: one named `constructor` must not find Object's. */
const own = <T>(record: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined;

const unique = (names: readonly string[]): string[] => [...new Set(names)];

const interrupted =
  'This run has no recorded end: the window that started it is gone. ' +
  'What it printed so far is kept. Run the step again if you need its result.';

const elsewhere = 'Another window is running this step. Its output is shown here when it has ended.';

function cardRun(run: Run, running: boolean, input: RunbookPageInput, { attributes }: Step): CardRun {
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
    // That it ran is not enough where the guide says what must have come of it.
    tone: hasFailedAssertion(run) ? 'bad' : (rendered?.tone ?? 'neutral'),
    remedy: outcome?.kind === 'failed' ? outcome.remedy : undefined,
    message: outcome ? outcomeMessage(outcome) : running ? undefined : whyNoEnd,
    plots: run.end?.points !== undefined,
    ...shownTail(input.tails(run.id), !running && isJsonType(attributes['mimeType'])),
  };
}

/** JSON that is there as a whole is shown a member a line; the count stays that of the saved output. */
function shownTail(
  read: ReturnType<RunbookPageInput['tails']>,
  isJson: boolean,
): ReturnType<RunbookPageInput['tails']> {
  const whole = isJson && read.tail.split('\n').length >= read.lines;
  const tail = whole ? (indentJson(read.tail) ?? read.tail) : read.tail;
  return { tail, lines: Math.max(read.lines, tail.split('\n').length - 1) };
}

/** Kinds that go to the pinned cluster, or may: what a shell does is not known. */
const usesCluster = ({ kind, target }: Plan): boolean =>
  kind === 'kubernetes' || kind === 'shell' || (kind === 'argocd' && target.argoCdServer === undefined);

/** The first thing in the way, the one nearest to the person's next act first. */
function blockedBecause(
  step: Step,
  plan: Plan,
  { incident, trusted, target, sequence }: RunbookPageInput,
): string | undefined {
  const manual = plan.kind === 'manual';
  if (!trusted && !manual) {
    return 'This workspace is in Restricted Mode: steps can be read, not run. Trust the workspace to run them.';
  }
  if (!incident) return 'Declare an incident first: everything a step does is recorded in its journal.';
  if (incident.status === 'resolved') return 'This incident is resolved. Reopen it to go on with its steps.';
  if (manual) return undefined;
  const missing = missingFirst(plan);
  if (missing.length > 0) {
    const refusal = refusalAmong(missing);
    const giver = missing.map((each) => promisedBy(sequence.steps, step, each)).find((each) => each);
    if (giver && !refusal && !isStepSettled(incident, giver.id))
      return `Run step ${giver.number} first: this step uses what that one leaves to it.`;
    return refusal ?? `Fill in ${listed(unique(missing.map(({ name }) => name)))} first.`;
  }
  const trap = plan.traps.find(
    ({ blocks, code }) => blocks && !(isIngressForm(plan) && code === 'incomplete-argument'),
  );
  if (trap) return trap.message;
  const { warning } = target;
  if (warning && usesCluster(plan) && (warning.blocks === 'everything' || plan.risk !== 'read')) {
    const waits = warning.blocks === 'everything' ? 'Steps on the cluster wait' : 'Changes wait';
    return `${waits} until the target is settled. ${warning.message}`;
  }
  return undefined;
}

/** Whoever may not approve it alone has nothing to press until somebody has answered. */
const waitsFor = (approval: CardApproval | undefined): string | undefined =>
  approval?.state === 'waiting' && !(approval.isOwn && approval.mayBeAlone)
    ? approval.isOwn
      ? 'It waits for an answer: you can run it once it is approved.'
      : 'It waits for an answer.'
    : undefined;

const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
