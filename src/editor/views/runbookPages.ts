import * as vscode from 'vscode';
import { runningSoak } from '../../core/resolution/foldResolution.ts';
import { soakClock } from '../../core/resolution/soak.ts';
import { clocksOf } from '../../core/incident/clocks.ts';
import { messageOf } from '../../core/errors.ts';
import { nothingToAsk } from '../../core/inputs/fetchSuggestions.ts';
import { refuseValue } from '../../core/inputs/fieldParts.ts';
import type { Incident } from '../../core/incident/incident.ts';
import { runPlots } from '../../core/metrics/runPlots.ts';
import { planStep } from '../../core/plan/planStep.ts';
import { normalName } from '../../core/plan/words/placeholderSyntax.ts';
import { appAmong, placeholdersIn, runbookPageState } from '../../core/views/runbookPage.ts';
import { openPlace } from '../../core/views/stepPlaces.ts';
import type { HostMessage, PageMessage, PageRequestName, PageRequests } from '../../shared/protocol.ts';
import type { Missing, Outcome } from '../../core/plan/plan.ts';
import type { Result } from '../../core/errors.ts';
import type { RunbookPageState } from '../../shared/runbookPage.ts';
import { parsePageMessage, requestIdOf } from '../../shared/parseMessages.ts';
import { hasOpenApprovals } from '../../core/approvals/approval.ts';
import { readApprovalPolicy } from '../approvals/approvalPolicy.ts';
import type { CommandDeps } from '../commands/commandDeps.ts';
import type { FoundSequence } from '../guides/guideLibrary.ts';
import { runbookPanelType } from '../manifest.ts';
import { pageHtml } from './pageHtml.ts';
import { performStep, markStepDone, skipStep } from '../runs/performStep.ts';
import { planningOf } from '../runs/planning.ts';
import { pageTarget } from '../runs/targets.ts';

export interface RunbookPages {
  open(sequenceId: string): Promise<void>;
  /** Fills a page that VS Code brought back; one whose runbook is gone is closed. */
  restore(panel: vscode.WebviewPanel, state: unknown): Promise<void>;
  dispose(): void;
}

/** How often a page with an open approval is drawn again. */
const approvalsEveryMs = 15_000;

type Deps = Omit<CommandDeps, 'pages' | 'reports'>;
type Handlers = {
  [N in PageRequestName]: (params: PageRequests[N]['params']) => Promise<PageRequests[N]['result']>;
};

/** One webview panel per runbook; each gets whole states, and every request is answered or failed. */
export function createRunbookPages(deps: Deps, root: vscode.Uri): RunbookPages {
  const open = new Map<string, { panel: vscode.WebviewPanel; found: FoundSequence }>();
  const attach = (panel: vscode.WebviewPanel, found: FoundSequence): void => {
    const id = found.sequence.id;
    open.set(id, { panel, found });
    panel.webview.options = {
      enableScripts: true,
      localResourceRoots: [vscode.Uri.joinPath(root, 'dist', 'webview')],
    };
    panel.iconPath = vscode.Uri.joinPath(root, 'media', 'icons', 'incident.svg');
    const closed = new AbortController();
    // What was asked for may be answered after the page has gone.
    const post = (message: HostMessage): void => {
      if (!closed.signal.aborted) void panel.webview.postMessage(message);
    };
    const current = (): FoundSequence => deps.guides.find(id) ?? found;
    const sendState = (): void => post({ type: 'state', state: stateOf(deps, current()) });
    const handlers = createHandlers(deps, current, closed.signal);
    const subscriptions = [
      panel.webview.onDidReceiveMessage(async (raw: unknown) => {
        const message = parsePageMessage(raw);
        if (!message) return refuseUnread(requestIdOf(raw), post);
        const reply = await answer(handlers, message);
        post(reply);
        // What refused it may stand in no event: a kubeconfig that was changed outside, say.
        if (reply.type === 'reply' && !reply.ok) sendState();
      }),
      deps.session.onDidChange(sendState),
      deps.guides.onDidChange(sendState),
      deps.runAll.onDidChange(sendState),
      deps.secrets.onDidChange(sendState),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('incident.approvals')) sendState();
      }),
      deps.onDidChangeKubeconfig(sendState),
      vscode.workspace.onDidGrantWorkspaceTrust(sendState),
      // A person who comes back may have changed the kubeconfig in a terminal.
      vscode.window.onDidChangeWindowState(({ focused }) => {
        if (focused) sendState();
      }),
      deps.runs.onDidChange((run) => {
        const incident = deps.session.current();
        if (incident && deps.runs.isRunning(run))
          post({ type: 'tail', run, ...deps.runs.tail(incident, run) });
        else sendState();
      }),
    ];
    // What waits for an answer says for how long yet.
    const minute = setInterval(() => {
      const incident = deps.session.current();
      if (incident && hasOpenApprovals(incident, deps.now())) sendState();
    }, approvalsEveryMs);
    panel.onDidDispose(() => {
      closed.abort();
      open.delete(id);
      clearInterval(minute);
      for (const subscription of subscriptions) subscription.dispose();
    });
    void deps.secrets.ready();
    panel.webview.html = pageHtml(panel.webview, root, {
      ...{ name: 'runbook', title: 'Runbook' },
      data: { sequence: id },
    });
  };
  return {
    restore: async (panel, state) => {
      await Promise.all([deps.guides.load(), deps.session.ready()]);
      const found = deps.guides.find(sequenceOf(state));
      if (found) attach(panel, found);
      else panel.dispose();
    },
    open: async (sequenceId) => {
      await Promise.all([deps.guides.load(), deps.session.ready()]);
      const there = open.get(sequenceId);
      if (there) {
        there.panel.reveal();
        return;
      }
      const found = deps.guides.find(sequenceId);
      if (!found) {
        void vscode.window.showWarningMessage(
          'That runbook is no longer in the guide. It may have been renamed: open it from the Runbooks view.',
        );
        return;
      }
      attach(
        vscode.window.createWebviewPanel(runbookPanelType, found.sequence.title, vscode.ViewColumn.Active, {
          enableScripts: true,
        }),
        found,
      );
    },
    dispose: () => {
      for (const { panel } of [...open.values()]) panel.dispose();
    },
  };
}

const sequenceOf = (state: unknown): string =>
  typeof state === 'object' && state !== null && 'sequence' in state && typeof state.sequence === 'string'
    ? state.sequence
    : '';

function stateOf(deps: Deps, found: FoundSequence): RunbookPageState {
  const incident = deps.session.current();
  const own = incident && deps.guides.guideOf(incident.guideFile);
  const clocks = incident ? clocksOf(incident, own, deps.now()) : undefined;
  const soak = incident && runningSoak(incident);
  return runbookPageState({
    incident,
    guide: found.guide,
    severities: own?.severities ?? [],
    sequence: {
      ...found.sequence,
      ...(found.condition === undefined ? {} : { condition: found.condition }),
      ...(found.about === undefined ? {} : { about: found.about }),
    },
    target: pageTarget(incident, deps.cluster),
    trusted: vscode.workspace.isTrusted,
    clocks: {
      ...(incident?.acknowledgedAt === undefined && clocks && clocks.response.kind !== 'none'
        ? { responseDueAt: clocks.response.dueAt }
        : {}),
      ...(clocks?.update ? { updateDueAt: clocks.update.dueAt } : {}),
      ...(soak ? { soakEndsAt: soakClock(soak, deps.now()).endsAt } : {}),
    },
    tails: (run) => (incident ? deps.runs.tail(incident, run) : { tail: '', lines: 0 }),
    runningHere: (run) => deps.runs.isRunning(run),
    foreseen: (plan) =>
      incident?.status === 'active' && vscode.workspace.isTrusted ? deps.runs.foreseen(plan) : [],
    isSecretSet: deps.secrets.isSet,
    runAll: deps.runAll.state(incident, found.sequence.id),
    isAlive: (writer) => deps.incidents.liveWriters().has(writer),
    planning: {
      ...planningOf(incident),
      ...(incident && { exported: deps.runs.exported(incident, found.sequence.id) }),
    },
    approvals: { policy: readApprovalPolicy(), now: deps.now(), userName: deps.userName() },
  });
}

/** @param closed aborts when the page closes: what it still asks of the systems is called off, queries that run too */
function createHandlers(deps: Deps, current: () => FoundSequence, closed: AbortSignal): Handlers {
  const placeholdersOf = (incident: Incident): readonly Missing[] =>
    current().sequence.steps.flatMap((step) =>
      placeholdersIn(planStep(step, { ...planningOf(incident), target: incident.target, values: {} })),
    );
  const stepOf = (id: string) => {
    const step = current().sequence.steps.find((candidate) => candidate.id === id);
    if (!step) throw new Error('That step is no longer in the guide. Open the runbook again.');
    return step;
  };
  const sequence = (): string => current().sequence.id;
  const run = async (id: string, ...args: readonly unknown[]): Promise<null> => {
    await vscode.commands.executeCommand(id, ...args);
    return null;
  };
  // What was shown may be another incident's by the time it is clicked.
  const shownIncident = (shown: string) => {
    const incident = deps.session.current();
    if (incident?.id !== shown)
      throw new Error('This page shows another incident now. Nothing was run: look again.');
    return incident;
  };
  return {
    undoChange: async ({ change, incident }) =>
      settle(told(await deps.runs.undo(shownIncident(incident), change))),
    attachOutput: ({ run: id }) => run('incident.attachOutput', id),
    shareOutput: ({ run: id }) => run('incident.shareOutput', id),
    answerApproval: ({ request, answer }) =>
      run(answer === 'approve' ? 'incident.approve' : 'incident.refuseApproval', request),
    fillForm: async ({ step, incident }) => {
      shownIncident(incident);
      return settle(await performStep(deps, sequence(), stepOf(step), 'palette'));
    },
    openPlace: ({ step, place }) => {
      const opens = openPlace(stepOf(step), place);
      if (!opens) throw new Error('The guide no longer names that place. Open the runbook again.');
      return run(opens.id, ...opens.args);
    },
    runRemedy: ({ run: id }) => run('incident.runRemedy', id),
    setSecret: ({ name }) => run('incident.setSecret', name),
    ready: () => Promise.resolve(stateOf(deps, current())),
    runStep: async ({ step: id, ...shown }) => {
      const step = stepOf(id);
      const incident = deps.session.current();
      const isShown =
        incident?.id === shown.incident && deps.runs.plan(incident, step).preview === shown.command;
      // The guide, a value, the pin or the current incident changed between the look and the click.
      if (!isShown)
        throw new Error(
          'This step is not what was shown here when you clicked. Nothing was run: look again.',
        );
      return settle(await performStep(deps, sequence(), step, 'page', closed));
    },
    runAll: ({ incident, dry, tag }) => {
      shownIncident(incident);
      return begun(
        deps.runAll.start(current().sequence, {
          scope: { kind: 'all', ...(tag === undefined ? {} : { tag }) },
          dry,
        }),
      );
    },
    runToHere: ({ step, incident }) => {
      shownIncident(incident);
      const scope = { kind: 'until', step: stepOf(step).id } as const;
      return begun(deps.runAll.start(current().sequence, { scope, dry: false }));
    },
    stopAll: () => {
      deps.runAll.stop();
      return Promise.resolve(null);
    },
    stopRun: ({ run: id }) => {
      deps.runs.stop(id);
      return Promise.resolve(null);
    },
    skipStep: async ({ step, incident, reason }) => {
      shownIncident(incident);
      return settle(await skipStep(deps, sequence(), stepOf(step), reason));
    },
    markDone: async ({ step, incident, note }) => {
      shownIncident(incident);
      return settle(await markStepDone(deps, sequence(), stepOf(step), note));
    },
    copyCommand: async ({ step }) => {
      const incident = deps.session.current();
      const text = incident ? deps.runs.plan(incident, stepOf(step)).preview : (stepOf(step).command ?? '');
      await vscode.env.clipboard.writeText(text);
      return null;
    },
    setValue: async ({ name, incident, value }) => {
      const shown = shownIncident(incident);
      const refusal = refuseValue(placeholdersOf(shown), name, value);
      if (refusal !== undefined) throw new Error(refusal);
      return settle(await deps.incidents.handle(shown.id, { type: 'SetValue', data: { name, value } }));
    },
    clearValue: async ({ name, incident }) => {
      const { id, values } = shownIncident(incident);
      const kept = Object.keys(values).find((each) => normalName(each) === name) ?? name;
      return settle(await deps.incidents.handle(id, { type: 'ClearValue', data: { name: kept } }));
    },
    suggest: async ({ name, incident }) => {
      const shown = shownIncident(incident);
      const placeholders = placeholdersOf(shown);
      const missing = placeholders.find((each) => each.name === name);
      if (missing === undefined) return nothingToAsk;
      const values = new Map(Object.entries(shown.values).map(([key, value]) => [normalName(key), value]));
      return deps.suggest(shown, missing, appAmong(placeholders, values), closed);
    },
    readPlots: async ({ run: id, incident }) => {
      const { runs, onsetAt } = shownIncident(incident);
      const points = runs.find((each) => each.id === id)?.end?.points;
      if (!points) throw new Error('No points of this run are kept. Its output is in the output channel.');
      const read = await deps.journal.readPoints(incident, points);
      if (!read.ok) throw new Error(read.failure.message);
      return runPlots(read.value, onsetAt);
    },
    openOutput: ({ run: id }) => run('incident.openOutput', id),
    openGuide: ({ line }) => run('incident.openGuide', line, current().guide.file),
    pinTarget: () => run('incident.pinTarget'),
    declare: () => run('incident.declare'),
  };
}

/** What begins goes on by itself; why it could not begin reaches the button. */
function begun(refusal: string | undefined): Promise<null> {
  return refusal === undefined ? Promise.resolve(null) : Promise.reject(new Error(refusal));
}

/** An undo has no card of its own: how it failed is told where it was asked for. */
const told = (result: Result<Outcome>): Result<Outcome> =>
  result.ok && result.value.kind === 'failed'
    ? { ok: false, failure: { code: 'failed', message: result.value.message } }
    : result;

/** The person's own "no" is an answer; any other failure reaches the button as a sentence. */
function settle(result: { ok: true } | { ok: false; failure: { code: string; message: string } }): null {
  if (!result.ok && result.failure.code !== 'cancelled') throw new Error(result.failure.message);
  return null;
}

/** A request that does not fit the protocol, a note of a megabyte say, is failed: a button never spins for ever. */
function refuseUnread(id: number | undefined, post: (message: HostMessage) => void): void {
  if (id === undefined) return;
  const message =
    'This could not be taken: the text is too long, or the page is of another version. Nothing was done.';
  post({ type: 'reply', id, ok: false, message });
}

async function answer(handlers: Handlers, message: PageMessage): Promise<HostMessage> {
  try {
    const handle = handlers[message.name] as (params: PageMessage['params']) => Promise<unknown>;
    return { type: 'reply', id: message.id, ok: true, result: await handle(message.params) };
  } catch (thrown) {
    return { type: 'reply', id: message.id, ok: false, message: messageOf(thrown) };
  }
}
