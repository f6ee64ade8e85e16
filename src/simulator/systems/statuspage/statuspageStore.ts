import type { RateWindow } from '../rateWindow.ts';
import { createRateWindow } from '../rateWindow.ts';
import { vendorId } from '../vendorId.ts';
import type { RequestLog } from '../webApi.ts';
import { createRequestLog } from '../webApi.ts';

export const componentStatuses = [
  'operational',
  'under_maintenance',
  'degraded_performance',
  'partial_outage',
  'major_outage',
] as const;
export type ComponentStatus = (typeof componentStatuses)[number];

export const realtimeStatuses = ['investigating', 'identified', 'monitoring', 'resolved'] as const;
export const scheduledStatuses = ['scheduled', 'in_progress', 'verifying', 'completed'] as const;
export type IncidentStatus = (typeof realtimeStatuses)[number] | (typeof scheduledStatuses)[number];

export const impacts = ['none', 'maintenance', 'minor', 'major', 'critical'] as const;
export type Impact = (typeof impacts)[number];

/** Times are RFC 3339 in UTC, as the API has them. */
export interface StatuspagePage {
  readonly id: string;
  readonly name: string;
  readonly subdomain: string;
  readonly url: string;
  readonly time_zone: string;
  readonly created_at: string;
  readonly updated_at: string;
}

export interface StatuspageComponent {
  readonly id: string;
  readonly page_id: string;
  readonly group_id: string | null;
  readonly name: string;
  readonly description: string | null;
  readonly position: number;
  readonly created_at: string;
  updated_at: string;
  status: ComponentStatus;
}

export interface AffectedComponent {
  readonly code: string;
  readonly name: string;
  readonly old_status: ComponentStatus;
  readonly new_status: ComponentStatus;
}

export interface StatuspageUpdate {
  readonly id: string;
  readonly incident_id: string;
  readonly status: IncidentStatus;
  readonly body: string;
  readonly affected_components: readonly AffectedComponent[] | null;
  readonly deliver_notifications: boolean;
  readonly created_at: string;
  readonly updated_at: string;
  readonly display_at: string;
}

export interface StatuspageIncident {
  readonly id: string;
  readonly page_id: string;
  readonly shortlink: string;
  readonly created_at: string;
  name: string;
  status: IncidentStatus;
  impact: Impact;
  impact_override: Impact | null;
  metadata: Readonly<Record<string, unknown>>;
  updated_at: string;
  monitoring_at: string | null;
  resolved_at: string | null;
  scheduled_for: string | null;
  scheduled_until: string | null;
  /** Ids of the affected components. */
  components: string[];
  /** Newest first, as the API gives them. */
  incident_updates: StatuspageUpdate[];
}

/** One mailing to the subscribers of the page. */
export interface StatuspageNotification {
  readonly incident: string;
  readonly update: string;
  readonly body: string;
  readonly at: string;
}

/** The state of the simulated Statuspage account. */
export interface StatuspageStore extends RequestLog {
  /** The one API key: plainly no real one. */
  readonly token: string;
  /** The present, in ms since 1970. */
  readonly now: () => number;
  readonly pages: StatuspagePage[];
  readonly components: StatuspageComponent[];
  /** Oldest first. */
  readonly incidents: StatuspageIncident[];
  /** What the subscribers got: one for each update with `deliver_notifications`. */
  readonly notifications: StatuspageNotification[];
  /** Requests a minute, and the status that one too many gets: 429, or 420 as it was and as the reference still has it. */
  readonly limit: { perMinute: number; status: 429 | 420 };
  readonly window: RateWindow;
  /** An id that nothing has yet. */
  nextId(of: string): string;
}

const components = [
  ['Payments', 'Card and wallet payments'],
  ['Checkout', 'Cart and order confirmation'],
  ['Catalogue', null],
  ['Search', null],
] as const;

/** One page with four components, all operational, and no incident. */
export function createStatuspageStore(now: () => number): StatuspageStore {
  const at = new Date(now()).toISOString();
  let made = 0;
  const nextId = (of: string): string => {
    made += 1;
    return vendorId(`statuspage/${of}/${made}`, 12);
  };
  const page: StatuspagePage = {
    id: nextId('page'),
    name: 'Example Shop',
    subdomain: 'example-shop',
    url: 'https://status.example.com',
    time_zone: 'UTC',
    created_at: at,
    updated_at: at,
  };
  return {
    ...createRequestLog(),
    token: 'simulated-statuspage-word',
    now,
    pages: [page],
    components: components.map(([name, description], index) => ({
      id: nextId('component'),
      page_id: page.id,
      group_id: null,
      name,
      description,
      position: index + 1,
      status: 'operational',
      created_at: at,
      updated_at: at,
    })),
    incidents: [],
    notifications: [],
    limit: { perMinute: 60, status: 429 },
    window: createRateWindow(60_000),
    nextId,
  };
}
