import * as vscode from 'vscode';
import type { Result } from '../../core/errors.ts';
import { failed } from '../../core/errors.ts';
import type { Incident } from '../../core/incident/incident.ts';
import type { Target } from '../../core/plan/plan.ts';
import type { AlertsSeen } from '../../core/resolution/judgeAlerts.ts';
import { journalChanges } from '../../core/signals/journalChanges.ts';
import type { LiveSignal } from '../../core/signals/incomingSignal.ts';
import { seenStates, withShown, type Shown } from '../../core/signals/seenStates.ts';
import type { NewSilence } from '../../core/signals/silence.ts';
import type { SignalsShown } from '../../core/views/signalTree.ts';
import type { Alertmanager } from '../../integrations/alertmanager.ts';
import type { CommandDeps } from '../commands/commandDeps.ts';
import { tokenNameOf } from '../secrets.ts';
import { getSetting } from '../settings.ts';
import { createSignalFeed } from './signalFeed.ts';
import {
  changesWindowMs,
  createSignalSources,
  openConnectionOf,
  type OpenSettings,
  type OpenSystem,
  type SourceDeps,
  type SourceSettings,
} from './signalSources.ts';

/** The signals of this window: read while wanted, and what became of attached ones recorded. */
export interface SignalController {
  /** For the view. */
  shown(): SignalsShown;
  find(id: string): LiveSignal | undefined;
  /** What the sources say now; asked first when nothing has been asked yet. */
  known(): Promise<readonly LiveSignal[]>;
  want(isWanted: boolean): void;
  refresh(): Promise<void>;
  silence(silence: NewSilence, signal: AbortSignal): Promise<Result<string>>;
  endSilence(id: string, signal: AbortSignal): Promise<Result<undefined>>;
  /** Asks every source of alerts now, and says which of them have answered; one that has not by then has not. */
  lookAtAlerts(signal: AbortSignal): Promise<AlertsSeen>;
  readonly onDidChange: vscode.Event<void>;
  dispose(): void;
}

export interface SignalControllerDeps
  extends
    Pick<
      CommandDeps,
      'incidents' | 'session' | 'secrets' | 'connections' | 'integrations' | 'cluster' | 'now'
    >,
    Pick<SourceDeps, 'readDeploys' | 'readClusterChanges'> {}

export function createSignalController(deps: SignalControllerDeps): SignalController {
  const { incidents, session, secrets, connections, integrations, now } = deps;
  const changed = new vscode.EventEmitter<void>();
  const sourceDeps: SourceDeps = {
    integrations,
    tokenOf: connections.tokenOf,
    secretOf: secrets.get,
    readDeploys: deps.readDeploys,
    readClusterChanges: deps.readClusterChanges,
    now,
  };
  const sources = () => createSignalSources(readSettings(deps), sourceDeps);
  const feed = createSignalFeed({
    sources,
    serviceLabels: () => getSetting('signals.serviceLabels'),
    pollMs: () => Math.max(5, getSetting('signals.pollSeconds')) * 1000,
    isAllowed: () => vscode.workspace.isTrusted,
    now,
    schedule: (ms, act) => {
      const timer = setTimeout(act, ms);
      return () => clearTimeout(timer);
    },
  });

  /** The pinned target decides which cluster is asked: another one is another source. */
  let keys = '';
  let wanted = false;
  const keysNow = (): string =>
    sources()
      .map(({ key }) => key)
      .join('\n');
  const reload = (): void => {
    keys = keysNow();
    feed.reload();
  };
  let shown: Shown = new Map();
  const noteShown = (): void => {
    shown = withShown(shown, incidents.active(), feed.signals());
  };
  const record = (): void => {
    noteShown();
    const seen = { signals: feed.signals(), servers: feed.servers(), shown };
    for (const incident of incidents.active())
      for (const data of seenStates(incident, seen, now()))
        void incidents.handle(incident.id, { type: 'SeeSignalState', data });
  };
  const subscriptions = [
    changed,
    connections.onDidChange(reload),
    session.onDidChange(() => {
      noteShown();
      if (keysNow() !== keys) reload();
    }),
    feed.onDidChange(() => {
      record();
      changed.fire();
    }),
  ];

  const changesSince = (): string => new Date(Date.parse(now()) - changesWindowMs).toISOString();
  const signals = (): readonly LiveSignal[] => [
    ...feed.signals(),
    ...journalChanges(incidents.all(), changesSince()),
  ];
  const refresh = async (kind?: 'alerts'): Promise<void> => {
    // Whether PagerDuty is connected is known once the names of the secrets are.
    await secrets.ready();
    if (keysNow() !== keys) reload();
    await feed.refresh(kind);
  };
  const onAlertmanager = async <T>(
    act: (alertmanager: Alertmanager) => Promise<Result<T>>,
  ): Promise<Result<T>> => {
    if (!vscode.workspace.isTrusted)
      return failed('untrusted', 'This workspace is in Restricted Mode. Nothing was sent; trust it first.');
    const settings = openSettingsOf('alertmanager');
    const connection = await openConnectionOf('alertmanager', settings, connections.tokenOf);
    const done = await act(integrations().signals.alertmanager(connection));
    if (done.ok) void feed.refresh();
    return done;
  };

  return {
    shown: () => ({
      signals: signals(),
      silences: feed.silences(),
      health: feed.health(),
      incidents: incidents.active(),
    }),
    find: (id) => signals().find((signal) => signal.id === id),
    known: async () => {
      if (feed.health().every(({ lastAnswerAt, failure }) => !lastAnswerAt && !failure)) await refresh();
      return signals();
    },
    want: (isWanted) => {
      wanted = isWanted;
      if (!isWanted) feed.want(false);
      else
        void secrets.ready().then(() => {
          if (keysNow() !== keys) reload();
          feed.want(wanted);
        });
    },
    refresh: () => refresh(),
    lookAtAlerts: async (signal) => {
      const since = now();
      await Promise.race([refresh('alerts'), aborted(signal)]);
      const servers = feed.servers();
      const answered = new Set(servers.flatMap(({ name, answered: did }) => (did ? [name] : [])));
      const sources = feed.health().filter(({ kind }) => kind === 'alerts');
      return {
        signals: feed.signals(),
        servers,
        shown,
        sources: sources.map(({ source, failure, lastAnswerAt }) => ({
          name: source,
          problem: isSince(lastAnswerAt, since)
            ? answered.has(source)
              ? undefined
              : 'it has more than was read'
            : (failure?.message ?? 'it has not answered yet'),
        })),
      };
    },
    silence: (silence, signal) =>
      onAlertmanager((alertmanager) => alertmanager.createSilence(silence, signal)),
    endSilence: (id, signal) => onAlertmanager((alertmanager) => alertmanager.expireSilence(id, signal)),
    onDidChange: changed.event,
    dispose: () => {
      feed.dispose();
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}

const isSince = (at: string | undefined, since: string): boolean => at !== undefined && at >= since;

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

const openSettingsOf = (system: OpenSystem): OpenSettings => ({
  baseUrl: getSetting(`${system}.baseUrl`),
  user: getSetting(`${system}.user`),
  tenant: getSetting(`${system}.tenant`),
});

function readSettings({ secrets, session, cluster }: SignalControllerDeps): SourceSettings {
  const pagerduty = getSetting('pagerduty.baseUrl').trim();
  return {
    alertmanager: openSettingsOf('alertmanager'),
    prometheus: openSettingsOf('prometheus'),
    pagerduty: secrets.isSet(tokenNameOf('pagerduty', pagerduty))
      ? { baseUrl: pagerduty, teams: getSetting('signals.pagerDutyTeams') }
      : undefined,
    argoCd: getSetting('argoCd.baseUrl'),
    flags: getSetting('flags.services').flatMap((service) =>
      service.kind === 'unleash' && service.token !== undefined && secrets.isSet(service.token)
        ? [{ ...service, token: service.token }]
        : [],
    ),
    cluster: clusterOf(session.current(), cluster),
  };
}

/** The pinned cluster of an active incident; without one the current context's, where the setting says so. */
function clusterOf(
  incident: Incident | undefined,
  cluster: SignalControllerDeps['cluster'],
): Target | undefined {
  const where = getSetting('signals.clusterChanges');
  if (where === 'off') return undefined;
  if (incident?.status === 'active') {
    const { context, server, namespace } = incident.target;
    if (context === undefined) return undefined;
    return { context, ...(server ? { server } : {}), ...(namespace ? { namespace } : {}) };
  }
  if (where !== 'current') return undefined;
  const read = cluster.listContexts();
  const current = read.ok
    ? read.value.contexts.find(({ name }) => name === read.value.currentContext)
    : undefined;
  return (
    current && { context: current.name, server: current.server, namespace: current.namespace ?? 'default' }
  );
}
