import * as path from 'node:path';
import * as vscode from 'vscode';
import { endWithPage } from '../../core/run/endWithPage.ts';
import { createTail, type Tail } from '../../core/run/tail.ts';
import { rehearseStep, type Rehearsal } from '../../core/run/rehearse.ts';
import { runStep, type LiveRun, type RunDeps, type RunRequest } from '../../core/run/runStep.ts';
import { planStep } from '../../core/plan/planStep.ts';
import { planUndo } from '../../core/plan/planUndo.ts';
import { findUndo } from '../../core/incident/undoable.ts';
import { valuesOfIncident } from '../../core/plan/words/placeholders.ts';
import type { Result } from '../../core/errors.ts';
import type { Step } from '../../core/guide/guide.ts';
import type { Incident } from '../../core/incident/incident.ts';
import type { Outcome, Plan } from '../../core/plan/plan.ts';
import { renderConfirmation } from '../../core/views/confirmation.ts';
import type { Incidents } from '../../journal/incidents.ts';
import type { ShellSessions } from '../../executors/shell/shellSessions.ts';
import type { LocalJournal } from '../../journal/localJournal.ts';
import { askConsent } from '../ask/askConsent.ts';
import type { OutputChannels } from './outputChannels.ts';
import type { ReadOnlyTexts } from '../ask/readOnlyText.ts';
import { createForesight } from './foresight.ts';
import { offerRemedy } from '../ask/remedy.ts';
import { sessionOf } from '../../core/run/sessionOf.ts';
import { planningOf } from './planning.ts';

/** Characters of a step's output that the next one finds as `$__`, at most; the sessions keep what fits. */
const longestOutput = 200_000;

/** Lines of live output the page shows. */
const pageLines = 200;

export interface RunController {
  /** The step's plan with the incident's target and values. */
  plan(incident: Incident, step: Step): Plan;
  /** @param page aborts when the page closes that the run is started from: a query ends with it */
  run(incident: Incident, sequence: string, step: Step, page?: AbortSignal): Promise<Result<Outcome>>;
  /** Finds out what a step would do without changing anything. */
  rehearse(incident: Incident, sequence: string, step: Step): Promise<Result<Rehearsal>>;
  /** Takes a change of the incident back, after the usual look and question. */
  undo(incident: Incident, change: string): Promise<Result<Outcome>>;
  /** What the executor foresees of a plan; empty while that is not known yet, and `onDidChange` fires when it is. */
  foreseen(plan: Plan): readonly string[];
  forgetForeseen(): void;
  /** Secrets that the plans made so far refer to. */
  secretNames(): readonly string[];
  /** Names of the variables that steps of this sequence exported in this incident. */
  exported(incident: Incident, sequence: string): readonly string[];
  stop(run: string): boolean;
  /** Stops everything; settles when each run has ended and its end is in the journal. */
  stopAll(): Promise<void>;
  live(): readonly LiveRun[];
  isRunning(run?: string): boolean;
  /** The last lines of a run: live ones from memory, ended ones from the saved output once it is read. */
  tail(incident: Incident, run: string): { readonly tail: string; readonly lines: number };
  /** Fires with the run's id when it starts, writes (at most ten times a second) or ends. */
  readonly onDidChange: vscode.Event<string>;
  dispose(): void;
}

export interface RunControllerDeps {
  readonly incidents: Incidents;
  readonly journal: LocalJournal;
  readonly outputs: OutputChannels;
  readonly now: () => string;
  readonly newId: () => string;
  /** The folder of the guide a step stands in: where its shell commands start. */
  readonly folderOf: (step: Step) => string;
  /** The sequence a step stands in; exported variables carry within it. */
  readonly sequenceOf: (step: Step) => string | undefined;
  /** A step of the guides that are open, by its id. */
  readonly stepOf: (id: string) => Step | undefined;
  readonly sessions: ShellSessions;
  readonly texts: ReadOnlyTexts;
  readonly approvals: RunDeps['approvals'];
  readonly executorFor: RunDeps['executorFor'];
  readonly checkTarget: RunDeps['checkTarget'];
}

export function createRunController(deps: RunControllerDeps): RunController {
  const live = new Map<
    string,
    { run: LiveRun; abort: AbortController; ended: () => void; end: Promise<void> }
  >();
  // The journal tells of a run a moment before its first sign of life: until then it is known here, or it would be drawn
  // as one whose window is gone.
  const starting = new Set<string>();
  const tails = new Map<string, Tail>();
  const loading = new Set<string>();
  const changed = new vscode.EventEmitter<string>();
  const due = new Map<string, NodeJS.Timeout>();
  const secretNames = new Set<string>();
  const foresight = createForesight(deps.executorFor, () => changed.fire(''));
  const fireSoon = (run: string): void => {
    if (due.has(run)) return;
    due.set(
      run,
      setTimeout(() => {
        due.delete(run);
        changed.fire(run);
      }, 100),
    );
  };
  const incidentOf = (run: LiveRun, fallback: Incident): Incident =>
    deps.incidents.get(run.incident) ?? fallback;

  /** A run of this window whose end the disk refused would keep its step from ever running again. */
  const endUnrecorded = async (incident: Incident): Promise<void> => {
    for (const run of incident.runs) {
      if (run.end || run.writer !== deps.journal.writer || live.has(run.id) || starting.has(run.id)) continue;
      const message =
        'It ended, but its outcome could not be recorded then. What it printed is in the output channel.';
      await deps.incidents.handle(incident.id, {
        type: 'EndRun',
        data: { run: run.id, outcome: { kind: 'failed', message }, durationMs: 0 },
      });
    }
  };

  const start = async <T>(
    request: Omit<RunRequest, 'trusted'>,
    act: (request: RunRequest, deps: RunDeps, signal: AbortSignal) => Promise<Result<T>>,
    page?: AbortSignal,
  ): Promise<Result<T>> => {
    const { incident } = request;
    await endUnrecorded(incident);
    const abort = new AbortController();
    const letGo = endWithPage(request.plan, page, (why) => abort.abort(why));
    let printed = '';
    return act(
      { ...request, trusted: vscode.workspace.isTrusted },
      {
        approvals: deps.approvals,
        executorFor: deps.executorFor,
        now: deps.now,
        newId: () => {
          const run = deps.newId();
          starting.add(run);
          return run;
        },
        checkTarget: deps.checkTarget,
        confirm: (request) => askConsent(renderConfirmation(request), request.typedName, deps.texts),
        record: (command) => deps.incidents.handle(incident.id, command),
        openOutput: (run) => deps.journal.openOutput(incident.id, run),
        keepPoints: (run, measured) => deps.journal.keepPoints(incident.id, run, measured),
        view: {
          started: (run) => {
            let ended = (): void => undefined;
            const end = new Promise<void>((resolve) => (ended = resolve));
            live.set(run.id, { run, abort, ended, end });
            starting.delete(run.id);
            tails.set(run.id, createTail(pageLines));
            deps.outputs.started(incidentOf(run, incident), run);
            changed.fire(run.id);
          },
          wrote: (run, text, stream) => {
            tails.get(run.id)?.write(text);
            if (stream === 'stdout') printed = (printed + text).slice(-longestOutput);
            deps.outputs.wrote(incidentOf(run, incident), text);
            fireSoon(run.id);
          },
          ended: (run, outcome, durationMs, note) => {
            // A step in the background is not the last one: what it printed comes whenever it ends.
            if (run.undoes === undefined && run.plan.background !== true)
              deps.sessions.keepOutput(
                sessionOf(incidentOf(run, incident), request.sequence),
                run.step.attributes['name'],
                printed,
              );
            // First of all, for what draws it may be gone already when the window closes.
            live.get(run.id)?.ended();
            live.delete(run.id);
            deps.outputs.ended(incidentOf(run, incident), run, outcome, durationMs, note);
            if (note) void vscode.window.showErrorMessage(note);
            changed.fire(run.id);
          },
        },
      },
      abort.signal,
    ).finally(letGo);
  };
  const startRun = async (
    request: Omit<RunRequest, 'trusted'>,
    page?: AbortSignal,
  ): Promise<Result<Outcome>> => {
    const result = await start(request, runStep, page);
    offerRemedy(result);
    return result;
  };

  /** The plan with the folder and the session that its step has here. */
  const located = (plan: Plan, step: Step, session: string): Plan => {
    for (const name of plan.secrets ?? []) secretNames.add(name);
    if (plan.kind !== 'shell' && plan.kind !== 'kubernetes') return plan;
    const cwd = path.resolve(deps.folderOf(step), plan.cwd ?? '.');
    return plan.kind === 'shell' ? { ...plan, cwd, folder: plan.cwd ?? '.', session } : { ...plan, cwd };
  };

  return {
    plan: (incident, step) => {
      const session = sessionOf(incident, deps.sequenceOf(step) ?? step.id);
      const plan = planStep(step, {
        ...planningOf(incident),
        exported: deps.sessions.names(session),
        target: incident.target,
        values: { ...valuesOfIncident(placeOf(incident)), ...incident.values },
      });
      return located(plan, step, session);
    },
    run(incident, sequence, step, page) {
      return startRun({ incident, sequence, step, plan: this.plan(incident, step) }, page);
    },
    rehearse(incident, sequence, step) {
      return start({ incident, sequence, step, plan: this.plan(incident, step) }, rehearseStep);
    },
    async undo(incident, change) {
      const found = findUndo(incident, change);
      if (!found.ok) return found;
      const { undo, run } = found.value;
      const step: Step = { ...undoStep, id: run.step, text: undo.title, command: undo.preview };
      const own = undo.act.kind === 'guide' ? deps.stepOf(undo.act.step) : undefined;
      const bare = planUndo(undo, run.step, deps.stepOf);
      const plan = own ? located(bare, own, sessionOf(incident, run.sequence)) : bare;
      return startRun({ incident, sequence: run.sequence, step, plan, undoes: change });
    },
    foreseen: foresight.of,
    forgetForeseen: foresight.forget,
    secretNames: () => [...secretNames],
    exported: (incident, sequence) => deps.sessions.names(sessionOf(incident, sequence)),

    stop: (run) => {
      live.get(run)?.abort.abort();
      return live.has(run);
    },
    stopAll: async () => {
      const running = [...live.values()];
      for (const { abort } of running) abort.abort();
      await Promise.all(running.map(({ end }) => end));
    },
    live: () => [...live.values()].map((entry) => entry.run),
    isRunning: (run) => (run === undefined ? live.size > 0 : live.has(run) || starting.has(run)),
    tail: (incident, run) => {
      const known = tails.get(run);
      if (known) return { tail: known.text(), lines: known.lines() };
      const output = incident.runs.find((candidate) => candidate.id === run)?.end?.output;
      if (output && !loading.has(run)) {
        loading.add(run);
        void deps.journal.readOutputTail(incident.id, output.file, pageLines).then((read) => {
          const tail = createTail(pageLines);
          tail.write(read.ok ? read.value : `${read.failure.message}\n`);
          tails.set(run, tail);
          changed.fire(run);
        });
      }
      return { tail: '', lines: output?.lines ?? 0 };
    },
    onDidChange: changed.event,
    dispose: () => {
      for (const timer of due.values()) clearTimeout(timer);
      changed.dispose();
    },
  };
}

/** The parts of a step that an undo has none of: it stands in no guide. */
const undoStep = {
  number: 0,
  condition: undefined,
  details: [],
  language: '',
  line: 1,
  endLine: 1,
  attributes: {},
};

/** What is certain about the incident, for placeholders. */
const placeOf = (incident: Incident): { service?: string; namespace?: string } => ({
  ...(incident.service === undefined ? {} : { service: incident.service }),
  ...(incident.target.namespace === undefined ? {} : { namespace: incident.target.namespace }),
});
