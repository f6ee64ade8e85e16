import type { WebCall, WebReply } from '../webApi.ts';
import { createIncident, planChange } from './changeIncident.ts';
import { findIncidents } from './findIncidents.ts';
import type { PagerDutyIncident } from './incident.ts';
import { alertBody, changeBody, incidentBody, noteBody, responderRequestBody } from './pagerDutyBodies.ts';
import { PagerDutyRefusal, fieldsOf, invalidInput, isFields, missingAbility, notFound, referencedId } from './pagerDutyRefusal.ts'; // prettier-ignore
import type { PagerDutyStore } from './pagerDutyStore.ts';
import { pagedBody, readTime } from './paging.ts';
import type { Caller } from './requester.ts';
import { requesterOf } from './requester.ts';

type Answer = (store: PagerDutyStore, call: WebCall, id: string, caller: Caller) => WebReply;

const ok = (body: unknown): WebReply => ({ status: 200, body });
const mostAtOnce = 250;
const mostNotes = 2000;
/** How long before an incident a change counts as related, ms. */
const relatedFor = 24 * 3_600_000;

/** By id, or by number. */
function incidentOf({ incidents }: PagerDutyStore, id: string): PagerDutyIncident {
  const found = incidents.find((one) => one.id === id || String(one.number) === id);
  if (found === undefined) throw notFound();
  return found;
}

const listIncidents: Answer = (store, { query }) =>
  ok(pagedBody('incidents', findIncidents(store, query), query, (one) => incidentBody(store, one)));

const postIncident: Answer = (store, call, _id, caller) => {
  const by = requesterOf(store, caller, call);
  const incident = createIncident(store, fieldsOf(call.body, 'incident'), by);
  return { status: 201, body: { incident: incidentBody(store, incident) } };
};

const putIncident: Answer = (store, call, id, caller) => {
  const by = requesterOf(store, caller, call);
  const incident = incidentOf(store, id);
  planChange(store, incident, fieldsOf(call.body, 'incident'), by)();
  return ok({ incident: incidentBody(store, incident) });
};

/** All of them or none. */
const putIncidents: Answer = (store, call, _id, caller) => {
  const by = requesterOf(store, caller, call);
  const list = isFields(call.body) ? call.body['incidents'] : undefined;
  if (!Array.isArray(list)) throw invalidInput('Incidents must be an array');
  if (list.length > mostAtOnce) throw new PagerDutyRefusal(413, 2001, 'Request Entity Too Large');
  const plans = list.map((item: unknown) => {
    if (!isFields(item) || typeof item['id'] !== 'string')
      throw new PagerDutyRefusal(400, 1004, 'Invalid ID Provided');
    const incident = incidentOf(store, item['id']);
    return { incident, act: planChange(store, incident, item, by) };
  });
  for (const { act } of plans) act();
  const changed = plans.map(({ incident }) => incident);
  return ok(pagedBody('incidents', changed, call.query, (one) => incidentBody(store, one)));
};

const postNote: Answer = (store, call, id, caller) => {
  const by = requesterOf(store, caller, call);
  const incident = incidentOf(store, id);
  const { content } = fieldsOf(call.body, 'note');
  if (typeof content !== 'string' || content.trim() === '') throw invalidInput('Content cannot be empty.');
  if (incident.notes.length >= mostNotes)
    throw invalidInput(`A maximum of ${mostNotes} notes can be added to an incident`);
  const note = { id: store.nextId('note', 'P', 7), user: by.id, content, at: store.now() };
  incident.notes.push(note);
  incident.updatedAt = note.at;
  return ok({ note: noteBody(store, note) });
};

/** Names its requester in the body, by id, not in `From`. */
const postResponderRequest: Answer = (store, { body }, id) => {
  if (!store.abilities.has('coordinated_responding')) throw missingAbility('coordinated_responding');
  const incident = incidentOf(store, id);
  const given = isFields(body) ? body : {};
  const { requester_id: requester, message, responder_request_targets: list } = given;
  const faults: string[] = [];
  if (typeof requester !== 'string') faults.push('Requester cannot be empty.');
  if (typeof message !== 'string') faults.push('Message cannot be empty.');
  if (!Array.isArray(list) || list.length === 0) faults.push('Responder request targets cannot be empty.');
  if (
    typeof requester !== 'string' ||
    typeof message !== 'string' ||
    !Array.isArray(list) ||
    faults.length > 0
  )
    throw invalidInput(...faults);
  if (!store.users.some((user) => user.id === requester))
    throw new PagerDutyRefusal(400, 1008, 'Requester User Not Found');
  const targets = list.map((item: unknown) => {
    const target = isFields(item) ? item['responder_request_target'] : undefined;
    const user = referencedId(target, 'user');
    if (store.users.some((one) => one.id === user)) return { type: 'user', id: user ?? '' } as const;
    const policy = referencedId(target, 'escalation_policy');
    if (store.escalationPolicies.some((one) => one.id === policy))
      return { type: 'escalation_policy', id: policy ?? '' } as const;
    throw invalidInput('Responder request target not found');
  });
  const request = { requester, message, at: store.now(), targets };
  incident.responderRequests.push(request);
  return ok({ responder_request: responderRequestBody(store, incident, request) });
};

const relatedChanges: Answer = (store, { query }, id) => {
  const incident = incidentOf(store, id);
  const found = store.changes
    .filter(({ at }) => at <= incident.createdAt && at > incident.createdAt - relatedFor)
    .sort((a, b) => b.at - a.at);
  const own = found.find(({ service }) => service === incident.service);
  return ok(
    pagedBody('change_events', found, query, (change) => ({
      ...changeBody(store, change),
      correlation_reason: { reason: change === own ? 'most_recent' : 'related_service' },
    })),
  );
};

/** Newest first. `service` narrows `/change_events` to the list that a service has of its own. */
function changes(store: PagerDutyStore, query: URLSearchParams, service?: string): WebReply {
  const since = readTime(query, 'since') ?? -Infinity;
  const until = readTime(query, 'until') ?? Infinity;
  const integrations = query.getAll('integration_ids[]');
  const found = store.changes
    .filter(
      (one) =>
        one.at >= since &&
        one.at <= until &&
        (service === undefined || one.service === service) &&
        (integrations.length === 0 ||
          store.services.some(
            ({ id, integration }) => id === one.service && integrations.includes(integration),
          )),
    )
    .sort((a, b) => b.at - a.at);
  return ok(pagedBody('change_events', found, query, (change) => changeBody(store, change)));
}

const getChange: Answer = (store, _call, id) => {
  const found = store.changes.find((one) => one.id === id);
  if (found === undefined) throw notFound();
  return ok({ change_event: changeBody(store, found) });
};

const serviceChanges: Answer = (store, { query }, id) => {
  if (!store.services.some((one) => one.id === id)) throw notFound();
  return changes(store, query, id);
};

export const incidentAnswers: readonly (readonly [RegExp, Readonly<Record<string, Answer>>])[] = [
  [/^\/incidents$/, { GET: listIncidents, POST: postIncident, PUT: putIncidents }],
  [
    /^\/incidents\/([^/]+)$/,
    {
      GET: (store, _call, id) => ok({ incident: incidentBody(store, incidentOf(store, id)) }),
      PUT: putIncident,
    },
  ],
  [
    /^\/incidents\/([^/]+)\/notes$/,
    {
      GET: (store, _call, id) =>
        ok({ notes: [...incidentOf(store, id).notes].reverse().map((note) => noteBody(store, note)) }),
      POST: postNote,
    },
  ],
  [
    /^\/incidents\/([^/]+)\/alerts$/,
    {
      GET: (store, { query }, id) => {
        const incident = incidentOf(store, id);
        return ok(pagedBody('alerts', incident.alerts, query, (alert) => alertBody(store, incident, alert)));
      },
    },
  ],
  [/^\/incidents\/([^/]+)\/responder_requests$/, { POST: postResponderRequest }],
  [/^\/incidents\/([^/]+)\/related_change_events$/, { GET: relatedChanges }],
  [/^\/change_events$/, { GET: (store, { query }) => changes(store, query) }],
  [/^\/change_events\/([^/]+)$/, { GET: getChange }],
  [/^\/services\/([^/]+)\/change_events$/, { GET: serviceChanges }],
];
