import type { RateWindow } from '../rateWindow.ts';
import { createRateWindow } from '../rateWindow.ts';
import { vendorId } from '../vendorId.ts';
import type { RequestLog } from '../webApi.ts';
import { createRequestLog } from '../webApi.ts';
import type { Directory, NextId } from './directory.ts';
import { seedDirectory } from './directory.ts';
import type { Agent, PagerDutyChange, PagerDutyIncident, Urgency } from './incident.ts';

/** The state of the simulated PagerDuty account. */
export interface PagerDutyStore extends RequestLog, Directory {
  /** An account-level API key: whoever uses it says in `From` for whom. */
  readonly token: string;
  /** A user-level API key, of the first user. */
  readonly userToken: string;
  /** An account-level API key that may only read. */
  readonly readOnlyToken: string;
  /** The present, in ms since 1970. */
  readonly now: () => number;
  /** Oldest first. */
  readonly incidents: PagerDutyIncident[];
  readonly changes: PagerDutyChange[];
  readonly abilities: Set<string>;
  /**
   * True, as published: acknowledging a resolved incident opens it again. False: 1001 "Incident Already Resolved",
   * which the list of error codes still has.
   */
  reopensResolved: boolean;
  /** Requests a minute: of the REST API by token, of the Events API by integration key. */
  readonly limits: { rest: number; events: number };
  readonly window: RateWindow;
  /** Opens an incident; who is on call for the first level of its policy gets it. */
  open(of: OpenedIncident): PagerDutyIncident;
  /** As a monitoring tool's trigger event would: an incident with one alert. */
  trigger(of: Omit<OpenedIncident, 'by'> & { readonly alertKey?: string }): PagerDutyIncident;
  /** As a deploy's change event would. */
  recordChange(of: Omit<PagerDutyChange, 'id' | 'links' | 'details' | 'source' | 'at'> & Partial<PagerDutyChange>): PagerDutyChange; // prettier-ignore
  /** Who is on call for a level of a policy now. */
  onCallNow(escalationPolicy: string, level: number): readonly string[];
  readonly nextId: NextId;
}

export interface OpenedIncident {
  readonly service: string;
  readonly title: string;
  readonly by: Agent;
  readonly key?: string | undefined;
  readonly details?: string | undefined;
  readonly urgency?: Urgency | undefined;
  readonly priority?: string | undefined;
  readonly escalationPolicy?: string | undefined;
  readonly assignee?: string | undefined;
  readonly type?: string | undefined;
}

/** An account without incidents or changes. */
export function createPagerDutyStore(now: () => number): PagerDutyStore {
  let made = 0;
  const nextId: NextId = (of, first, length) => {
    made += 1;
    return first + vendorId(`pagerduty/${of}/${made}`, length - 1, 'upper');
  };
  const store: PagerDutyStore = {
    ...createRequestLog(),
    ...seedDirectory(nextId),
    token: 'simulated-pagerduty-word',
    userToken: 'simulated-pagerduty-user-word',
    readOnlyToken: 'simulated-pagerduty-reading-word',
    now,
    incidents: [],
    changes: [],
    abilities: new Set(['teams', 'urgencies', 'service_support_hours', 'coordinated_responding']),
    reopensResolved: true,
    limits: { rest: 960, events: 120 },
    window: createRateWindow(60_000),
    nextId,
    open({ service, title, by, key, details, urgency, priority, escalationPolicy, assignee, type }) {
      const at = now();
      const of = store.services.find(({ id }) => id === service);
      const policy = escalationPolicy ?? of?.escalationPolicy ?? '';
      const users = assignee === undefined ? store.onCallNow(policy, 1) : [assignee];
      // Who opens an incident for themselves knows of it already.
      const own = assignee !== undefined && by.type === 'user' && by.id === assignee;
      const incident: PagerDutyIncident = {
        id: nextId('incident', 'Q', 14),
        number: 1001 + store.incidents.length,
        createdAt: at,
        key,
        details,
        type: type ?? 'incident_default',
        title,
        service,
        status: own ? 'acknowledged' : 'triggered',
        urgency: urgency ?? 'high',
        priority,
        escalationPolicy: policy,
        level: 1,
        assignedVia: assignee === undefined ? 'escalation_policy' : 'direct_assignment',
        assignees: users.map((user) => ({ user, at })),
        acknowledgements: own ? [{ user: assignee, at }] : [],
        updatedAt: at,
        changedAt: at,
        changedBy: by,
        resolvedAt: undefined,
        conferenceUrl: undefined,
        notes: [],
        responderRequests: [],
        alerts: [],
      };
      store.incidents.push(incident);
      return incident;
    },
    trigger({ alertKey, ...of }) {
      const incident = store.open({ ...of, by: { type: 'service', id: of.service } });
      const id = nextId('alert', 'Q', 14);
      incident.alerts.push({
        id,
        key: alertKey ?? id.toLowerCase(),
        summary: of.title,
        severity: 'critical',
        source: 'monitoring',
        details: {},
        at: now(),
        status: 'triggered',
      });
      return incident;
    },
    recordChange(of) {
      const change = {
        source: 'deploys',
        at: now(),
        links: [],
        details: {},
        ...of,
        id: nextId('change', 'Q', 26),
      };
      store.changes.push(change);
      return change;
    },
    onCallNow: (escalationPolicy, level) => [
      ...new Set(
        store.onCalls
          .filter(
            (one) =>
              one.escalationPolicy === escalationPolicy &&
              one.level === level &&
              (one.start ?? now()) <= now() &&
              (one.end ?? Infinity) > now(),
          )
          .map(({ user }) => user),
      ),
    ],
  };
  return store;
}
