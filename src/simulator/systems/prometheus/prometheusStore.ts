import type { LabelSet } from '../alertmanager/fingerprint.ts';
import type { RequestLog } from '../webApi.ts';
import { createRequestLog } from '../webApi.ts';

/** One label set for which a rule's expression gives a value now. */
export interface RuleHit {
  /** With the rule's own labels and `alertname`. */
  readonly labels: LabelSet;
  /** As they look once the templates are filled in. */
  readonly annotations: LabelSet;
  /** Since when the expression has given a value, ms since 1970. */
  readonly activeAt: number;
  readonly value: number;
}

export interface AlertingRule {
  readonly name: string;
  readonly group: string;
  readonly query: string;
  /** How long the expression must give a value before the alert fires, ms. */
  readonly forMs: number;
  readonly labels: LabelSet;
  /** With templates such as `{{ $labels.service }}`. */
  readonly annotations: LabelSet;
  /** What the expression gives now. */
  hits(): readonly RuleHit[];
}

/** A time series; `valueAt` takes ms since 1970, undefined: it had no sample then. */
export interface Series {
  readonly name: string;
  readonly labels: LabelSet;
  valueAt(at: number): number | undefined;
}

/** The state of the simulated Prometheus. */
export interface PrometheusStore extends RequestLog {
  /** The present, in ms since 1970. */
  readonly now: () => number;
  /** The whole Authorization header that every request must carry; undefined, as out of the box: none is asked for. */
  authorization: string | undefined;
  /** False: 503 on everything but `/-/healthy`, as while a real one reads its log. */
  ready: boolean;
  /** Its `--web.external-url`, without a slash at its end: what the links of its alerts begin with. */
  externalUrl: string;
  readonly rules: AlertingRule[];
  readonly series: Series[];
  /** More series, as the simulated production has them now: pods come and go. */
  readonly live: () => readonly Series[];
}

export interface PendingOrFiring extends RuleHit {
  readonly rule: AlertingRule;
  readonly firing: boolean;
}

/** Every alert that is pending or firing now, in the order of the rules. */
export const activeAlerts = ({ rules, now }: PrometheusStore): PendingOrFiring[] =>
  rules.flatMap((rule) =>
    rule.hits().map((hit) => ({ ...hit, rule, firing: now() >= hit.activeAt + rule.forMs })),
  );

/** The address of an expression in Prometheus' own pages: an alert's `generatorURL`. */
export const graphUrl = ({ externalUrl }: PrometheusStore, query: string): string =>
  `${externalUrl}/graph?g0.expr=${encodeURIComponent(query).replaceAll('%20', '+')}&g0.tab=1`;

export const createPrometheusStore = (
  now: () => number,
  rules: readonly AlertingRule[] = [],
  series: readonly Series[] = [],
  live: () => readonly Series[] = () => [],
): PrometheusStore => ({
  ...createRequestLog(),
  now,
  authorization: undefined,
  ready: true,
  externalUrl: 'http://prometheus.example.com',
  rules: [...rules],
  series: [...series],
  live,
});
