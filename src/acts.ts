import * as os from 'node:os';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { commandTable } from './editor/commands/commandTable.ts';
import { escalationState, type NextLevel } from './core/incident/escalation.ts';
import type { Incident } from './core/incident/incident.ts';
import type { CommandDeps } from './editor/commands/commandDeps.ts';
import { approvalRequests } from './core/deliveries/planApproval.ts';
import { watchActionItems } from './editor/postmortem/actionItemWatch.ts';
import { createApprovalFeed } from './editor/approvals/approvalFeed.ts';
import { readApprovalPolicy } from './editor/approvals/approvalPolicy.ts';
import { sealText } from './editor/approvals/sealText.ts';
import { askApproval } from './editor/ask/askApproval.ts';
import { createConnectionStates } from './editor/connect/connectionStates.ts';
import { escalateByClock } from './editor/commands/escalation.ts';
import { createConnections } from './editor/outward/connections.ts';
import { createDeliveryController, type DeliveryController } from './editor/outward/deliveryController.ts';
import { createOwnWriters } from './journal/ownWriters.ts';
import { sha256 } from './journal/sha256.ts';
import { createLazyIntegrations } from './editor/chunks/integrationsChunk.ts';
import { createEarlierPoints } from './editor/runs/earlierPoints.ts';
import { createExecutors } from './editor/runs/executors.ts';
import { createIncidentHistory } from './editor/views/incidentHistory.ts';
import { createKubernetes } from './editor/chunks/kubernetesChunk.ts';
import { createLiveNames } from './editor/runs/liveNames.ts';
import type { LiveNames } from './editor/authoring/startAuthoring.ts';
import type { CommandId } from './editor/manifest.ts';
import { createOutputChannels } from './editor/runs/outputChannels.ts';
import { withPeopleOnCall } from './editor/outward/onCalls.ts';
import { peopleOfRow } from './editor/people/peopleFile.ts';
import { createPageFeed } from './editor/outward/pageFeed.ts';
import { createPinFeed } from './editor/outward/pinFeed.ts';
import { createPostMortemFiles } from './editor/postmortem/postMortemFile.ts';
import { createRds } from './editor/chunks/rdsChunk.ts';
import { createReadOnlyTexts } from './editor/ask/readOnlyText.ts';
import { createReportPages } from './editor/views/reportPages.ts';
import { createRunbookPages } from './editor/views/runbookPages.ts';
import { createRunAll } from './editor/runs/runAll.ts';
import { createRunController, type RunController } from './editor/runs/runController.ts';
import { tellUnresolved } from './editor/resolution/resolutionWatch.ts';
import { createResolutions, type Resolutions } from './editor/resolution/resolutions.ts';
import { createSecrets } from './editor/secrets.ts';
import { editorProxy, readArgoCdServer } from './editor/runs/servers.ts';
import { getSetting } from './editor/settings.ts';
import { checkTarget } from './editor/runs/targets.ts';
import { createSignalController, type SignalController } from './editor/signals/signalController.ts';
import { createSuggest } from './editor/ask/suggesting.ts';
import { createMetricsServer, prometheusServer } from './editor/runs/metrics.ts';
import { createQueryExecutor } from './executors/query/queryExecutor.ts';
import { createWeb } from './editor/chunks/webChunk.ts';
import { createTerminalExecutor } from './editor/runs/terminalExecutor.ts';
import { fetchAwsProfiles } from './executors/rds/awsProfiles.ts';
import { fetchSecrets } from './executors/secretValues.ts';
import { findInterpreter } from './executors/shell/interpreter.ts';
import { createPinnedEnvironment } from './executors/shell/pinnedEnvironment.ts';
import { presentSessions, sessionsOf } from './core/run/sessionOf.ts';
import { createShellSessions } from './executors/shell/shellSessions.ts';
import { createShellExecutor, type ShellDeps } from './executors/shell/shellExecutor.ts';
import type { KnownMembers } from './integrations/slack/members.ts';

export interface Acts {
  readonly commands: Readonly<Record<CommandId, (...args: readonly unknown[]) => Promise<void>>>;
  readonly runs: RunController;
  readonly deliveries: DeliveryController;
  readonly signals: SignalController;
  readonly resolutions: Resolutions;
  readonly liveNames: LiveNames;
  /** Fills a runbook page that VS Code brought back after a reload. */
  restorePage(panel: vscode.WebviewPanel, state: unknown): Promise<void>;
  restoreReport(panel: vscode.WebviewPanel, state: unknown): void;
  /** Calls the next level because its time is over, unless somebody has answered; false where nobody would be reached. */
  escalateByClock(incident: Incident, next: NextLevel): Promise<boolean>;
  /** Stops what still runs, with everything it started, and records how it ended. */
  dispose(): Promise<void>;
}

export interface ActsDeps extends Pick<
  CommandDeps,
  'incidents' | 'journal' | 'session' | 'guides' | 'people' | 'drafts' | 'userName' | 'now' | 'newId'
> {
  readonly context: vscode.ExtensionContext;
}

/**
 * The second half of the composition root: everything that acts, in a lazy chunk of its own that is read at the first
 * command, runbook page or post-mortem. What only shows (trees, status bar, lenses) is made in extension.ts and starts
 * without it.
 */
export function createActs({ context, ...shown }: ActsDeps): Acts {
  const { incidents, journal, guides, people, now, newId } = shown;
  const kubernetes = createKubernetes();
  const rds = createRds();
  const secrets = createSecrets(context.secrets);
  const connections = createConnections(secrets);
  const connectionStates = createConnectionStates(context.globalState, now);
  const integrations = createLazyIntegrations(connections, connectionStates);
  const metrics = createMetricsServer(connections, integrations, Date.now);
  const web = createWeb({
    secrets: secrets.get,
    proxy: editorProxy,
    flagServices: () => getSetting('flags.services'),
    argocd: {
      server: () => readArgoCdServer(secrets),
      kubernetes: kubernetes.applications,
    },
  });
  const sessions = createShellSessions();
  // What was exported for another target, or for an incident that is over, is no longer found: here it is let go.
  const letGo = incidents.onDidChange((id) => {
    const incident = incidents.get(id);
    sessions.forget(sessionsOf(id), incident?.status === 'active' ? presentSessions(incident) : undefined);
  });
  const shellDeps: ShellDeps = {
    sessions,
    kubeconfigFor: kubernetes.pinnedKubeconfig,
    cwd: () => vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? os.homedir(),
    env: () => process.env,
    tempFolder: os.tmpdir,
    secrets: secrets.get,
  };
  const outputs = createOutputChannels();
  const texts = createReadOnlyTexts();
  const executorFor = createExecutors({
    kubernetes: kubernetes.executor,
    ...web,
    query: createQueryExecutor({
      server: prometheusServer,
      ask: metrics.askRange,
      askInstant: metrics.askInstant,
      earlier: createEarlierPoints(journal, shown.session.current),
      now: Date.now,
    }),
    rds: rds.executor,
    shell: createShellExecutor(shellDeps),
    terminal: createTerminalExecutor({
      ...shellDeps,
      createPinnedEnvironment,
      findInterpreter,
      fetchSecrets,
    }),
  });
  const runs = createRunController({
    incidents,
    journal,
    outputs,
    texts,
    approvals: {
      policy: readApprovalPolicy,
      newId,
      hash: sha256,
      seal: sealText,
      userName: shown.userName,
      ask: (ask) => askApproval(ask, shown.userName()),
      asked: (incident, request) => void deliveries.request(incident, approvalRequests(incident, request)),
    },
    now,
    newId,
    executorFor,
    folderOf: guides.folderOf,
    sequenceOf: (step) => guides.findStep(step.id)?.sequence.id,
    stepOf: (id) => guides.findStep(id)?.step,
    sessions,
    checkTarget: (plan, pinned) => checkTarget(plan, pinned, kubernetes.reader),
  });
  const members: KnownMembers = { names: new Map(), ownIds: new Map() };
  const pins = createPinFeed({
    incidents,
    journal,
    connections,
    now,
    fetchPins: (channel, signal) => integrations().slack.fetchPins({ ...channel, ...members }, signal),
  });
  const answers = createApprovalFeed({
    incidents,
    journal,
    connections,
    people,
    guides,
    now,
    fetchReactions: (message, signal) =>
      integrations().slack.fetchReactions({ ...message, ...members }, signal),
    fetchReplies: (message, signal) => integrations().slack.fetchReplies({ ...message, ...members }, signal),
  });
  const page = createPageFeed({
    incidents,
    journal,
    connections,
    fetchPage: (...args) => integrations().pagerduty.fetchPage(...args),
  });
  // Before the pages hear of it: each of them asks anew, and would throw away what another has just been told.
  const forgetting = secrets.onDidChange(runs.forgetForeseen);
  const postMortems = createPostMortemFiles(context.globalStorageUri);
  const { reader: cluster, onDidChangeKubeconfig, readIngressForm } = kubernetes;
  const deliveries = createDeliveryController({
    incidents,
    journal,
    connections,
    ownWriters: createOwnWriters(path.join(context.globalStorageUri.fsPath, 'writers'), Date.now),
    service: ({ task }) => integrations().deliveries[task.system],
    now,
  });
  const signals = createSignalController({
    ...shown,
    secrets,
    connections,
    integrations,
    cluster,
    readDeploys: (...args) => web.argocd.readDeploys(...args),
    readClusterChanges: (...args) => kubernetes.readChanges(...args),
  });
  const resolutions = createResolutions({
    ...shown,
    signals,
    executorFor,
    metrics: { ...metrics, queries: () => getSetting('metrics.queries'), now: Date.now, found: new Map() },
    tellUnresolved,
    trust: {
      isGiven: () => vscode.workspace.isTrusted,
      onDidGive: vscode.workspace.onDidGrantWorkspaceTrust,
    },
  });
  const shared = {
    ...shown,
    runs,
    outputs,
    postMortems,
    secrets,
    connections,
    connectionStates,
    integrations,
    deliveries,
    newId,
    readOnlyTexts: texts,
    defaultGuide: vscode.Uri.joinPath(context.extensionUri, 'media', 'default-guide.md'),
    peopleOf: withPeopleOnCall(peopleOfRow(people), { connections, integrations }),
    signals,
    resolutions,
    cluster,
    onDidChangeKubeconfig,
    readIngressForm,
    suggest: createSuggest({ executorFor, listFlags: web.listFlags }, Date.now),
    awsProfiles: () => fetchAwsProfiles(process.env),
    history: createIncidentHistory(shown),
  };
  const runAll = createRunAll(shared);
  const actionItems = watchActionItems(shared);
  const pages = createRunbookPages({ ...shared, runAll }, context.extensionUri);
  const reports = createReportPages(shared, context.extensionUri);
  const deps: CommandDeps = { ...shared, runAll, pages, reports };
  const commands = Object.entries(commandTable).map(([id, factory]) => [id, factory(deps)]);

  return {
    commands: Object.fromEntries(commands) as Acts['commands'],
    runs,
    deliveries,
    signals,
    resolutions,
    liveNames: createLiveNames({ cluster, applications: kubernetes.applications }),
    restorePage: pages.restore,
    restoreReport: reports.restore,
    escalateByClock: async (incident, next) => {
      // Somebody may have answered in PagerDuty since it was last looked at.
      await page.lookAt(incident);
      const present = incidents.get(incident.id) ?? incident;
      const { late } = escalationState(present, guides.guideOf(present.guideFile), now());
      return late === undefined || escalateByClock(deps, present, next);
    },
    dispose: async () => {
      await resolutions.dispose();
      signals.dispose();
      actionItems.dispose();
      runAll.dispose();
      await runs.stopAll();
      pins.dispose();
      page.dispose();
      answers.dispose();
      await deliveries.dispose();
      pages.dispose();
      reports.dispose();
      postMortems.dispose();
      forgetting.dispose();
      letGo.dispose();
      connections.dispose();
      connectionStates.dispose();
      secrets.dispose();
      runs.dispose();
      outputs.dispose();
      texts.dispose();
      rds.dispose();
      await kubernetes.dispose();
    },
  };
}
