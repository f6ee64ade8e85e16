/** What arrived: an alert, a page, or a change that may explain it. */
export type SignalKind = 'alert' | 'page' | 'deploy' | 'flag' | 'config';

/** `happened` for changes: they have no end. */
export type SignalState = 'firing' | 'pending' | 'silenced' | 'acknowledged' | 'resolved' | 'happened';

/** A signal as every source's is shown. Times UTC ISO 8601; texts are the source's own and only ever text. */
export interface IncomingSignal {
  /** The same for the same thing over time and over sources: alerts by their labels, others by source and id. */
  readonly id: string;
  readonly kind: SignalKind;
  /** `Alertmanager`, `Prometheus`, `PagerDuty`, `Argo CD`, `Kubernetes`, `Unleash`; several when several tell of it. */
  readonly sources: readonly string[];
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
