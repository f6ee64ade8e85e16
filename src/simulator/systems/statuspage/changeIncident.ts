import type { IncidentParameters } from './incidentParameters.ts';
import { StatuspageRefusal } from './incidentParameters.ts';
import type {
  AffectedComponent,
  Impact,
  IncidentStatus,
  StatuspageIncident,
  StatuspageStore,
} from './statuspageStore.ts';
import { scheduledStatuses } from './statuspageStore.ts';

const isScheduled = (status: IncidentStatus): boolean => scheduledStatuses.some((each) => each === status);

/** Creates an incident; its first update carries the body. Throws a StatuspageRefusal. */
export function createIncident(
  store: StatuspageStore,
  pageId: string,
  parameters: IncidentParameters,
): StatuspageIncident {
  const { name, scheduled_for, scheduled_until, metadata, status = 'investigating' } = parameters;
  if (name === undefined || name.trim() === '') throw new StatuspageRefusal(422, ["Name can't be blank"]);
  if (isScheduled(status) && (scheduled_for === undefined || scheduled_until === undefined))
    throw new StatuspageRefusal(422, ['Scheduled for and scheduled until are required for a maintenance']);
  const id = store.nextId('incident');
  const at = new Date(store.now()).toISOString();
  const incident: StatuspageIncident = {
    id,
    page_id: pageId,
    shortlink: `https://stspg.io/${id}`,
    created_at: at,
    updated_at: at,
    name,
    status,
    impact: 'none',
    impact_override: null,
    metadata: metadata ?? {},
    monitoring_at: null,
    resolved_at: null,
    scheduled_for: scheduled_for ?? null,
    scheduled_until: scheduled_until ?? null,
    components: [],
    incident_updates: [],
  };
  store.incidents.push(incident);
  apply(store, incident, { ...parameters, status, body: parameters.body ?? '' });
  return incident;
}

/**
 * Changes an incident; a status or a body appends an incident update, so the same PATCH twice is two updates and,
 * unless `deliver_notifications` is false, two mailings. Throws a StatuspageRefusal.
 */
export function updateIncident(
  store: StatuspageStore,
  incident: StatuspageIncident,
  parameters: IncidentParameters,
): void {
  const { name, status } = parameters;
  if (name?.trim() === '') throw new StatuspageRefusal(422, ["Name can't be blank"]);
  if (status !== undefined && isScheduled(status) !== isScheduled(incident.status))
    throw new StatuspageRefusal(422, ['Status is not valid for this kind of incident']);
  if (name !== undefined) incident.name = name;
  if (parameters.metadata !== undefined) incident.metadata = parameters.metadata;
  apply(store, incident, parameters);
}

function apply(store: StatuspageStore, incident: StatuspageIncident, parameters: IncidentParameters): void {
  const at = new Date(store.now()).toISOString();
  const { status, body, component_ids, components, impact_override } = parameters;
  if (component_ids !== undefined) incident.components = [...component_ids];
  const affected = components.flatMap(([id, wanted]): AffectedComponent[] => {
    const component = store.components.find((one) => one.id === id);
    if (component === undefined) return [];
    const { name, status: old } = component;
    component.status = wanted;
    component.updated_at = at;
    if (!incident.components.includes(id)) incident.components.push(id);
    return [{ code: id, name, old_status: old, new_status: wanted }];
  });
  if (impact_override !== undefined) incident.impact_override = impact_override;
  incident.impact = incident.impact_override ?? worse(incident.impact, impactOf(affected));
  incident.updated_at = at;
  if (status === undefined && body === undefined) return;
  incident.status = status ?? incident.status;
  if (incident.status === 'monitoring') incident.monitoring_at ??= at;
  if (incident.status === 'resolved' || incident.status === 'completed') incident.resolved_at = at;
  const update = {
    id: store.nextId('update'),
    incident_id: incident.id,
    status: incident.status,
    body: body ?? '',
    affected_components: affected.length === 0 ? null : affected,
    deliver_notifications: parameters.deliver_notifications,
    created_at: at,
    updated_at: at,
    display_at: at,
  };
  incident.incident_updates.unshift(update);
  if (parameters.deliver_notifications)
    store.notifications.push({ incident: incident.id, update: update.id, body: update.body, at });
}

const ranks: readonly Impact[] = ['none', 'maintenance', 'minor', 'major', 'critical'];
const worse = (a: Impact, b: Impact): Impact => (ranks.indexOf(a) >= ranks.indexOf(b) ? a : b);
const impactFrom = {
  operational: 'none',
  under_maintenance: 'maintenance',
  degraded_performance: 'minor',
  partial_outage: 'major',
  major_outage: 'critical',
} as const satisfies Record<AffectedComponent['new_status'], Impact>;
const impactOf = (affected: readonly AffectedComponent[]): Impact =>
  affected.reduce<Impact>((worst, one) => worse(worst, impactFrom[one.new_status]), 'none');
