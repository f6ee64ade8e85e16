import type { PagerDutyUser } from './directory.ts';
import type { PagerDutyIncident, PagerDutyStatus, Urgency } from './incident.ts';
import { isOpen } from './incident.ts';
import type { Fields } from './pagerDutyRefusal.ts';
import { PagerDutyRefusal, invalidInput, isFields, referencedId } from './pagerDutyRefusal.ts';
import type { PagerDutyStore } from './pagerDutyStore.ts';

/** Creates the incident of a POST. Throws a PagerDutyRefusal, and has then changed nothing. */
export function createIncident(store: PagerDutyStore, given: Fields, by: PagerDutyUser): PagerDutyIncident {
  const faults: string[] = [];
  const { type, title, service, body, incident_key: key } = given;
  if (type !== 'incident') faults.push("Type must be 'incident'");
  if (typeof title !== 'string' || title.trim() === '') faults.push('Title cannot be empty.');
  const serviceId = referencedId(service, 'service');
  if (serviceId === undefined) faults.push('Service cannot be empty.');
  const details = isFields(body) ? body['details'] : undefined;
  if (
    body !== undefined &&
    (!isFields(body) || body['type'] !== 'incident_body' || typeof details !== 'string')
  )
    faults.push('Body must be an incident_body with details as a string');
  if (key !== undefined && typeof key !== 'string') faults.push('Incident key must be a string');
  if (given['assignments'] !== undefined && given['escalation_policy'] !== undefined)
    faults.push('Assignments cannot be specified if an escalation policy is given');
  if (faults.length > 0 || typeof title !== 'string' || serviceId === undefined)
    throw invalidInput(...faults);
  if (!store.services.some(({ id }) => id === serviceId)) throw invalidInput('Service Not Found');
  const [assignee] = assigneesOf(store, given) ?? [];
  const priority = priorityOf(store, given);
  const opened = {
    service: serviceId,
    title,
    by: { type: 'user', id: by.id } as const,
    key: typeof key === 'string' ? key : undefined,
    details: typeof details === 'string' ? details : undefined,
    urgency: urgencyOf(given),
    priority,
    escalationPolicy: policyOf(store, given),
    assignee,
    type: typeOf(given),
  };
  const twin = store.incidents.some(
    (one) => isOpen(one) && one.service === serviceId && one.key === opened.key,
  );
  if (opened.key !== undefined && twin)
    throw new PagerDutyRefusal(400, 2002, 'Arguments Caused Error', [
      'Open incident with matching dedup key already exists on this service',
    ]);
  const incident = store.open(opened);
  incident.conferenceUrl = bridgeOf(given);
  return incident;
}

/**
 * Checks the changes of a PUT and gives the act that makes them, so that several incidents change together or not at
 * all. Throws a PagerDutyRefusal.
 */
export function planChange(
  store: PagerDutyStore,
  incident: PagerDutyIncident,
  given: Fields,
  by: PagerDutyUser,
): () => void {
  const { type, title, status, escalation_level: level } = given;
  if (type !== 'incident' && type !== 'incident_reference')
    throw invalidInput("Type must be 'incident' or 'incident_reference'");
  if (title !== undefined && (typeof title !== 'string' || title.trim() === ''))
    throw invalidInput('Title cannot be empty.');
  const wanted = statusOf(status);
  if (wanted !== undefined && !isOpen(incident) && (wanted === 'resolved' || !store.reopensResolved))
    throw new PagerDutyRefusal(400, 1001, 'Incident Already Resolved');
  const assignees = assigneesOf(store, given);
  const policy = policyOf(store, given);
  const priority = priorityOf(store, given);
  const urgency = urgencyOf(given);
  const service = given['service'] === undefined ? undefined : referencedId(given['service'], 'service');
  if (given['service'] !== undefined && !store.services.some(({ id }) => id === service))
    throw invalidInput('Service Not Found');
  const levels = store.escalationPolicies.find(
    ({ id }) => id === (policy ?? incident.escalationPolicy),
  )?.levels;
  if (
    level !== undefined &&
    (!Number.isInteger(level) || Number(level) < 1 || Number(level) > (levels?.length ?? 0))
  )
    throw new PagerDutyRefusal(400, 1006, 'Cannot Escalate');
  return () => {
    const at = store.now();
    incident.updatedAt = at;
    if (typeof title === 'string') incident.title = title;
    if (priority !== undefined) incident.priority = priority;
    if (urgency !== undefined) incident.urgency = urgency;
    if (service !== undefined) incident.service = service;
    if (given['conference_bridge'] !== undefined) incident.conferenceUrl = bridgeOf(given);
    if (policy !== undefined) {
      incident.escalationPolicy = policy;
      assign(store, incident, 1);
    }
    if (typeof level === 'number') assign(store, incident, level);
    if (assignees !== undefined) {
      incident.assignees = assignees.map((user) => ({ user, at }));
      incident.assignedVia = 'direct_assignment';
    }
    if (wanted !== undefined) setStatus(store, incident, wanted, by);
  };
}

function assign(store: PagerDutyStore, incident: PagerDutyIncident, level: number): void {
  const at = store.now();
  incident.level = level;
  incident.assignedVia = 'escalation_policy';
  incident.assignees = store.onCallNow(incident.escalationPolicy, level).map((user) => ({ user, at }));
}

/** Acknowledging assigns a reopened incident to whoever did it; triggering it again pages its policy. */
export function setStatus(
  store: PagerDutyStore,
  incident: PagerDutyIncident,
  status: PagerDutyStatus,
  by: PagerDutyUser | undefined,
): void {
  const at = store.now();
  const reopened = !isOpen(incident) && status !== 'resolved';
  if (incident.status !== status) incident.changedAt = at;
  incident.changedBy =
    by === undefined ? { type: 'service', id: incident.service } : { type: 'user', id: by.id };
  incident.status = status;
  incident.updatedAt = at;
  incident.resolvedAt = status === 'resolved' ? at : undefined;
  switch (status) {
    case 'resolved':
      incident.assignees = [];
      incident.acknowledgements = [];
      for (const alert of incident.alerts) alert.status = 'resolved';
      break;
    case 'acknowledged':
      if (by === undefined) break;
      if (reopened) incident.assignees = [{ user: by.id, at }];
      if (!incident.acknowledgements.some(({ user }) => user === by.id))
        incident.acknowledgements.push({ user: by.id, at });
      break;
    case 'triggered':
      incident.acknowledgements = [];
      if (reopened) assign(store, incident, 1);
  }
}

function statusOf(value: unknown): PagerDutyStatus | undefined {
  if (value === undefined) return undefined;
  if (value === 'triggered' || value === 'acknowledged' || value === 'resolved') return value;
  throw new PagerDutyRefusal(400, 1003, 'Invalid Status Provided');
}

function urgencyOf({ urgency }: Fields): Urgency | undefined {
  if (urgency === undefined || urgency === 'high' || urgency === 'low') return urgency;
  throw invalidInput('Urgency must be high or low');
}

/** A reference, or in a PUT the name alone: of several with that name the most severe. */
function priorityOf(store: PagerDutyStore, { priority }: Fields): string | undefined {
  if (priority === undefined || priority === null) return undefined;
  const id = referencedId(priority, 'priority');
  const found = store.priorities.find((one) =>
    typeof priority === 'string' ? one.name === priority : one.id === id,
  );
  if (found === undefined) throw new PagerDutyRefusal(400, 1020, 'Invalid Priority');
  return found.id;
}

function policyOf(store: PagerDutyStore, { escalation_policy: given }: Fields): string | undefined {
  if (given === undefined) return undefined;
  const id = referencedId(given, 'escalation_policy');
  if (store.escalationPolicies.some((one) => one.id === id)) return id;
  throw new PagerDutyRefusal(400, 1014, 'Escalation Policy Not Found');
}

function assigneesOf(store: PagerDutyStore, { assignments }: Fields): readonly string[] | undefined {
  if (assignments === undefined) return undefined;
  if (!Array.isArray(assignments)) throw invalidInput('Assignments must be an array');
  return assignments.map((one: unknown) => {
    const id = isFields(one) ? referencedId(one['assignee'], 'user') : undefined;
    if (id === undefined || !store.users.some((user) => user.id === id))
      throw new PagerDutyRefusal(400, 1007, 'Assigned To User Not Found');
    return id;
  });
}

const typeOf = ({ incident_type: type }: Fields): string | undefined =>
  isFields(type) && typeof type['name'] === 'string' ? type['name'] : undefined;

const bridgeOf = ({ conference_bridge: bridge }: Fields): string | undefined =>
  isFields(bridge) && typeof bridge['conference_url'] === 'string' ? bridge['conference_url'] : undefined;
