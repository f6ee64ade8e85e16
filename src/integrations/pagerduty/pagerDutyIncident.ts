import * as v from 'valibot';
import type { ApiResult } from '../askJson.ts';
import type { Done } from '../deliverAs.ts';
import type { AskPagerDuty } from './pagerDutyApi.ts';

const reference = v.object({ id: v.string() });
const incidentSchema = v.object({
  id: v.string(),
  incident_number: v.number(),
  html_url: v.nullish(v.string()),
  incident_key: v.nullish(v.string()),
  status: v.picklist(['triggered', 'acknowledged', 'resolved']),
  incidents_responders: v.nullish(v.array(v.object({ state: v.string(), user: reference })), []),
  responder_requests: v.nullish(
    v.array(
      v.object({
        message: v.nullish(v.string()),
        requested_at: v.string(),
        responder_request_targets: v.array(v.object({ responder_request_target: reference })),
      }),
    ),
    [],
  ),
});
export type PagerDutyIncident = v.InferOutput<typeof incidentSchema>;

export const oneIncidentSchema = v.object({ incident: incidentSchema });
export const incidentsSchema = v.object({ incidents: v.array(incidentSchema) });

export const incidentPath = (id: string): string => `/incidents/${encodeURIComponent(id)}`;

/** The incident with this id or number, and the answer's headers. */
export async function fetchIncident(
  ask: AskPagerDuty,
  id: string,
): Promise<ApiResult<{ readonly incident: PagerDutyIncident; readonly headers: Headers }>> {
  const got = await ask(
    { method: 'GET', path: incidentPath(id), what: 'read the incident' },
    oneIncidentSchema,
  );
  if (!got.ok) return got;
  const { body, headers } = got.value;
  return { ok: true, value: { incident: body.incident, headers } };
}

export const incidentReceipt = (incident: PagerDutyIncident, detail?: string): Done['receipt'] => ({
  id: incident.id,
  ...(incident.html_url ? { url: incident.html_url } : {}),
  name: `#${incident.incident_number}`,
  ...(detail === undefined ? {} : { detail }),
});

/** Of one that was there before: that it is over has to be known. */
export const foundReceipt = (incident: PagerDutyIncident): Done['receipt'] =>
  incidentReceipt(incident, incident.status === 'resolved' ? 'resolved in PagerDuty already' : undefined);
