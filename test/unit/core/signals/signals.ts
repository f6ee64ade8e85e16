import { alertId } from '../../../../src/core/signals/alertFingerprint.ts';
import type { LiveSignal } from '../../../../src/core/signals/incomingSignal.ts';
import { after } from '../../../support/builders.ts';

/** A firing alert of Alertmanager, two minutes before the built incident's declare. */
export function alert(more: Partial<LiveSignal> = {}): LiveSignal {
  const labels = more.labels ?? {
    alertname: 'PaymentErrorRateHigh',
    service: 'payment-service',
    severity: 'critical',
  };
  return {
    id: alertId(labels),
    kind: 'alert',
    sources: ['Alertmanager'],
    title: labels['alertname'] ?? 'Alert',
    startedAt: after(-2),
    state: 'firing',
    ...(labels['severity'] === undefined ? {} : { severity: labels['severity'] }),
    ...(labels['service'] === undefined ? {} : { service: labels['service'] }),
    ...more,
    labels,
  };
}

export const change = (more: Partial<LiveSignal> = {}): LiveSignal => ({
  id: 'argocd/payment-service/7',
  kind: 'deploy',
  sources: ['Argo CD'],
  title: 'payment-service deployed',
  startedAt: after(-6),
  state: 'happened',
  service: 'payment-service',
  labels: {},
  ...more,
});

/** An open incident of PagerDuty, as its source tells it. */
export const page = (incident = 'Q1', more: Partial<LiveSignal> = {}): LiveSignal => ({
  id: `pagerduty/${incident}`,
  kind: 'page',
  sources: ['PagerDuty'],
  title: 'SEV2 Payments failing (2026-11-23-0001)',
  startedAt: after(1),
  state: 'firing',
  service: 'Payments',
  ...more,
  labels: { incident_id: incident },
});
