import { startOutside } from '../../src/simulator/outside.ts';
import type { AlertingRule } from '../../src/simulator/systems/prometheus/prometheusStore.ts';
import type { AlertSite } from './suites/alertSite.ts';

/** A simulated Prometheus with its Alertmanager: one alert fires, another as long as it is let. */
export async function startSimulatedAlerts(): Promise<AlertSite> {
  const { outside, dispose } = await startOutside(() => Date.now());
  const start = Date.now();
  let isOtherOn = true;
  const rule = (
    name: string,
    labels: Readonly<Record<string, string>>,
    isOn: () => boolean,
  ): AlertingRule => {
    const annotations = { summary: `${name} fires`, runbook_url: 'https://runbooks.example/high-error-rate' };
    const hit = { labels: { alertname: name, ...labels }, annotations, activeAt: start - 600_000, value: 1 };
    return {
      name,
      group: 'lab',
      query: 'up == 0',
      forMs: 0,
      labels,
      annotations,
      hits: () => (isOn() ? [hit] : []),
    };
  };
  outside.prometheus.store.rules.push(
    rule('PaymentErrorRateHigh', { severity: 'critical', service: 'payment-service' }, () => true),
    rule('CheckoutDown', { severity: 'warning', service: 'checkout-service' }, () => isOtherOn),
  );
  return {
    prometheus: outside.prometheus.url,
    alertmanager: outside.alertmanager.url,
    firing: 'PaymentErrorRateHigh',
    other: {
      name: 'CheckoutDown',
      resolve: () => Promise.resolve(void (isOtherOn = false)),
      fire: () => Promise.resolve(void (isOtherOn = true)),
    },
    dispose,
  };
}
