import type { FlagService } from '../../core/plan/curl/flagService.ts';
import type { Target } from '../../core/plan/plan.ts';
import { failed } from '../../core/errors.ts';
import type { Result } from '../../core/errors.ts';
import type { Signal } from '../../core/ports.ts';
import type { LiveSignal } from '../../core/signals/incomingSignal.ts';
import { sourceNames } from '../../core/signals/incomingSignal.ts';
import type { SignalSource, SourceResult } from '../../core/signals/signalSource.ts';
import type { ConnectedSystem, TokenOf } from '../../integrations/connection.ts';
import type { OpenConnection } from '../../integrations/alertSignal.ts';
import type { LazyIntegrations } from '../chunks/integrationsChunk.ts';

export type OpenSystem = ConnectedSystem & ('alertmanager' | 'prometheus');

/** Of Alertmanager or Prometheus, as they are written in the settings. */
export interface OpenSettings {
  readonly baseUrl: string;
  readonly user: string;
  readonly tenant: string;
}

/** What the settings say of sources; addresses as they are written there. */
export interface SourceSettings {
  readonly alertmanager: OpenSettings;
  readonly prometheus: OpenSettings;
  /** Undefined while no token is connected: PagerDuty has an address of its own for everybody. */
  readonly pagerduty: { readonly baseUrl: string; readonly teams: readonly string[] } | undefined;
  readonly argoCd: string;
  /** Unleash services whose token is known; nothing is said about the others here, they are asked when a flag is changed. */
  readonly flags: readonly (FlagService & { readonly token: string })[];
  /** Where the cluster is asked for changes; undefined: nowhere. */
  readonly cluster: Target | undefined;
}

type ReadChanges = (target: Target, since: string, signal: Signal) => Promise<Result<readonly LiveSignal[]>>;

export interface SourceDeps {
  readonly integrations: LazyIntegrations;
  readonly tokenOf: TokenOf;
  /** The value of a named secret of the person's. */
  readonly secretOf: (name: string) => Promise<string | undefined>;
  readonly readDeploys: ReadChanges;
  readonly readClusterChanges: ReadChanges;
  /** UTC ISO 8601. */
  readonly now: () => string;
}

/** What such a system is asked with: its settings without blanks, and the token of their address. */
export async function openConnectionOf(
  system: OpenSystem,
  { baseUrl, user, tenant }: OpenSettings,
  tokenOf: TokenOf,
): Promise<OpenConnection> {
  const at = plain(baseUrl);
  return { baseUrl: at, user: user.trim(), tenant: tenant.trim(), token: await tokenOf(system, at) };
}

/** What is older explains nothing that begins now, ms. */
export const changesWindowMs = 24 * 3_600_000;

/** Every source that the settings name, in the order in which a responder looks at them. */
export function createSignalSources(settings: SourceSettings, deps: SourceDeps): readonly SignalSource[] {
  const since = (): string => new Date(Date.parse(deps.now()) - changesWindowMs).toISOString();
  const { alertmanager, prometheus, pagerduty, argoCd, flags, cluster } = settings;
  const open = (
    system: OpenSystem,
    { baseUrl, user, tenant }: OpenSettings,
    read: (connection: OpenConnection, signal: Signal) => Promise<SourceResult>,
  ): readonly SignalSource[] =>
    baseUrl.trim() === ''
      ? []
      : [
          {
            name: sourceNames[system],
            key: `${system} ${plain(baseUrl)} ${user.trim()} ${tenant.trim()}`,
            ...originOf(system, plain(baseUrl), tenant.trim()),
            kind: 'alerts',
            read: async (signal) => {
              if (!isWebAddress(plain(baseUrl)))
                return noAddress(sourceNames[system], `incident.${system}.baseUrl`);
              return read(await openConnectionOf(system, { baseUrl, user, tenant }, deps.tokenOf), signal);
            },
          },
        ];

  return [
    ...open('alertmanager', alertmanager, (connection, signal) =>
      deps.integrations().signals.alertmanager(connection).read(signal),
    ),
    ...open('prometheus', prometheus, (connection, signal) =>
      deps.integrations().signals.readPrometheus(connection, signal),
    ),
    ...(pagerduty ? [pagerDutySource(pagerduty, deps, since)] : []),
    ...(argoCd.trim() === ''
      ? []
      : [
          changesSource(sourceNames.argocd, `argocd ${argoCd.trim()}`, (signal) =>
            deps.readDeploys({ argoCdServer: argoCd.trim() }, since(), signal),
          ),
        ]),
    ...flags.map((service) => unleashSource(service, deps, since)),
    ...(cluster
      ? [
          changesSource(
            sourceNames.kubernetes,
            `kubernetes ${cluster.context ?? ''} ${cluster.server ?? ''} ${cluster.namespace ?? ''}`,
            (signal) => deps.readClusterChanges(cluster, since(), signal),
          ),
        ]
      : []),
  ];
}

const plain = (baseUrl: string): string => baseUrl.trim().replace(/\/+$/, '');
/** Without a user or a query: it stands in the journal. What one tenant is not told, another may be. */
const originOf = (system: string, address: string, tenant: string): { readonly origin?: string } => {
  if (!isWebAddress(address)) return {};
  const { origin, pathname } = new URL(address);
  return { origin: `${system} ${origin}${plain(pathname)}${tenant && ` of ${tenant}`}` };
};
const isWebAddress = (text: string): boolean =>
  URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
const noAddress = (name: string, setting: string): SourceResult =>
  failed('invalid', `The setting ${setting} is no web address, so ${name} is not asked. Correct it.`);

function pagerDutySource(
  { baseUrl, teams }: NonNullable<SourceSettings['pagerduty']>,
  deps: SourceDeps,
  since: () => string,
): SignalSource {
  const at = plain(baseUrl);
  return {
    name: sourceNames.pagerduty,
    key: `pagerduty ${at} ${teams.join()}`,
    kind: 'alerts',
    read: async (signal) => {
      if (!isWebAddress(at)) return noAddress(sourceNames.pagerduty, 'incident.pagerduty.baseUrl');
      const token = await deps.tokenOf('pagerduty', at);
      if (!token)
        return failed(
          'unauthorized',
          'PagerDuty is no longer connected. Connect it again with Incident: Connect.',
        );
      return deps
        .integrations()
        .signals.readPagerDuty({ baseUrl: at, token, teams, changesSince: since() }, signal);
    },
  };
}

function unleashSource(
  service: SourceSettings['flags'][number],
  deps: SourceDeps,
  since: () => string,
): SignalSource {
  const baseUrl = plain(service.apiUrl ?? service.baseUrl);
  const { project, environment } = service;
  return {
    name: sourceNames.unleash,
    key: `unleash ${baseUrl} ${project ?? ''} ${environment ?? ''}`,
    kind: 'changes',
    read: async (signal) => {
      const token = await deps.secretOf(service.token);
      return deps
        .integrations()
        .signals.readUnleashEvents({ baseUrl, token, project, environment, since: since() }, signal);
    },
  };
}

const changesSource = (
  name: string,
  key: string,
  read: (signal: Signal) => Promise<Result<readonly LiveSignal[]>>,
): SignalSource => ({
  name,
  key,
  kind: 'changes',
  read: async (signal) => {
    const result = await read(signal);
    return result.ok ? { ok: true, value: { signals: result.value, complete: true } } : result;
  },
});
