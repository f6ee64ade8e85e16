import type { PrometheusStore } from '../prometheus/prometheusStore.ts';
import { activeAlerts, graphUrl } from '../prometheus/prometheusStore.ts';
import type { AlertmanagerStore } from './alertmanagerStore.ts';

/** Prometheus sends an alert's end four resend delays (one minute each) ahead, ms. */
const endsAhead = 4 * 60_000;

/**
 * Lets the Alertmanager know what fires in Prometheus, as Prometheus does by itself: the same labels (so the same
 * fingerprint: no external labels are configured), the start of firing, and an end that moves on until it is over.
 */
export function forwardAlerts(from: PrometheusStore, to: AlertmanagerStore): () => void {
  const told = new Set<string>();
  return () => {
    const firing = activeAlerts(from).filter((alert) => alert.firing);
    const now = from.now();
    const present = new Set(
      firing.map(({ labels, annotations, activeAt, rule }) =>
        to.put({
          labels,
          annotations,
          generatorURL: graphUrl(from, rule.query),
          startsAt: activeAt + rule.forMs,
          endsAt: now + endsAhead,
        }),
      ),
    );
    for (const fingerprint of told) {
      const over = present.has(fingerprint) ? undefined : to.alerts.get(fingerprint);
      if (over === undefined) continue;
      to.alerts.set(fingerprint, { ...over, endsAt: Math.min(over.endsAt, now), updatedAt: now });
      told.delete(fingerprint);
    }
    for (const fingerprint of present) told.add(fingerprint);
  };
}
