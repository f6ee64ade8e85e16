import type {
  Agent,
  PagerDutyAlert,
  PagerDutyChange,
  PagerDutyIncident,
  PagerDutyNote,
  ResponderRequest,
} from './incident.ts';
import type { PagerDutyStore } from './pagerDutyStore.ts';

const api = 'https://api.pagerduty.com';
const web = 'https://example-shop.pagerduty.com';

/** RFC 3339 in UTC, whole seconds. */
export const stamp = (at: number): string => new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');

const kinds = {
  user: ['users', 'users'],
  service: ['services', 'service-directory'],
  priority: ['priorities', undefined],
  schedule: ['schedules', 'schedules'],
  escalation_policy: ['escalation_policies', 'escalation_policies'],
  incident: ['incidents', 'incidents'],
  change_event: ['change_events', undefined],
} as const;
type Kind = keyof typeof kinds;

/** What every object of the API begins with; a reference is nothing but this. */
export function head(kind: Kind, id: string, summary: string, type: string = kind): Record<string, unknown> {
  const [path, page] = kinds[kind];
  return {
    id,
    type,
    summary,
    self: `${api}/${path}/${id}`,
    html_url: page === undefined ? null : `${web}/${page}/${id}`,
  };
}

const nameOf = (list: readonly { readonly id: string; readonly name: string }[], id: string): string =>
  list.find((one) => one.id === id)?.name ?? '';

export function reference(store: PagerDutyStore, kind: Exclude<Kind, 'change_event'>, id: string): unknown {
  const summaries = {
    user: () => nameOf(store.users, id),
    service: () => nameOf(store.services, id),
    priority: () => nameOf(store.priorities, id),
    schedule: () => nameOf(store.schedules, id),
    escalation_policy: () => nameOf(store.escalationPolicies, id),
    incident: () => summaryOf(store.incidents.find((one) => one.id === id)),
  };
  return head(kind, id, summaries[kind](), `${kind}_reference`);
}

const summaryOf = (incident: PagerDutyIncident | undefined): string =>
  incident === undefined ? '' : `[#${incident.number}] ${incident.title}`;
const agent = (store: PagerDutyStore, { type, id }: Agent): unknown => reference(store, type, id);

/** https://developer.pagerduty.com/api-reference/9d0b4b12e36f9-list-incidents */
export function incidentBody(store: PagerDutyStore, incident: PagerDutyIncident): Record<string, unknown> {
  const { alerts, assignees, acknowledgements, priority } = incident;
  return {
    ...head('incident', incident.id, summaryOf(incident)),
    incident_number: incident.number,
    title: incident.title,
    created_at: stamp(incident.createdAt),
    updated_at: stamp(incident.updatedAt),
    status: incident.status,
    // "Incidents with child alerts do not have an incident key": found by the filter, not by this field.
    incident_key: incident.key ?? null,
    service: reference(store, 'service', incident.service),
    assignments: assignees.map(({ user, at }) => ({
      at: stamp(at),
      assignee: reference(store, 'user', user),
    })),
    assigned_via: incident.assignedVia,
    last_status_change_at: stamp(incident.changedAt),
    last_status_change_by: agent(store, incident.changedBy),
    resolved_at: incident.resolvedAt === undefined ? null : stamp(incident.resolvedAt),
    alert_counts: {
      all: alerts.length,
      triggered: alerts.filter(({ status }) => status === 'triggered').length,
      resolved: alerts.filter(({ status }) => status === 'resolved').length,
    },
    is_mergeable: true,
    incident_type: { name: incident.type },
    escalation_policy: reference(store, 'escalation_policy', incident.escalationPolicy),
    teams: [],
    pending_actions: [],
    acknowledgements: acknowledgements.map(({ user, at }) => ({
      at: stamp(at),
      acknowledger: reference(store, 'user', user),
    })),
    priority: priority === undefined ? null : reference(store, 'priority', priority),
    resolve_reason: null,
    conference_bridge:
      incident.conferenceUrl === undefined
        ? null
        : { conference_number: null, conference_url: incident.conferenceUrl },
    incidents_responders: incident.responderRequests.flatMap((request) =>
      responders(store, incident, request),
    ),
    responder_requests: incident.responderRequests.map((one) => responderRequestBody(store, incident, one)),
    urgency: incident.urgency,
    ...(incident.details === undefined ? {} : { body: { type: 'incident_body', details: incident.details } }),
  };
}

export const noteBody = (store: PagerDutyStore, note: PagerDutyNote): unknown => ({
  id: note.id,
  user: reference(store, 'user', note.user),
  channel: { summary: 'The PagerDuty website or APIs' },
  content: note.content,
  created_at: stamp(note.at),
  updated_at: stamp(note.at),
});

export const alertBody = (
  store: PagerDutyStore,
  incident: PagerDutyIncident,
  alert: PagerDutyAlert,
): unknown => ({
  id: alert.id,
  type: 'alert',
  summary: alert.summary,
  self: `${api}/incidents/${incident.id}/alerts/${alert.id}`,
  html_url: `${web}/alerts/${alert.id}`,
  created_at: stamp(alert.at),
  status: alert.status,
  alert_key: alert.key,
  suppressed: false,
  severity: alert.severity,
  service: reference(store, 'service', incident.service),
  incident: reference(store, 'incident', incident.id),
  body: {
    type: 'alert_body',
    details: alert.details,
    cef_details: { dedup_key: alert.key, severity: alert.severity, source_origin: alert.source },
  },
});

/** The users that one request asks: of a policy those who are on call for its first level. */
const usersOf = (
  store: PagerDutyStore,
  { type, id }: ResponderRequest['targets'][number],
): readonly string[] => (type === 'user' ? [id] : store.onCallNow(id, 1));

const responders = (
  store: PagerDutyStore,
  incident: PagerDutyIncident,
  request: ResponderRequest,
  targets: ResponderRequest['targets'] = request.targets,
): unknown[] =>
  targets
    .flatMap((target) => usersOf(store, target))
    .map((user) => ({
      state: 'pending',
      user: reference(store, 'user', user),
      incident: reference(store, 'incident', incident.id),
      updated_at: stamp(request.at),
      message: request.message,
      requester: reference(store, 'user', request.requester),
      requested_at: stamp(request.at),
    }));

export const responderRequestBody = (
  store: PagerDutyStore,
  incident: PagerDutyIncident,
  request: ResponderRequest,
): unknown => ({
  incident: reference(store, 'incident', incident.id),
  requester: reference(store, 'user', request.requester),
  requested_at: stamp(request.at),
  message: request.message,
  responder_request_targets: request.targets.map((target) => ({
    responder_request_target: {
      type: target.type,
      id: target.id,
      summary:
        target.type === 'user' ? nameOf(store.users, target.id) : nameOf(store.escalationPolicies, target.id),
      incidents_responders: responders(store, incident, request, [target]),
    },
  })),
});

/** https://developer.pagerduty.com/api-reference/80e32b1ea0d8e-list-change-events */
export function changeBody(store: PagerDutyStore, change: PagerDutyChange): Record<string, unknown> {
  const service = store.services.find(({ id }) => id === change.service);
  return {
    ...head('change_event', change.id, change.summary),
    timestamp: stamp(change.at),
    source: change.source,
    integration: { id: service?.integration ?? '', type: 'inbound_integration_reference' },
    services: [reference(store, 'service', change.service)],
    custom_details: change.details,
    links: change.links,
    images: [],
  };
}
