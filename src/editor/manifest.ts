import type { SelfApproval } from '../core/approvals/policy.ts';
import type { FlagService } from '../core/plan/curl/flagService.ts';

/** Names that package.json declares, typed once so that a wrong one does not compile. */
export const commandIds = [
  'incident.continue',
  'incident.declare',
  'incident.declareFromAlert',
  'incident.attachSignal',
  'incident.refreshSignals',
  'incident.silenceAlert',
  'incident.endSilence',
  'incident.openSignal',
  'incident.openRunbookOfSignal',
  'incident.acknowledge',
  'incident.setSeverity',
  'incident.setImpact',
  'incident.setOnset',
  'incident.markMitigated',
  'incident.nextPhase',
  'incident.goToPhase',
  'incident.openRunbook',
  'incident.runStep',
  'incident.stopRun',
  'incident.runAll',
  'incident.runToHere',
  'incident.dryRunAll',
  'incident.stopAll',
  'incident.addNote',
  'incident.addEvidence',
  'incident.addEvidenceFile',
  'incident.attachOutput',
  'incident.openEvidence',
  'incident.shareOutput',
  'incident.postUpdate',
  'incident.postNoChange',
  'incident.snoozeUpdate',
  'incident.postExecutiveUpdate',
  'incident.postPublicUpdate',
  'incident.sendDraft',
  'incident.escalate',
  'incident.acknowledgeEscalation',
  'incident.tickItem',
  'incident.checkResolution',
  'incident.showCheck',
  'incident.keepChange',
  'incident.resolve',
  'incident.cancelSoak',
  'incident.tellResolved',
  'incident.setPostMortemOwner',
  'incident.reopen',
  'incident.draftPostMortem',
  'incident.refreshPostMortem',
  'incident.insertEvidence',
  'incident.setPostMortemStatus',
  'incident.exportPostMortem',
  'incident.copyPostMortem',
  'incident.openGuide',
  'incident.showOutput',
  'incident.switchIncident',
  'incident.pinTarget',
  'incident.answerQuestion',
  'incident.showMessage',
  'incident.runAct',
  'incident.markItemDone',
  'incident.openDashboard',
  'incident.openLink',
  'incident.followLink',
  'incident.copyText',
  'incident.openOutput',
  'incident.showEvent',
  'incident.undoChange',
  'incident.requestApproval',
  'incident.approve',
  'incident.refuseApproval',
  'incident.lookAtApproval',
  'incident.setSecret',
  'incident.runRemedy',
  'incident.announce',
  'incident.showDeliveries',
  'incident.openDelivery',
  'incident.retryDelivery',
  'incident.archiveChannel',
  'incident.connect',
  'incident.openPeople',
  'incident.showRunbookHealth',
  'incident.recordReplay',
  'incident.exportAudit',
  'incident.syncActionItems',
  'incident.showActionItems',
  'incident.saveCalendarEntry',
  'incident.previewPlan',
  'incident.runStepAtCursor',
  'incident.newRunbook',
  'incident.newGuide',
  'incident.importAlertRunbooks',
  'incident.searchHistory',
  'incident.openPastIncident',
  'incident.showTrends',
  'incident.exportFigures',
  'incident.importPostMortems',
] as const;
export type CommandId = (typeof commandIds)[number];

export const viewIds = [
  'incident.incidents',
  'incident.signals',
  'incident.runbooks',
  'incident.contacts',
  'incident.history',
] as const;

export const contextKeys = [
  'incident.isReady',
  'incident.isActive',
  'incident.isResolved',
  'incident.hasIncident',
  'incident.isAcknowledged',
  'incident.isRunning',
  'incident.hasSeveral',
  'incident.isSoaking',
] as const;
export type ContextKey = (typeof contextKeys)[number];

/** Settings with their types; the keys are package.json's without the `incident.` prefix. */
export interface Settings {
  readonly name: string;
  readonly 'guides.include': readonly string[];
  readonly 'guides.exclude': readonly string[];
  readonly kubeconfig: string;
  readonly 'journal.folder': string;
  readonly 'postMortems.folder': string;
  readonly 'postMortems.template': string;
  readonly 'postMortems.lint': boolean;
  readonly 'shell.readOnlyCommands': readonly string[];
  readonly 'argoCd.baseUrl': string;
  readonly 'argoCd.caFile': string;
  readonly 'aws.profile': string;
  readonly 'aws.region': string;
  readonly 'slack.baseUrl': string;
  readonly 'slack.channelName': string;
  readonly 'github.baseUrl': string;
  readonly 'github.repository': string;
  readonly 'jira.baseUrl': string;
  readonly 'jira.project': string;
  readonly 'jira.issueType': string;
  readonly 'jira.email': string;
  readonly 'statuspage.baseUrl': string;
  readonly 'statuspage.pageId': string;
  readonly 'pagerduty.baseUrl': string;
  readonly 'pagerduty.service': string;
  readonly 'pagerduty.from': string;
  readonly 'grafana.baseUrl': string;
  readonly 'alertmanager.baseUrl': string;
  readonly 'alertmanager.user': string;
  readonly 'alertmanager.tenant': string;
  readonly 'prometheus.baseUrl': string;
  readonly 'prometheus.user': string;
  readonly 'prometheus.tenant': string;
  /** As written: read by findServiceMetrics and queriesOfSet. */
  readonly 'metrics.queries': Readonly<Record<string, unknown>>;
  readonly 'metrics.thresholds': Readonly<Record<string, unknown>>;
  readonly 'signals.pollSeconds': number;
  readonly 'signals.severities': Readonly<Record<string, string>>;
  readonly 'signals.serviceLabels': readonly string[];
  readonly 'signals.pagerDutyTeams': readonly string[];
  readonly 'signals.clusterChanges': 'pinned' | 'current' | 'off';
  /** As written: parsed by readWebhooks. */
  readonly webhooks: unknown;
  readonly 'flags.services': readonly FlagService[];
  readonly 'authoring.diagnostics': boolean;
  readonly 'authoring.ignore': readonly string[];
  readonly 'people.file': string;
  readonly 'escalation.automatic': boolean;
  readonly 'evidence.maxMegabytes': number;
  readonly 'approvals.floor': Readonly<Record<string, string>>;
  readonly 'approvals.self': SelfApproval;
  readonly 'approvals.minutes': number;
  readonly 'resolution.soak': Readonly<Record<string, unknown>>;
}
export const settingKeys = [
  'name',
  'guides.include',
  'guides.exclude',
  'kubeconfig',
  'journal.folder',
  'postMortems.folder',
  'postMortems.template',
  'postMortems.lint',
  'shell.readOnlyCommands',
  'argoCd.baseUrl',
  'argoCd.caFile',
  'aws.profile',
  'aws.region',
  'slack.baseUrl',
  'slack.channelName',
  'github.baseUrl',
  'github.repository',
  'jira.baseUrl',
  'jira.project',
  'jira.issueType',
  'jira.email',
  'statuspage.baseUrl',
  'statuspage.pageId',
  'pagerduty.baseUrl',
  'pagerduty.service',
  'pagerduty.from',
  'grafana.baseUrl',
  'alertmanager.baseUrl',
  'alertmanager.user',
  'alertmanager.tenant',
  'prometheus.baseUrl',
  'prometheus.user',
  'prometheus.tenant',
  'metrics.queries',
  'metrics.thresholds',
  'signals.pollSeconds',
  'signals.severities',
  'signals.serviceLabels',
  'signals.pagerDutyTeams',
  'signals.clusterChanges',
  'webhooks',
  'flags.services',
  'authoring.diagnostics',
  'authoring.ignore',
  'people.file',
  'escalation.automatic',
  'evidence.maxMegabytes',
  'approvals.floor',
  'approvals.self',
  'approvals.minutes',
  'resolution.soak',
] as const satisfies readonly (keyof Settings)[];

export const runbookPanelType = 'incident.runbook';
/** View type of Trends and of past incidents. */
export const reportPanelType = 'incident.report';
