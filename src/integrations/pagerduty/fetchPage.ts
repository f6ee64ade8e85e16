import * as v from 'valibot';
import type { Result } from '../../core/errors.ts';
import { ok } from '../../core/errors.ts';
import type { Signal } from '../../core/ports.ts';
import type { PageSeen } from '../../core/signals/pageInStep.ts';
import { instant } from '../alertSignal.ts';
import { plainResult, type Fetch } from '../askJson.ts';
import { pagerDutyAt } from './pagerDutyApi.ts';
import { incidentPath } from './pagerDutyIncident.ts';

const reference = v.object({ summary: v.nullish(v.string()) });
const schema = v.object({
  incident: v.object({
    id: v.string(),
    incident_number: v.number(),
    status: v.picklist(['triggered', 'acknowledged', 'resolved']),
    created_at: instant,
    last_status_change_at: v.nullish(instant),
    last_status_change_by: v.nullish(reference),
    acknowledgements: v.nullish(v.array(v.object({ at: instant, acknowledger: reference })), []),
    resolve_reason: v.nullish(v.object({ type: v.string() })),
  }),
});

/**
 * How an incident of PagerDuty stands now, and who brought it there; the first of several who acknowledged. Undefined for
 * one that was merged into another: that it is closed says nothing of what it was about.
 * https://developer.pagerduty.com/api-reference, Get an incident.
 */
export async function fetchPage(
  {
    baseUrl,
    token,
    fetch = (url, init) => globalThis.fetch(url, init),
  }: { readonly baseUrl: string; readonly token: string; readonly fetch?: Fetch },
  id: string,
  signal: Signal,
): Promise<Result<PageSeen | undefined>> {
  const ask = pagerDutyAt({ fetch, baseUrl, token }, signal);
  const got = await ask({ method: 'GET', path: incidentPath(id), what: 'read the incident' }, schema);
  if (!got.ok) return plainResult(got);
  const { incident } = got.value.body;
  const { status, acknowledgements, last_status_change_at: changedAt, last_status_change_by: by } = incident;
  if (incident.resolve_reason?.type === 'merge_resolve_reason') return ok(undefined);
  const [first] = [...acknowledgements].sort((a, b) => (a.at < b.at ? -1 : 1));
  const isAcknowledged = status === 'acknowledged' && first !== undefined;
  return ok({
    id: incident.id,
    name: `#${incident.incident_number}`,
    status,
    who: (isAcknowledged ? first.acknowledger : by)?.summary?.trim() || undefined,
    at: (isAcknowledged ? first.at : changedAt) ?? incident.created_at,
  });
}
