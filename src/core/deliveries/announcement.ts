import type { DeliveryRequest, OutwardSystem } from './delivery.ts';

/** One place that is told: a row a person can take out, whose text they see before it leaves. */
export interface AnnouncementRow {
  /** `slack`, `github`, …; several webhooks have a row each. */
  readonly id: string;
  readonly system: OutwardSystem;
  /** `Slack channel #incident-2026-11-23-0001` */
  readonly label: string;
  /** What will stand there, whole. */
  readonly text: string;
  readonly picked: boolean;
  readonly requests: readonly DeliveryRequest[];
}
