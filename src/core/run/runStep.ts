import type { Command } from '../incident/commands.ts';
import type { OutputRef, PointsRef } from '../incident/events.ts';
import type { Incident } from '../incident/incident.ts';
import type { Measured } from '../metrics/metricQuery.ts';
import type { Outcome, Plan } from '../plan/plan.ts';
import type { Change, Executor, OutputStream, Signal } from '../ports.ts';
import type { Step } from '../guide/guide.ts';
import { isSameShell, shellBoundOf } from '../approvals/shellBound.ts';
import { failed, ok, type Failure, type Result } from '../errors.ts';
import { hideSecrets } from '../plan/words/hideSecrets.ts';
import { tellsItsChanges, undoOfGuide, withGuideUndo } from '../plan/guideUndo.ts';
import type { MadeChange } from '../plan/undo.ts';
import { certainValues } from '../plan/words/certainValues.ts';
import { observeRun } from '../judge/observeRun.ts';
import { namesSeen } from '../plan/namesSeen.ts';
import { placeDiffers } from '../plan/placeDiffers.ts';
import { isApprovalWanted, seekApproval, type ApprovalDeps, type UsedApproval } from './seekApproval.ts';
import { refusalAmong } from '../plan/words/refuseToKeep.ts';
import { mayOnlyRead } from '../plan/risk.ts';
import { createTail } from './tail.ts';

/** Lines of output that suggestions are read from and that the page shows. */
const tailLines = 2_000;

/** What a person is asked before anything but a known read runs. */
export interface Confirmation {
  readonly plan: Plan;
  readonly step: Step;
  readonly changes: readonly Change[];
  readonly warnings: readonly string[];
  /** The object's readable diff, where the look gave one. */
  readonly diff?: string;
  /** The name to type for a destructive plan; undefined when a click is enough. */
  readonly typedName: string | undefined;
}

/** `run-read`: the person says this command only reads, so this step is not asked about again in this incident. */
export type Consent = 'run' | 'run-read' | 'dry-run' | 'cancel';

/** The saved output of one run. */
export interface OutputSink {
  write(text: string): void | Promise<void>;
  end(): Promise<OutputRef>;
  /** Set when the disk refused: the run goes on, and the person is told. */
  readonly failure: Failure | undefined;
}

/** Where a run is shown while it goes on: the page's tail and the output channel. */
export interface RunView {
  started(run: LiveRun): void;
  wrote(run: LiveRun, text: string, stream: OutputStream): void;
  ended(run: LiveRun, outcome: Outcome, durationMs: number, note: string | undefined): void;
}

export interface LiveRun {
  readonly id: string;
  readonly incident: string;
  readonly step: Step;
  readonly plan: Plan;
  readonly startedAt: string;
  /** The change (its id) that it takes back. */
  readonly undoes?: string;
}

export interface RunDeps {
  /** Who else has to agree, and how they are asked. */
  readonly approvals: ApprovalDeps;
  executorFor(plan: Plan): Promise<Executor | undefined>;
  /** UTC ISO 8601. */
  now(): string;
  newId(): string;
  /** A sentence when the plan's target is not what the incident is pinned to, or cannot be proven to be. */
  checkTarget(plan: Plan, pinned: Incident['target']): string | undefined;
  confirm(request: Confirmation): Promise<Consent>;
  record(command: Command): Promise<Result<Incident>>;
  openOutput(run: string): Promise<Result<OutputSink>>;
  /** Keeps what a run's queries gave, with their points. */
  keepPoints(run: string, measured: Measured): Promise<Result<PointsRef>>;
  view: RunView;
}

export interface RunRequest {
  readonly incident: Incident;
  readonly sequence: string;
  readonly step: Step;
  readonly plan: Plan;
  readonly trusted: boolean;
  /** The change (its id) that this plan takes back. */
  readonly undoes?: string;
}

/**
 * Runs one plan from the click to the journal: refuse, look, ask, record, run, record.
 * Gives the outcome, or the failure that kept it from starting; a `cancelled` failure is the person's own answer.
 */
export async function runStep(request: RunRequest, deps: RunDeps, signal: Signal): Promise<Result<Outcome>> {
  const refusal = refuse(request, deps);
  if (refusal) return { ok: false, failure: refusal };
  const executor = await deps.executorFor(request.plan);
  if (!executor)
    return failed('invalid', `Nothing here can run "${request.plan.preview}". Copy it and run it by hand.`);

  const consent = await askConsent(request, deps, executor, signal);
  if (!consent.ok) return consent;
  const plan = consent.value.plan;
  // The question may have stood open for long: somebody may have switched clusters meanwhile.
  const doubt = consent.value.confirmed ? refuseTarget(plan, request.incident, deps) : undefined;
  if (doubt) return { ok: false, failure: doubt };

  const live: LiveRun = {
    id: deps.newId(),
    incident: request.incident.id,
    step: request.step,
    plan,
    startedAt: deps.now(),
    ...(request.undoes === undefined ? {} : { undoes: request.undoes }),
  };
  const started = await deps.record({
    type: 'StartRun',
    data: {
      run: live.id,
      step: request.step.id,
      sequence: request.sequence,
      text: hideSecrets(request.step.text),
      kind: plan.kind,
      command: hideSecrets(plan.preview),
      original: hideSecrets(plan.original),
      target: plan.target,
      risk: plan.risk,
      ...shellBoundOf(plan),
      confirmed: consent.value.confirmed,
      ...(consent.value.onlyReads ? { onlyReads: true } : {}),
      ...(request.undoes === undefined ? {} : { undoes: request.undoes }),
      ...consent.value.approval,
      ...(plan.dryRun ? { dryRun: true } : {}),
      ...(plan.background ? { background: true } : {}),
      ...(consent.value.changes.length > 0 ? { changes: consent.value.changes.map(renderChange) } : {}),
    },
  });
  if (!started.ok) return started;
  return ok(await execute(live, request.incident, executor, deps, signal));
}

/** `deployment/payment-service spec.replicas 3 → 10` */
export const renderChange = (change: Change): string =>
  `${change.object} ${change.field} ${change.before} → ${change.after}`;

/** Why a plan may not run at all now, looked at without asking anybody; undefined when it may. */
export function refuse({ incident, plan, trusted }: RunRequest, deps: RunDeps): Failure | undefined {
  if (!trusted) {
    return {
      code: 'untrusted',
      message:
        'This workspace is in Restricted Mode, so nothing runs. Trust the workspace, then run the step again.',
    };
  }
  if (incident.status !== 'active') {
    return { code: 'conflict', message: `${incident.number} is resolved. Reopen it to run steps.` };
  }
  const unaskable = refusalAmong(plan.missing);
  if (unaskable) return { code: 'invalid', message: `${unaskable} Nothing was run.` };
  const names = plan.missing.map((missing) => missing.written).join(', ');
  if (names) return { code: 'invalid', message: `Fill in ${names} first. Nothing was run.` };
  const trap = plan.traps.find((candidate) => candidate.blocks);
  if (trap) return { code: 'invalid', message: `${trap.message} Nothing was run.` };
  return refuseTarget(plan, incident, deps);
}

function refuseTarget(plan: Plan, { target }: Incident, deps: RunDeps): Failure | undefined {
  const differs = plan.risk === 'read' ? undefined : placeDiffers(target, plan.kind, plan.target);
  const wrong =
    differs === undefined
      ? deps.checkTarget(plan, target)
      : `${differs}. Nothing was run; pin the other target again where that one is meant.`;
  return wrong === undefined ? undefined : { code: 'wrong-target', message: wrong };
}

interface Agreed {
  readonly plan: Plan;
  readonly confirmed: boolean;
  readonly onlyReads: boolean;
  readonly changes: readonly Change[];
  /** The request that this run uses up; a dry run uses none. */
  readonly approval: UsedApproval | undefined;
}

async function askConsent(
  request: RunRequest,
  deps: RunDeps,
  executor: Executor,
  signal: Signal,
): Promise<Result<Agreed>> {
  const { step, incident } = request;
  const unasked: Agreed = {
    plan: request.plan,
    confirmed: false,
    onlyReads: false,
    changes: [],
    approval: undefined,
  };
  // Whom the settings or the guide want to agree, no word of one person makes unnecessary.
  const isWanted = isApprovalWanted(request, request.plan, deps.approvals);
  if (request.plan.risk === 'read' && !isWanted) return ok(unasked);
  if (request.plan.risk === 'change' && !isWanted && saidToOnlyRead(incident, step.id, request.plan))
    return ok(unasked);
  const inspected = request.plan.risk === 'read' ? undefined : await executor.inspect?.(request.plan, signal);
  if (inspected && !inspected.ok) return inspected;
  const refusal = inspected?.value.refusal;
  if (refusal !== undefined) return failed('conflict', `${refusal} Nothing was run.`);
  const changes = inspected?.value.changes ?? [];
  // What was looked at is what runs: the look fills in guards, and steps that have to come first.
  const plan = inspected?.value.plan ?? request.plan;
  const approval = await seekApproval(request, { plan, changes: changes.map(renderChange) }, deps);
  if (!approval.ok) return approval;
  const agreed = { plan, approval: approval.value, changes, onlyReads: false };
  if (plan.risk === 'read') return ok({ ...agreed, confirmed: false });
  const answer = await deps.confirm({
    plan,
    step,
    changes,
    warnings: inspected?.value.warnings ?? [],
    ...(inspected?.value.diff === undefined ? {} : { diff: inspected.value.diff }),
    typedName: plan.risk === 'destructive' ? nameToType(plan) : undefined,
  });
  if (answer === 'cancel') return failed('cancelled', 'Not run: you said no. Nothing was changed.');
  if (answer !== 'dry-run') return ok({ ...agreed, confirmed: true, onlyReads: answer === 'run-read' });
  const dry = dryRunOf(plan);
  return dry
    ? ok({ plan: dry, confirmed: true, onlyReads: false, changes, approval: undefined })
    : failed('invalid', 'This step has no dry run. Nothing was run.');
}

/** Said of this very command on this very target: pinned elsewhere, or read by another program, it is asked about again. */
const saidToOnlyRead = (incident: Incident, step: string, plan: Plan): boolean =>
  // Whatever a journal says: of what is known to change something nobody was ever asked that.
  mayOnlyRead(plan) &&
  incident.events.some(
    (event) =>
      !('unknown' in event) &&
      event.type === 'RunStarted' &&
      event.data.onlyReads === true &&
      event.data.step === step &&
      event.data.command === hideSecrets(plan.preview) &&
      isSameShell(event.data, shellBoundOf(plan)) &&
      event.data.target.context === plan.target.context &&
      event.data.target.awsProfile === plan.target.awsProfile &&
      event.data.target.awsRegion === plan.target.awsRegion &&
      event.data.target.argoCdServer === plan.target.argoCdServer &&
      event.data.target.server === plan.target.server &&
      event.data.target.namespace === plan.target.namespace,
  );

/** The same plan, sent with `--dry-run=server`; undefined where the API offers none. */
export function dryRunOf(plan: Plan): Plan | undefined {
  if (plan.kind !== 'kubernetes' || !('dryRun' in plan.action) || plan.filters.length > 0) return undefined;
  return {
    ...plan,
    action: { ...plan.action, dryRun: true },
    risk: 'read',
    dryRun: true,
    preview: `${plan.preview} --dry-run=server`,
  };
}

/** What must be typed before a destructive plan: the object's name, else the last word of the command that is no flag. */
function nameToType(plan: Plan): string {
  if (plan.kind === 'kubernetes') {
    const { action } = plan;
    if ('resource' in action && typeof action.resource === 'object') return action.resource.name;
    if (action.verb === 'exec') return action.pod;
  }
  if (plan.kind === 'argocd' && 'app' in plan.action) return plan.action.app;
  if (plan.kind === 'rds' && plan.action.operation === 'reboot-db-instance') return plan.action.instance;
  if (plan.kind === 'rds' && plan.action.operation === 'failover-db-cluster') return plan.action.cluster;
  if (plan.kind === 'flag') return plan.action.flag;
  if (plan.kind === 'http') return new RegExp('^[a-z]+://([^/:]+)').exec(plan.url)?.[1] ?? plan.method;
  const words = plan.preview.trim().split(/\s+/);
  const named = words.filter((word, at) => !word.startsWith('-') && !placeFlags.has(words[at - 1] ?? ''));
  return named.at(-1)?.replace(/^["']|["']$/g, '') || 'run';
}

/** Flags whose value says where, not what. */
const placeFlags: ReadonlySet<string> = new Set([
  '-n',
  '--namespace',
  '--context',
  '--kube-context',
  '--profile',
  '--region',
]);

async function execute(
  live: LiveRun,
  incident: Incident,
  executor: Executor,
  deps: RunDeps,
  signal: Signal,
): Promise<Outcome> {
  const opened = await deps.openOutput(live.id);
  const sink = opened.ok ? opened.value : undefined;
  const tail = createTail(tailLines);
  const observer = observeRun(live.step, live.plan);
  let unrecorded: Failure | undefined;
  let points: Measured | undefined;
  const values = certainValues(incident);
  const undoWith = (captured: Readonly<Record<string, string>>) =>
    live.undoes !== undefined || live.plan.risk === 'read' || live.plan.dryRun
      ? undefined
      : undoOfGuide(live.step, { ...values, ...captured }, live.plan.target);
  const recordChange = async (change: MadeChange): Promise<void> => {
    const stated = await deps.record({ type: 'RecordChange', data: { run: live.id, ...change } });
    if (!stated.ok) unrecorded ??= stated.failure;
  };
  deps.view.started(live);
  const ended = await executor.run(
    live.plan,
    {
      write: (text, stream) => {
        tail.write(text);
        observer.write(text);
        deps.view.wrote(live, text, stream);
        return sink?.write(text);
      },
      measured: (measured) => {
        observer.measured(measured);
        points = measured;
      },
      changed: (change) => recordChange(withGuideUndo(change, undoWith({}))),
      lookedUp: (found) => observer.lookedUp(found),
    },
    signal,
  );
  const outcome = withReason(ended, signal);
  const output = await sink?.end();
  const kept = points && (await deps.keepPoints(live.id, points));
  const lost = opened.ok ? sink?.failure : opened.failure;
  const durationMs = Math.max(0, Date.parse(deps.now()) - Date.parse(live.startedAt));
  const seen = namesSeen(live.plan, tail.text());
  const observed = observer.end(outcome, values);
  // A shell that failed may have got half of the way: then its way back is wanted most.
  const undo =
    tellsItsChanges(live.plan) || (outcome.kind !== 'succeeded' && live.plan.kind !== 'shell')
      ? undefined
      : undoWith(observed.captured);
  if (undo) await recordChange({ changes: [`ran ${hideSecrets(live.plan.preview).slice(0, 200)}`], undo });
  const recorded = await deps.record({
    type: 'EndRun',
    data: {
      run: live.id,
      outcome,
      durationMs,
      ...(output ? { output } : {}),
      ...(kept?.ok ? { points: kept.value } : {}),
      ...(Object.keys(seen).length > 0 ? { seen } : {}),
      ...(observed.reading ? { reading: observed.reading } : {}),
      ...(observed.assertions.length > 0 ? { assertions: observed.assertions } : {}),
    },
  });
  for (const [name, value] of Object.entries(observed.captured))
    await deps.record({ type: 'SetValue', data: { name, value, run: live.id } });
  const notes = [
    lost?.message,
    kept?.ok === false ? kept.failure.message : undefined,
    unrecorded?.message,
    recorded.ok ? undefined : recorded.failure.message,
    ...observed.withheld,
  ].filter((note) => note !== undefined);
  deps.view.ended(live, outcome, durationMs, notes.length > 0 ? notes.join(' ') : undefined);
  return outcome;
}

/** An executor knows that it was stopped; why is known where it was stopped. */
const withReason = (outcome: Outcome, { reason }: Signal): Outcome =>
  outcome.kind === 'stopped' && typeof reason === 'string' ? { ...outcome, message: reason } : outcome;
