import { uuid } from '../../state/names.ts';
import type { RequestLog } from '../webApi.ts';
import { createRequestLog } from '../webApi.ts';
import type { LabelSet } from './fingerprint.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { Matcher } from './matchers.ts';
import { fits } from './matchers.ts';

/** Times are ms since 1970. */
export interface StoredAlert {
  readonly fingerprint: string;
  readonly labels: LabelSet;
  readonly annotations: LabelSet;
  readonly generatorURL: string;
  readonly startsAt: number;
  /** Resolved from then on: told by the sender, or five minutes after the last time it told nothing. */
  readonly endsAt: number;
  readonly updatedAt: number;
}

/** What a sender may tell of an alert. */
export interface FreshAlert {
  readonly labels: LabelSet;
  readonly annotations?: LabelSet;
  readonly generatorURL?: string;
  readonly startsAt?: number;
  readonly endsAt?: number;
}

export interface StoredSilence {
  readonly id: string;
  readonly matchers: readonly Matcher[];
  readonly startsAt: number;
  readonly endsAt: number;
  readonly updatedAt: number;
  readonly createdBy: string;
  readonly comment: string;
}

export type SilenceState = 'pending' | 'active' | 'expired';

/** The part of Alertmanager's configuration file that its API shows the effect of. */
export interface AlertmanagerConfig {
  /** Gets what no route takes. */
  receiver: string;
  /** The first whose matchers all fit takes an alert. */
  routes: { matchers: readonly Matcher[]; receiver: string }[];
  groupBy: string[];
  /** A firing alert that fits `source` mutes those that fit `target` and share the values of `equal`. */
  inhibitRules: { source: readonly Matcher[]; target: readonly Matcher[]; equal: readonly string[] }[];
}

/** The state of the simulated Alertmanager. */
export interface AlertmanagerStore extends RequestLog {
  /** The present, in ms since 1970. */
  readonly now: () => number;
  /**
   * The whole Authorization header that every request must carry; undefined, as out of the box: none is asked for.
   * Real ones take basic authentication by `--web.config.file`; a bearer token is what a proxy before it asks for.
   */
  authorization: string | undefined;
  readonly config: AlertmanagerConfig;
  /** By fingerprint, the resolved ones too. */
  readonly alerts: Map<string, StoredAlert>;
  /** By id, the expired ones too. */
  readonly silences: Map<string, StoredSilence>;
  readonly startedAt: number;
  /** Called before each answer: lets whatever sends alerts here send them. */
  beforeAnswer: () => void;
  /** Takes an alert as a POST would, and gives its fingerprint. */
  put(alert: FreshAlert): string;
  /** Stores a silence under a new id. */
  silence(of: Omit<StoredSilence, 'id' | 'updatedAt'>): StoredSilence;
  /** Ends it now; false for one that is not there. One that has ended stays as it is. */
  expire(id: string): boolean;
  stateOf(silence: StoredSilence): SilenceState;
  /** The ids of the active silences that fit these labels. */
  silencedBy(labels: LabelSet): readonly string[];
  /** The fingerprints of the firing alerts that mute this one. */
  inhibitedBy(alert: StoredAlert): readonly string[];
  receiverOf(labels: LabelSet): string;
}

/** Alertmanager's `resolve_timeout`, ms. */
const resolveAfter = 5 * 60_000;
const exactly = (name: string, value: string): Matcher => ({ name, value, isRegex: false, isEqual: true });
const allFit = (matchers: readonly Matcher[], labels: LabelSet): boolean =>
  matchers.every((matcher) => fits(matcher, labels));

/** An Alertmanager that routes critical alerts to a pager, and lets a critical alert mute its service's warnings. */
export function createAlertmanagerStore(now: () => number): AlertmanagerStore {
  const alerts = new Map<string, StoredAlert>();
  const silences = new Map<string, StoredSilence>();
  let silencesMade = 0;
  const store: AlertmanagerStore = {
    ...createRequestLog(),
    now,
    authorization: undefined,
    config: {
      receiver: 'channel',
      routes: [{ matchers: [exactly('severity', 'critical')], receiver: 'pager' }],
      groupBy: ['alertname', 'service'],
      inhibitRules: [
        {
          source: [exactly('severity', 'critical')],
          target: [exactly('severity', 'warning')],
          equal: ['service'],
        },
      ],
    },
    alerts,
    silences,
    startedAt: now(),
    beforeAnswer: () => undefined,
    put({ labels: given, annotations = {}, generatorURL = '', startsAt, endsAt }) {
      const at = now();
      const labels = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ''));
      const fingerprint = fingerprintOf(labels);
      const before = alerts.get(fingerprint);
      const starts = startsAt ?? endsAt ?? at;
      const ongoing = before !== undefined && before.endsAt > at;
      alerts.set(fingerprint, {
        fingerprint,
        labels,
        annotations,
        generatorURL,
        startsAt: ongoing ? Math.min(before.startsAt, starts) : starts,
        endsAt: endsAt ?? at + resolveAfter,
        updatedAt: at,
      });
      return fingerprint;
    },
    silence(of) {
      silencesMade += 1;
      const made = { ...of, id: uuid(`silence/${silencesMade}`), updatedAt: now() };
      silences.set(made.id, made);
      return made;
    },
    expire(id) {
      const silence = silences.get(id);
      if (silence === undefined) return false;
      const at = now();
      const state = store.stateOf(silence);
      if (state !== 'expired')
        silences.set(id, {
          ...silence,
          ...(state === 'pending' ? { startsAt: at } : {}),
          endsAt: at,
          updatedAt: at,
        });
      return true;
    },
    stateOf: ({ startsAt, endsAt }) => {
      const at = now();
      return at < startsAt ? 'pending' : at < endsAt ? 'active' : 'expired';
    },
    silencedBy: (labels) =>
      [...silences.values()]
        .filter((silence) => store.stateOf(silence) === 'active' && allFit(silence.matchers, labels))
        .map(({ id }) => id),
    inhibitedBy: (alert) =>
      store.config.inhibitRules.flatMap(({ source, target, equal }) =>
        !allFit(target, alert.labels) || allFit(source, alert.labels)
          ? []
          : [...alerts.values()]
              .filter(
                ({ labels, endsAt }) =>
                  endsAt > now() &&
                  allFit(source, labels) &&
                  equal.every((name) => (labels[name] ?? '') === (alert.labels[name] ?? '')),
              )
              .slice(0, 1)
              .map(({ fingerprint }) => fingerprint),
      ),
    receiverOf: (labels) =>
      store.config.routes.find(({ matchers }) => allFit(matchers, labels))?.receiver ?? store.config.receiver,
  };
  return store;
}
