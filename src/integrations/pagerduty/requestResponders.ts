import * as v from 'valibot';
import type { Addressee, DeliveryTask } from '../../core/deliveries/delivery.ts';
import type { DeliveryContext } from '../../core/deliveries/deliveryPort.ts';
import type { ApiResult } from '../askJson.ts';
import type { Done } from '../deliverAs.ts';
import { done, needsPerson, sinceFirstAttempt } from '../deliverAs.ts';
import type { AskPagerDuty, PagerDutyUser } from './pagerDutyApi.ts';
import { fetchUser, findUser } from './pagerDutyApi.ts';
import type { PagerDutyIncident } from './pagerDutyIncident.ts';
import { fetchIncident, incidentPath, incidentReceipt } from './pagerDutyIncident.ts';

type Request = Extract<DeliveryTask, { act: 'request-responders' }>;

/**
 * Asks people to join the incident `id`. Whoever is asked already, or has joined, is not asked again; who is no user of
 * the account is named in the receipt. Needs the account's ability `coordinated_responding` (else 402).
 */
export async function requestResponders(
  ask: AskPagerDuty,
  { people, message }: Request,
  id: string,
  from: string | undefined,
  context: DeliveryContext,
): Promise<ApiResult<Done>> {
  const requester = await requesterOf(ask, from);
  if (!requester.ok) return requester;
  const users = await Promise.all(people.map((person) => userOf(ask, person)));
  const known = new Map<string, string>();
  const unknown: string[] = [];
  for (const [at, result] of users.entries()) {
    if (!result.ok) return result;
    const { name } = people[at] ?? { name: '' };
    if (result.value) known.set(result.value.id, name);
    else unknown.push(name);
  }
  if (known.size === 0)
    return needsPerson(
      'not-found',
      people.length === 0
        ? 'Nobody was named who should be asked to respond. Nothing was sent; call this off, or ask somebody in PagerDuty.'
        : `PagerDuty knows no user for ${unknown.join(', ')}. Nobody was asked; add their PagerDuty ids to the contacts, or ask them there by hand.`,
    );
  const got = await fetchIncident(ask, id);
  if (!got.ok) return got;
  const { incident, headers } = got.value;
  const since = context.mayExist ? sinceFirstAttempt(context, headers) : Infinity;
  const ours = askedByUs(incident, message, since);
  const theirs = beingAsked(incident);
  const targets = [...known.keys()].filter((user) => !ours.has(user) && !theirs.has(user));
  const already = [...known].filter(([user]) => theirs.has(user) && !ours.has(user)).map(([, name]) => name);
  const detail = [
    ...(already.length > 0 ? [`asked already: ${already.join(', ')}`] : []),
    ...(unknown.length > 0 ? [`no user of PagerDuty: ${unknown.join(', ')}`] : []),
  ].join('; ');
  const receipt = incidentReceipt(incident, detail || undefined);
  if (targets.length === 0) return done(receipt, true);
  const made = await ask(
    {
      method: 'POST',
      path: `${incidentPath(incident.id)}/responder_requests`,
      what: 'request responders',
      body: {
        requester_id: requester.value.id,
        message,
        responder_request_targets: targets.map((user) => ({
          responder_request_target: { id: user, type: 'user_reference' },
        })),
      },
    },
    v.object({ responder_request: v.unknown() }),
  );
  return made.ok ? done(receipt) : made;
}

/** Users who have been asked and have not said no. */
const beingAsked = ({ incidents_responders: responders }: PagerDutyIncident): ReadonlySet<string> =>
  new Set(
    responders.filter(({ state }) => state === 'pending' || state === 'joined').map(({ user }) => user.id),
  );

/** Users whom an earlier attempt asked, whatever they have said since. */
const askedByUs = (
  { responder_requests: requests }: PagerDutyIncident,
  message: string,
  since: number,
): ReadonlySet<string> =>
  new Set(
    requests
      .filter((request) => request.message === message && Date.parse(request.requested_at) >= since)
      .flatMap(({ responder_request_targets: targets }) =>
        targets.map(({ responder_request_target: target }) => target.id),
      ),
  );

/** The request needs the id of whoever makes it: the user of `from`, else the token's own. */
async function requesterOf(ask: AskPagerDuty, from: string | undefined): Promise<ApiResult<PagerDutyUser>> {
  const found = from === undefined ? await fetchUser(ask, 'me') : await findUser(ask, from);
  if (!found.ok && from === undefined && found.failure.status === 400)
    return needsPerson(
      'invalid',
      'A key of the whole PagerDuty account asks people in the name of a user, and none is set (setting incident.pagerduty.from). Nobody was asked; ask them there by hand, or set it and request them anew.',
    );
  if (!found.ok) return found;
  if (found.value) return { ok: true, value: found.value };
  return needsPerson(
    'invalid',
    `PagerDuty knows no user ${from ?? ''}, in whose name people are asked (setting incident.pagerduty.from). Nobody was asked; ask them there by hand, or correct the setting and request them anew.`,
  );
}

async function userOf(
  ask: AskPagerDuty,
  { pagerduty, email }: Addressee,
): Promise<ApiResult<PagerDutyUser | undefined>> {
  const byId = pagerduty === undefined ? undefined : await fetchUser(ask, pagerduty);
  if (byId && (!byId.ok || byId.value)) return byId;
  return email === undefined ? { ok: true, value: undefined } : findUser(ask, email);
}
