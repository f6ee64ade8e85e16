import * as vscode from 'vscode';
import { messageOf, type Result } from '../../core/errors.ts';
import type { Step, StepSequence } from '../../core/guide/guide.ts';
import type { Incident } from '../../core/incident/incident.ts';
import { isStepSettled, lastRun, stepMark } from '../../core/incident/progress.ts';
import { judgeStep } from '../../core/judge/judgeStep.ts';
import type { Outcome, Plan } from '../../core/plan/plan.ts';
import { runAll, type RunAllPorts, type RunAllReport, type RunAllRequest } from '../../core/run/runAll.ts';
import { renderRunAll } from '../../core/views/runAllText.ts';
import type { RunAllState } from '../../core/views/runbookPageState.ts';
import type { CommandDeps } from '../commands/commandDeps.ts';
import { performStep } from './performStep.ts';

type Deps = Pick<
  CommandDeps,
  'session' | 'incidents' | 'runs' | 'guides' | 'readIngressForm' | 'suggest' | 'outputs' | 'readOnlyTexts'
>;

/** Runs several steps of a sequence one after another; one at a time in this window. */
export interface RunAll {
  /** Begins, and tells at once why it cannot; how it went on is told when it has ended. */
  start(sequence: StepSequence, request: Omit<RunAllRequest, 'steps' | 'after'>): string | undefined;
  /** Ends it, with the tree of what it runs just now. */
  stop(): void;
  isRunning(): boolean;
  /** For the page of a sequence: how its last Run all stands. */
  state(incident: Incident | undefined, sequence: string): RunAllState | undefined;
  readonly onDidChange: vscode.Event<void>;
  dispose(): void;
}

export function createRunAll(deps: Deps): RunAll {
  const changed = new vscode.EventEmitter<void>();
  const states = new Map<string, RunAllState & { readonly waitsAt?: string }>();
  let abort: AbortController | undefined;
  const keyOf = (incident: Incident, sequence: string): string => `${incident.id}/${sequence}`;
  const show = (key: string, state: RunAllState & { readonly waitsAt?: string }): void => {
    states.set(key, state);
    changed.fire();
  };

  const go = async (
    incident: Incident,
    sequence: StepSequence,
    request: RunAllRequest,
    own: AbortController,
  ): Promise<void> => {
    const key = keyOf(incident, sequence.id);
    const what = request.dry ? 'Dry run' : 'Run all';
    const report = await vscode.window.withProgress(
      {
        location: vscode.ProgressLocation.Notification,
        title: `${what}: ${sequence.title}`,
        cancellable: true,
      },
      (progress, token) => {
        token.onCancellationRequested(() => own.abort());
        const ports = portsOf(deps, incident.id, sequence, own.signal, (step, at, total) => {
          progress.report({ message: `${at} of ${total}: ${step.text}` });
          show(key, {
            phase: 'running',
            dry: request.dry,
            message: `${what}: step ${step.number} of ${sequence.steps.length}`,
            goesOn: false,
          });
        });
        return runAll(request, ports, own.signal).finally(ports.dispose);
      },
    );
    show(key, {
      phase: report.ended,
      dry: request.dry,
      message: report.message,
      goesOn: false,
      ...(report.ended === 'waiting' && report.at ? { waitsAt: report.at.id } : {}),
    });
    await record(deps, incident, sequence, request, report);
    await tell(deps, sequence, request, report);
  };

  return {
    start(sequence, { scope, dry }) {
      const incident = deps.session.current();
      if (incident?.status !== 'active')
        return 'Declare an incident first: what runs is kept in its journal.';
      if (!vscode.workspace.isTrusted)
        return 'This workspace is in Restricted Mode, so nothing runs. Trust it, then run the steps again.';
      if (abort) return 'Steps are being run together already. Stop that first, or wait for its end.';
      const waitsAt = states.get(keyOf(incident, sequence.id))?.waitsAt;
      const goesOn = !dry && waitsAt !== undefined && stepMark(incident, waitsAt) !== undefined;
      const own = new AbortController();
      abort = own;
      const request = { steps: sequence.steps, scope, dry, ...(goesOn ? { after: waitsAt } : {}) };
      void go(incident, sequence, request, own)
        .catch((thrown: unknown) => {
          const message = `It ended unexpectedly: ${messageOf(thrown)}. Each step that ran is in the journal.`;
          show(keyOf(incident, sequence.id), { phase: 'stopped', dry, message, goesOn: false });
          void vscode.window.showErrorMessage(`${sequence.title}: ${message}`);
        })
        .finally(() => {
          abort = undefined;
          changed.fire();
        });
      changed.fire();
      return undefined;
    },
    stop: () => abort?.abort(),
    isRunning: () => abort !== undefined,
    state: (incident, sequence) => {
      const known = incident && states.get(keyOf(incident, sequence));
      if (!incident || !known) return undefined;
      const { waitsAt, ...state } = known;
      return { ...state, goesOn: waitsAt !== undefined && stepMark(incident, waitsAt) !== undefined };
    },
    onDidChange: changed.event,
    dispose: () => {
      abort?.abort();
      changed.dispose();
    },
  };
}

function portsOf(
  deps: Deps,
  incidentId: string,
  { id: sequence, steps }: StepSequence,
  signal: AbortSignal,
  progress: RunAllPorts['progress'],
): RunAllPorts & { dispose(): void } {
  // Everything is read anew at each step: values, marks and the guide may have changed since the last one.
  const incident = (): Incident => {
    const now = deps.incidents.get(incidentId);
    if (!now) throw new Error('the incident is gone');
    return now;
  };
  const failed: Step[] = [];
  const subscriptions: vscode.Disposable[] = [];
  const stopCurrent = (): void => {
    for (const run of deps.runs.live())
      if (run.incident === incidentId && run.plan.background !== true && current === run.step.id)
        deps.runs.stop(run.id);
  };
  let current: string | undefined;
  signal.addEventListener('abort', stopCurrent);
  // Stopped while a question stood open: what it let start after that is stopped as well.
  const started = deps.runs.onDidChange(() => {
    if (signal.aborted) stopCurrent();
  });
  subscriptions.push(started);
  subscriptions.push({ dispose: () => signal.removeEventListener('abort', stopCurrent) });

  /** As soon as the step has started; `ended` comes first where it never does. */
  const untilStarted = (step: Step, ended: Promise<unknown>): Promise<Result<'background'>> =>
    new Promise((resolve) => {
      const listener = deps.runs.onDidChange(() => {
        if (deps.runs.live().some((run) => run.step.id === step.id))
          resolve({ ok: true, value: 'background' });
      });
      void ended.finally(() => listener.dispose());
      subscriptions.push(listener);
    });
  const run = async (step: Step, plan: Plan): Promise<Result<Outcome | 'background'>> => {
    if (deps.session.current()?.id !== incidentId) {
      return {
        ok: false,
        failure: {
          code: 'conflict',
          message: 'This window works on another incident now. Nothing more was run.',
        },
      };
    }
    current = step.id;
    const ended = performStep(deps, sequence, step, 'page') as Promise<Result<Outcome>>;
    if (plan.background !== true) return ended;
    void ended.then((result) => {
      if (!result.ok || /^(?:failed|timed-out)$/.test(result.value.kind)) failed.push(step);
    });
    return Promise.race([ended, untilStarted(step, ended)]);
  };
  return {
    plan: (step) => deps.runs.plan(incident(), step),
    isMarked: (step) => stepMark(incident(), step.id) !== undefined,
    isRunning: (step) => deps.runs.live().some((run) => run.step.id === step.id),
    isSettled: (step) => isStepSettled(incident(), step.id),
    judge: (step) => judgeStep(step, steps, incident()),
    checks: (step) => lastRun(incident(), step.id)?.end?.assertions ?? [],
    run,
    rehearse: (step) => {
      current = step.id;
      return deps.runs.rehearse(incident(), sequence, step);
    },
    failedInBackground: () => failed[0],
    ask: askWhetherItApplies,
    progress,
    dispose: () => {
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}

async function askWhetherItApplies(step: Step, because: string): Promise<'run' | 'pass-over' | 'stop'> {
  const [run, over] = ['Run Step', 'Pass Over'];
  const answer = await vscode.window.showInformationMessage(
    `Does step ${step.number} apply? ${step.condition ?? step.text}`,
    { modal: true, detail: `Cannot tell: ${because}. Cancel ends Run all here.` },
    run,
    over,
  );
  return answer === run ? 'run' : answer === over ? 'pass-over' : 'stop';
}

async function record(
  deps: Deps,
  { id }: Incident,
  { id: sequence, title }: StepSequence,
  { dry }: RunAllRequest,
  report: RunAllReport,
): Promise<void> {
  const recorded = await deps.incidents.handle(id, {
    type: 'RecordRunAll',
    data: {
      sequence,
      title,
      ...(dry ? { dry } : {}),
      ended: report.ended,
      message: report.message,
      passedOver: report.fates.flatMap(({ step, what }) =>
        what.kind === 'passed-over' ? [{ step: step.id, text: step.text, because: what.because }] : [],
      ),
    },
  });
  if (!recorded.ok) void vscode.window.showWarningMessage(recorded.failure.message);
}

/** A dry run is there to be read; how a Run all ended is told where it did not reach its end. */
async function tell(
  deps: Deps,
  sequence: StepSequence,
  { dry }: RunAllRequest,
  report: RunAllReport,
): Promise<void> {
  if (dry)
    return deps.readOnlyTexts.show(
      `dry run of ${sequence.title}`,
      renderRunAll(sequence.title, report, true),
    );
  if (report.ended === 'finished') void vscode.window.setStatusBarMessage(report.message, 10_000);
  else void vscode.window.showWarningMessage(`${sequence.title}: ${report.message}`);
}
