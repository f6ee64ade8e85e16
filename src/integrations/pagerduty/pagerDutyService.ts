import * as v from 'valibot';
import type { DeliveryTask } from '../../core/deliveries/delivery.ts';
import type { DeliveryContext, DeliveryService } from '../../core/deliveries/deliveryPort.ts';
import type { ApiResult, Fetch } from '../askJson.ts';
import type { AccountOf, TokenOf } from '../connection.ts';
import type { Done } from '../deliverAs.ts';
import { deliverAs, done, needsPerson, notConnected, sinceFirstAttempt } from '../deliverAs.ts';
import type { AskPagerDuty } from './pagerDutyApi.ts';
import { codeOf, pagerDutyAt } from './pagerDutyApi.ts';
import type { PagerDutyIncident } from './pagerDutyIncident.ts';
import {
  fetchIncident,
  foundReceipt,
  incidentPath,
  incidentReceipt,
  incidentsSchema,
  oneIncidentSchema,
} from './pagerDutyIncident.ts';
import { requestResponders } from './requestResponders.ts';

type PagerDutyTask = Extract<DeliveryTask, { system: 'pagerduty' }>;
type Act<A extends PagerDutyTask['act']> = Extract<PagerDutyTask, { act: A }>;

/** PagerDuty's REST API v2 (https://developer.pagerduty.com): the incident that pages people, kept in step. */
export function createPagerDutyService({
  tokenOf,
  accountOf,
  fetch = (url, init) => globalThis.fetch(url, init),
  timeoutMs,
}: {
  readonly tokenOf: TokenOf;
  /** In whose name it acts by now; what the place says when left out, or when it is not known. */
  readonly accountOf?: AccountOf;
  readonly fetch?: Fetch;
  readonly timeoutMs?: number;
}): DeliveryService {
  return {
    deliver: (context, signal) =>
      deliverAs('PagerDuty', async () => {
        const { task, place } = context.delivery;
        const { baseUrl = '', service = '' } = place;
        if (task.system !== 'pagerduty')
          return needsPerson('invalid', `PagerDuty has no part in what is to be sent to ${task.system}.`);
        const token = await tokenOf('pagerduty', baseUrl);
        if (token === undefined) return notConnected('PagerDuty');
        // Whoever was named when the place was written down may have left since.
        const from = ((await accountOf?.('pagerduty', baseUrl)) ?? place['from']) || undefined;
        const ask = pagerDutyAt({ fetch, baseUrl, token, from, timeoutMs }, signal);
        if (task.act === 'create-incident') return createIncident(ask, task, service, context);
        if (task.act === 'adopt-incident') return adoptIncident(ask, task.incident);
        // Of several, as after a reopen, the one that this act was planned for.
        const made = [
          ...context.delivery.after,
          'pagerduty/create-incident',
          'pagerduty/adopt-incident',
        ].filter((one) => /^pagerduty\/(?:create|adopt)-incident/.test(one));
        const receipt = made.map((one) => context.receiptOf(one)).find((one) => one !== undefined);
        if (!receipt)
          return needsPerson(
            'conflict',
            'It is not known which incident of PagerDuty is this one. Nothing was sent; do it there by hand and mark this as done.',
          );
        switch (task.act) {
          case 'request-responders':
            return requestResponders(ask, task, receipt.id, from, context);
          case 'note':
            return addNote(ask, task, receipt, context);
          case 'acknowledge':
          case 'resolve':
            return changeStatus(ask, task.act, receipt.id);
        }
      }),
  };
}

/** The key goes along as `incident_key`, so a second one is refused while the first is open. */
async function createIncident(
  ask: AskPagerDuty,
  task: Act<'create-incident'>,
  service: string,
  { key, mayExist }: DeliveryContext,
): Promise<ApiResult<Done>> {
  const find = () => findIncident(ask, key, service);
  if (mayExist) {
    const found = await find();
    if (!found.ok) return found;
    if (found.value) return done(foundReceipt(found.value), true);
  }
  const made = await ask(
    {
      method: 'POST',
      path: '/incidents',
      what: 'create the incident',
      body: {
        incident: {
          type: 'incident',
          title: task.title,
          service: { id: service, type: 'service_reference' },
          urgency: task.urgency,
          incident_key: key,
          body: { type: 'incident_body', details: task.text },
        },
      },
    },
    oneIncidentSchema,
  );
  if (made.ok) return done(incidentReceipt(made.value.body.incident));
  // 400, 2002: "Open incident with matching dedup key already exists on this service".
  if (codeOf(made.failure) !== 2002 || !/dedup key/i.test(made.failure.said ?? '')) return made;
  const found = await find();
  if (!found.ok) return found;
  if (found.value) return done(foundReceipt(found.value), true);
  return {
    ok: false,
    failure: {
      code: 'conflict',
      message:
        'PagerDuty has this incident, but does not show it yet. Nothing is opened twice; it is looked for again.',
      retry: 'automatic',
    },
  };
}

/** The incident with this key on the service, whatever has become of it. */
async function findIncident(
  ask: AskPagerDuty,
  key: string,
  service: string,
): Promise<ApiResult<PagerDutyIncident | undefined>> {
  const query = new URLSearchParams([
    ['incident_key', key],
    ['service_ids[]', service],
    ['date_range', 'all'],
    ['statuses[]', 'triggered'],
    ['statuses[]', 'acknowledged'],
    ['statuses[]', 'resolved'],
  ]);
  const listed = await ask(
    { method: 'GET', path: `/incidents?${query}`, what: 'look for the incident' },
    incidentsSchema,
  );
  if (!listed.ok) return listed;
  // One with alerts has no key of its own; that it was listed says that its alerts have it.
  const value = listed.value.body.incidents.find(({ incident_key: theirs }) => (theirs ?? key) === key);
  return { ok: true, value };
}

async function adoptIncident(ask: AskPagerDuty, id: string): Promise<ApiResult<Done>> {
  const got = await fetchIncident(ask, id);
  if (got.ok) return done(foundReceipt(got.value.incident));
  if (got.failure.status !== 404) return got;
  const message = `PagerDuty has no incident ${id}, or does not show it to this token (404). Nothing was changed there; check the account, or call this off.`;
  return { ok: false, failure: { ...got.failure, message } };
}

const noteSchema = v.object({ id: v.string(), content: v.string(), created_at: v.string() });
const oneNoteSchema = v.object({ note: noteSchema });
const notesSchema = v.object({ notes: v.array(noteSchema) });

/** Notes carry nothing of ours but their words: the same words since the first attempt are that attempt's. */
async function addNote(
  ask: AskPagerDuty,
  { text }: Act<'note'>,
  incident: Done['receipt'],
  context: DeliveryContext,
): Promise<ApiResult<Done>> {
  const path = `${incidentPath(incident.id)}/notes`;
  const receiptOf = ({ id }: v.InferOutput<typeof noteSchema>): Done['receipt'] => ({
    id,
    ...(incident.url === undefined ? {} : { url: incident.url }),
    ...(incident.name === undefined ? {} : { name: incident.name }),
  });
  if (context.mayExist) {
    const listed = await ask({ method: 'GET', path, what: 'list its notes' }, notesSchema);
    if (!listed.ok) return listed;
    const since = sinceFirstAttempt(context, listed.value.headers);
    const found = listed.value.body.notes.find(
      (note) => note.content.trim() === text.trim() && Date.parse(note.created_at) >= since,
    );
    if (found) return done(receiptOf(found), true);
  }
  const made = await ask(
    { method: 'POST', path, what: 'add the note', body: { note: { content: text } } },
    oneNoteSchema,
  );
  return made.ok ? done(receiptOf(made.value.body.note)) : made;
}

/** An acknowledgement of a resolved incident would open it again and page people: so its state is read first. */
async function changeStatus(
  ask: AskPagerDuty,
  act: 'acknowledge' | 'resolve',
  id: string,
): Promise<ApiResult<Done>> {
  const got = await fetchIncident(ask, id);
  if (!got.ok) return got;
  const { incident } = got.value;
  const status = act === 'resolve' ? 'resolved' : 'acknowledged';
  if (incident.status === status) return done(incidentReceipt(incident), true);
  if (incident.status === 'resolved')
    return done(
      incidentReceipt(incident, 'resolved in PagerDuty already, so there was nothing to acknowledge'),
    );
  const changed = await ask(
    {
      method: 'PUT',
      path: incidentPath(id),
      what: `${act} the incident`,
      body: { incident: { type: 'incident_reference', status } },
    },
    oneIncidentSchema,
  );
  if (changed.ok) return done(incidentReceipt(changed.value.body.incident));
  // Somebody was quicker: 1001 Incident Already Resolved, 1002 Incident Already Acknowledged.
  const code = codeOf(changed.failure);
  return code === 1001 || (code === 1002 && act === 'acknowledge')
    ? done(incidentReceipt(incident), true)
    : changed;
}
