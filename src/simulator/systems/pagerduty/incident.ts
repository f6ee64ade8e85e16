export type PagerDutyStatus = 'triggered' | 'acknowledged' | 'resolved';
export type Urgency = 'high' | 'low';

/** A user, or the service whose integration did it. */
export interface Agent {
  readonly type: 'user' | 'service';
  readonly id: string;
}

export interface PagerDutyNote {
  readonly id: string;
  readonly user: string;
  readonly content: string;
  readonly at: number;
}

export interface ResponderRequest {
  readonly requester: string;
  readonly message: string;
  readonly at: number;
  readonly targets: readonly { readonly type: 'user' | 'escalation_policy'; readonly id: string }[];
}

export interface PagerDutyAlert {
  readonly id: string;
  readonly key: string;
  readonly summary: string;
  readonly severity: string;
  readonly source: string;
  readonly details: unknown;
  readonly at: number;
  status: 'triggered' | 'resolved';
}

/** Times are ms since 1970. */
export interface PagerDutyIncident {
  readonly id: string;
  readonly number: number;
  readonly createdAt: number;
  /** Given by whoever created it; undefined for one that alerts opened. */
  readonly key: string | undefined;
  readonly details: string | undefined;
  readonly type: string;
  title: string;
  service: string;
  status: PagerDutyStatus;
  urgency: Urgency;
  priority: string | undefined;
  escalationPolicy: string;
  level: number;
  assignedVia: 'escalation_policy' | 'direct_assignment';
  assignees: { user: string; at: number }[];
  acknowledgements: { user: string; at: number }[];
  updatedAt: number;
  changedAt: number;
  changedBy: Agent;
  resolvedAt: number | undefined;
  conferenceUrl: string | undefined;
  readonly notes: PagerDutyNote[];
  readonly responderRequests: ResponderRequest[];
  readonly alerts: PagerDutyAlert[];
}

export interface PagerDutyChange {
  readonly id: string;
  readonly service: string;
  readonly summary: string;
  readonly source: string;
  readonly at: number;
  readonly links: readonly { readonly href: string; readonly text?: string }[];
  readonly details: unknown;
}

export const isOpen = ({ status }: PagerDutyIncident): boolean => status !== 'resolved';
