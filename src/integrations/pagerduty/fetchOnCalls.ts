import * as v from 'valibot';
import type { Addressee } from '../../core/deliveries/delivery.ts';
import type { Result } from '../../core/errors.ts';
import { failed, ok } from '../../core/errors.ts';
import type { Signal } from '../../core/ports.ts';
import type { Fetch } from '../askJson.ts';
import { plainResult } from '../askJson.ts';
import { notConnected } from '../deliverAs.ts';
import { pagerDutyAt } from './pagerDutyApi.ts';

const serviceSchema = v.object({ service: v.object({ escalation_policy: v.object({ id: v.string() }) }) });
const onCallsSchema = v.object({
  oncalls: v.array(
    v.object({
      escalation_level: v.number(),
      user: v.object({
        id: v.string(),
        name: v.nullish(v.string()),
        summary: v.nullish(v.string()),
        email: v.nullish(v.string()),
      }),
    }),
  ),
  more: v.nullish(v.boolean(), false),
});
type OnCall = v.InferOutput<typeof onCallsSchema>['oncalls'][number];

const perPage = 100;

/**
 * Who is on call now for the escalation policy of the service (its id), first level first, each person once, at their
 * first level. https://developer.pagerduty.com/api-reference, List all of the on-calls.
 */
export async function fetchOnCalls(
  connection: {
    readonly baseUrl: string;
    readonly token: string | undefined;
    readonly service?: string;
    readonly fetch?: Fetch;
  },
  signal: Signal,
): Promise<Result<readonly Addressee[]>> {
  const { baseUrl, token, service, fetch = (url, init) => globalThis.fetch(url, init) } = connection;
  if (token === undefined) return plainResult(notConnected('PagerDuty'));
  if (!service)
    return failed(
      'invalid',
      'It is not known whose on-call is asked for. Set incident.pagerduty.service to the id of a PagerDuty service.',
    );
  const ask = pagerDutyAt({ fetch, baseUrl, token }, signal);
  const what = 'tell who is on call';
  const got = await ask(
    { method: 'GET', path: `/services/${encodeURIComponent(service)}`, what },
    serviceSchema,
  );
  if (!got.ok) return plainResult(got);
  const found: OnCall[] = [];
  for (let more = true; more;) {
    const query = new URLSearchParams([
      ['escalation_policy_ids[]', got.value.body.service.escalation_policy.id],
      ['include[]', 'users'],
      ['earliest', 'true'],
      ['limit', String(perPage)],
      ['offset', String(found.length)],
    ]);
    const listed = await ask({ method: 'GET', path: `/oncalls?${query}`, what }, onCallsSchema);
    if (!listed.ok) return plainResult(listed);
    const { oncalls } = listed.value.body;
    found.push(...oncalls);
    more = listed.value.body.more && oncalls.length > 0;
  }
  const people = new Map<string, Addressee>();
  for (const { user } of found.sort((one, other) => one.escalation_level - other.escalation_level)) {
    const { id, name, summary, email } = user;
    if (!people.has(id))
      people.set(id, { name: name ?? summary ?? id, ...(email ? { email } : {}), pagerduty: id });
  }
  return ok([...people.values()]);
}
