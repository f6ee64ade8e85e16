import * as v from 'valibot';
import type { DeliveryTask } from '../../core/deliveries/delivery.ts';
import type { DeliveryContext, DeliveryService } from '../../core/deliveries/deliveryPort.ts';
import type { ApiResult, Fetch } from '../askJson.ts';
import type { TokenOf } from '../connection.ts';
import type { Done } from '../deliverAs.ts';
import { deliverAs, done, needsPerson, notConnected, sinceFirstAttempt } from '../deliverAs.ts';
import type { AskStatuspage } from './statuspageApi.ts';
import { statuspageAt } from './statuspageApi.ts';

type StatuspageTask = Extract<DeliveryTask, { system: 'statuspage' }>;
type Create = Extract<StatuspageTask, { act: 'create-incident' }>;
type Update = Extract<StatuspageTask, { act: 'update-incident' }>;

/** Our corner of an incident's metadata, whose top-level values must be objects. */
const corner = 'incident_response';
/** Keys of updates kept in it: an update that is tried again after so many others is found by its text. */
const updatesKept = 20;

const updateSchema = v.object({
  id: v.string(),
  status: v.string(),
  body: v.nullish(v.string(), ''),
  created_at: v.string(),
  deliver_notifications: v.nullish(v.boolean()),
});
const incidentSchema = v.object({
  id: v.string(),
  name: v.string(),
  shortlink: v.nullish(v.string()),
  metadata: v.nullish(v.record(v.string(), v.unknown()), {}),
  incident_updates: v.nullish(v.array(updateSchema), []),
});
const incidentsSchema = v.array(incidentSchema);
const cornerSchema = v.object({
  key: v.optional(v.string()),
  updates: v.optional(v.array(v.string()), []),
});
type Incident = v.InferOutput<typeof incidentSchema>;
type IncidentUpdate = Incident['incident_updates'][number];

/** Statuspage (https://developer.statuspage.io): the incident that customers read, and its updates. */
export function createStatuspageService({
  tokenOf,
  fetch = (url, init) => globalThis.fetch(url, init),
  timeoutMs,
}: {
  readonly tokenOf: TokenOf;
  readonly fetch?: Fetch;
  readonly timeoutMs?: number;
}): DeliveryService {
  return {
    deliver: (context, signal) =>
      deliverAs('Statuspage', async () => {
        const { task, place } = context.delivery;
        const { baseUrl = '', page = '' } = place;
        if (task.system !== 'statuspage')
          return needsPerson('invalid', `Statuspage has no part in what is to be sent to ${task.system}.`);
        const token = await tokenOf('statuspage', baseUrl);
        if (token === undefined) return notConnected('Statuspage');
        const ask = statuspageAt({ fetch, baseUrl, token, page, timeoutMs }, signal);
        return task.act === 'create-incident'
          ? createIncident(ask, task, context)
          : updateIncident(ask, task, context);
      }),
  };
}

async function createIncident(
  ask: AskStatuspage,
  task: Create,
  { key, mayExist }: DeliveryContext,
): Promise<ApiResult<Done>> {
  if (mayExist) {
    const found = await findIncident(ask, key);
    if (!found.ok) return found;
    if (found.value) return done(receiptOf(found.value), true);
  }
  const made = await ask(
    {
      method: 'POST',
      path: '/incidents',
      what: 'create the incident',
      body: {
        incident: {
          name: task.name,
          status: task.status,
          body: task.text,
          // Left out it is true: subscribers are written to by a person's word only.
          deliver_notifications: task.notify,
          metadata: { [corner]: { key } },
        },
      },
    },
    incidentSchema,
  );
  return made.ok ? done(receiptOf(made.value.body)) : made;
}

/** The incident that carries this key: open ones first, then the hundred latest of any state. */
async function findIncident(ask: AskStatuspage, key: string): Promise<ApiResult<Incident | undefined>> {
  for (const path of ['/incidents/unresolved', '/incidents?limit=100']) {
    const listed = await ask({ method: 'GET', path, what: 'list its incidents' }, incidentsSchema);
    if (!listed.ok) return listed;
    const found = listed.value.body.find((incident) => cornerOf(incident).key === key);
    if (found) return { ok: true, value: found };
  }
  return { ok: true, value: undefined };
}

/**
 * The update's key goes into the incident's metadata with the same request that publishes it, so that a second attempt
 * knows the first one whatever the clocks say. Where somebody has written over it, the same words since then count.
 */
async function updateIncident(
  ask: AskStatuspage,
  task: Update,
  context: DeliveryContext,
): Promise<ApiResult<Done>> {
  const incident = context.receiptOf('statuspage/create-incident');
  if (!incident)
    return needsPerson(
      'conflict',
      'It is not known which incident of the status page is this one. Nothing was published; update it there by hand and mark this as done.',
    );
  const path = `/incidents/${encodeURIComponent(incident.id)}`;
  const seen = await ask({ method: 'GET', path, what: 'read the incident' }, incidentSchema);
  if (!seen.ok) return seen;
  const { body: before, headers } = seen.value;
  const { key, updates } = cornerOf(before);
  if (context.mayExist) {
    const since = sinceFirstAttempt(context, headers);
    const same = before.incident_updates.find((update) => isSame(update, task, since));
    if (same || updates.includes(context.key)) return done(receiptOf(before, same), true);
  }
  const made = await ask(
    {
      method: 'PATCH',
      path,
      what: 'publish the update',
      body: {
        incident: {
          status: task.status,
          body: task.text,
          deliver_notifications: task.notify,
          metadata: {
            ...before.metadata,
            [corner]: {
              ...(key === undefined ? {} : { key }),
              updates: [...updates.filter((one) => one !== context.key), context.key].slice(-updatesKept),
            },
          },
        },
      },
    },
    incidentSchema,
  );
  if (!made.ok) return made;
  const { body: after } = made.value;
  return done(
    receiptOf(
      after,
      after.incident_updates.find((update) => isSame(update, task, -Infinity)),
    ),
  );
}

/** Blanks are the service's own affair. */
const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

const isSame = (update: IncidentUpdate, task: Update, since: number): boolean =>
  update.status === task.status &&
  oneLine(update.body) === oneLine(task.text) &&
  (update.deliver_notifications ?? task.notify) === task.notify &&
  Date.parse(update.created_at) >= since;

function cornerOf({ metadata }: Incident): v.InferOutput<typeof cornerSchema> {
  const parsed = v.safeParse(cornerSchema, metadata[corner]);
  return parsed.success ? parsed.output : { updates: [] };
}

const receiptOf = ({ id, name, shortlink }: Incident, update?: IncidentUpdate): Done['receipt'] => ({
  id: update?.id ?? id,
  ...(shortlink ? { url: shortlink } : {}),
  name,
});
