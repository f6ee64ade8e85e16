/** What arrived: an alert, a page, or a change that may explain it. */
export type SignalKind = 'alert' | 'page' | 'deploy' | 'flag' | 'config';

/** `happened` for changes: they have no end. */
export type SignalState = 'firing' | 'pending' | 'silenced' | 'acknowledged' | 'resolved' | 'happened';

/** What sources of signals are called, in `sources`, in rows and in sentences. */
export const sourceNames = {
  alertmanager: 'Alertmanager',
  prometheus: 'Prometheus',
  pagerduty: 'PagerDuty',
  argocd: 'Argo CD',
  kubernetes: 'Kubernetes',
  unleash: 'Unleash',
  journal: 'Incident journal',
} as const;

/** A signal as every source's is shown. Times UTC ISO 8601; texts are the source's own and only ever text. */
export interface IncomingSignal {
  /** The same for the same thing over time and over sources: alerts by their labels, others by source and id. */
  readonly id: string;
  readonly kind: SignalKind;
  /** `Alertmanager`, `Prometheus`, `PagerDuty`, `Argo CD`, `Kubernetes`, `Unleash`; several when several tell of it. */
  readonly sources: readonly string[];
  /** Which servers these are, as `SignalSource.origin` has it; left out where their address does not say. */
  readonly origins?: readonly string[];
  readonly title: string;
  readonly summary?: string;
  /** As its source says: `critical`, `high`. */
  readonly severity?: string;
  readonly service?: string;
  readonly startedAt: string;
  readonly state: SignalState;
  readonly runbookUrl?: string;
  /** Where a person can look at it. */
  readonly url?: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** A signal as it stands now: with what is no fact of an incident and stays out of the journal. */
export interface LiveSignal extends IncomingSignal {
  /** Keys of the servers that tell of it in this window. */
  readonly servers?: readonly string[];
  /** Ids of Alertmanager's silences that keep it quiet: these can be ended from here. */
  readonly silences?: readonly string[];
  /** Why it is quiet without a silence: `inhibited by another alert`, `muted by weekends`. */
  readonly quietBecause?: string;
}

/** What the journal keeps of a live signal. */
export const recordOf = ({
  servers: _servers,
  silences: _silences,
  quietBecause: _because,
  ...signal
}: LiveSignal): IncomingSignal => signal;
