import type { World } from '../state/world.ts';
import type { AlertingRule, RuleHit } from '../systems/prometheus/prometheusStore.ts';

const runbooks = 'https://git.example.com/shop/runbooks/blob/main/incident-response.md';
const payment = 'production/payment-service';

/** Errors per request that a caller of payment-service sees while it is out, and otherwise. */
export const errorRatio = { out: 0.87, calm: 0.0012 };
/** The time of checkout's slowest hundredth, seconds: it waits for payment-service until it gives up. */
export const slowest = { out: 4.8, calm: 0.21 };

interface RuleOf {
  readonly name: string;
  readonly service: string;
  readonly severity: string;
  readonly query: string;
  readonly forMs: number;
  readonly value: number;
  readonly summary: string;
  readonly description: string;
  readonly runbook: string;
  readonly dashboard: string;
}

const rules: readonly RuleOf[] = [
  {
    name: 'PaymentErrorRateHigh',
    service: 'payment-service',
    severity: 'critical',
    query:
      'sum by (namespace, service) (rate(http_requests_total{namespace="production",service="payment-service",code=~"5.."}[5m])) / sum by (namespace, service) (rate(http_requests_total{namespace="production",service="payment-service"}[5m])) > 0.05',
    forMs: 60_000,
    value: errorRatio.out,
    summary: 'Payments fail: 87% of requests to payment-service answer 5xx',
    description: 'More than 5% of the requests to payment-service have answered 5xx for one minute.',
    runbook: `${runbooks}#service-unavailable-503`,
    dashboard: 'api-errors-by-endpoint',
  },
  {
    name: 'CheckoutLatencyHigh',
    service: 'checkout',
    severity: 'warning',
    query:
      'histogram_quantile(0.99, sum by (namespace, service, le) (rate(http_request_duration_seconds_bucket{namespace="production",service="checkout"}[5m]))) > 2',
    forMs: 120_000,
    value: slowest.out,
    summary: 'Checkout is slow: the slowest hundredth takes 4.8 s',
    description: 'The slowest hundredth of the requests to checkout has taken over 2 s for two minutes.',
    runbook: `${runbooks}#high-latency`,
    dashboard: 'service-health',
  },
];

/** Since when payment-service is out, ms since 1970; undefined while it answers. */
function outSince(world: World): number | undefined {
  const last = world.outages.get(payment)?.at(-1);
  return last !== undefined && last.until === undefined ? last.from : undefined;
}

/**
 * The alerting rules of the simulated production: they follow the outage of payment-service, so they begin to fire
 * with it and resolve when enough pods are ready. Annotations carry what a responder's tools look for: `summary`,
 * `description`, `runbook_url`, `dashboard_url`.
 */
export const createAlertRules = (present: () => World): AlertingRule[] =>
  rules.map(({ name, service, severity, query, forMs, value, summary, description, runbook, dashboard }) => {
    const labels = { severity, team: 'payments' };
    const annotations = {
      summary,
      description,
      runbook_url: runbook,
      dashboard_url: `https://grafana.example.com/d/${dashboard}?var-service=${service}`,
    };
    const hits = (): readonly RuleHit[] => {
      const activeAt = outSince(present());
      const found = { alertname: name, namespace: 'production', service, ...labels };
      return activeAt === undefined ? [] : [{ labels: found, annotations, activeAt, value }];
    };
    return { name, group: 'shop', query, forMs, labels, annotations, hits };
  });
