import type * as vscode from 'vscode';
import type { OutwardPlaces } from '../../core/deliveries/outwardPlaces.ts';
import type { Guide } from '../../core/guide/guide.ts';
import type { Incident } from '../../core/incident/incident.ts';
import type { Target } from '../../core/plan/plan.ts';
import type { KnownPeople } from '../outward/announce.ts';
import type { Suggest } from '../ask/suggesting.ts';
import type { TargetSources } from '../ask/askTarget.ts';
import type { ReadIngressForm } from '../ask/askIngressPatch.ts';
import type { Incidents } from '../../journal/incidents.ts';
import type { ClusterReader } from '../../executors/kubernetes/clusterReader.ts';
import type { LocalJournal } from '../../journal/localJournal.ts';
import type { ConnectionStates } from '../connect/connectionStates.ts';
import type { Connections } from '../outward/connections.ts';
import type { DeliveryController } from '../outward/deliveryController.ts';
import type { GuideLibrary } from '../guides/guideLibrary.ts';
import type { IncidentHistory } from '../views/incidentHistory.ts';
import type { LazyIntegrations } from '../chunks/integrationsChunk.ts';
import type { OutputChannels } from '../runs/outputChannels.ts';
import type { People } from '../people/peopleFile.ts';
import type { PostMortemFiles } from '../postmortem/postMortemFile.ts';
import type { ReadOnlyTexts } from '../ask/readOnlyText.ts';
import type { ReportPages } from '../views/reportPages.ts';
import type { Resolutions } from '../resolution/resolutions.ts';
import type { RunbookPages } from '../views/runbookPages.ts';
import type { RunAll } from '../runs/runAll.ts';
import type { RunController } from '../runs/runController.ts';
import type { Secrets } from '../secrets.ts';
import type { Session } from '../session.ts';
import type { UpdateDrafts } from '../outward/updateDrafts.ts';
import type { SignalController } from '../signals/signalController.ts';

/** What commands need of the rest; each command takes the part it uses. */
export interface CommandDeps {
  readonly incidents: Incidents;
  readonly journal: LocalJournal;
  readonly session: Session;
  readonly guides: GuideLibrary;
  readonly people: People;
  readonly drafts: UpdateDrafts;
  readonly runs: RunController;
  readonly runAll: RunAll;
  readonly outputs: OutputChannels;
  readonly postMortems: PostMortemFiles;
  readonly pages: RunbookPages;
  readonly history: IncidentHistory;
  readonly reports: ReportPages;
  readonly cluster: ClusterReader;
  readonly secrets: Secrets;
  readonly connections: Connections;
  readonly connectionStates: ConnectionStates;
  readonly integrations: LazyIntegrations;
  readonly deliveries: DeliveryController;
  readonly readOnlyTexts: ReadOnlyTexts;
  readonly peopleOf: (
    incident: Incident,
    guide: Guide | undefined,
    places: OutwardPlaces,
  ) => Promise<KnownPeople>;
  /** A new ULID each time. */
  readonly newId: () => string;
  readonly resolutions: Resolutions;
  readonly signals: SignalController;
  /** As the journal writes who did it. */
  readonly userName: () => string;
  readonly awsProfiles: TargetSources['awsProfiles'];
  readonly suggest: Suggest;
  readonly readIngressForm: (
    target: Target,
    ...args: Parameters<ReadIngressForm>
  ) => ReturnType<ReadIngressForm>;
  /** The product's own guide, which is never written. */
  readonly defaultGuide: vscode.Uri;
  readonly onDidChangeKubeconfig: vscode.Event<void>;
  /** UTC ISO 8601. */
  readonly now: () => string;
}

/** A command is a function of what it needs, giving the function VS Code will call. */
export type CommandFactory = (deps: CommandDeps) => (...args: readonly unknown[]) => Promise<void>;
