import type { Alertmanager } from './alertmanager.ts';
import { createAlertmanager } from './alertmanager.ts';
import type { OpenConnection } from './alertSignal.ts';
import { readPagerDuty } from './pagerduty/pagerDutySignals.ts';
import { readPrometheus } from './prometheus.ts';
import { readUnleashEvents } from './unleashEvents.ts';

/** Who tells of alerts, pages and flag changes, each asked with the connection of the moment. */
export interface SignalReaders {
  readonly alertmanager: (connection: OpenConnection) => Alertmanager;
  readonly readPrometheus: typeof readPrometheus;
  readonly readPagerDuty: typeof readPagerDuty;
  readonly readUnleashEvents: typeof readUnleashEvents;
}

export const signalReaders: SignalReaders = {
  alertmanager: createAlertmanager,
  readPrometheus,
  readPagerDuty,
  readUnleashEvents,
};
