import * as v from 'valibot';
import { ok } from '../../core/errors.ts';
import { plainResult } from '../askJson.ts';
import type { CheckConnection } from '../connection.ts';
import { notConnected } from '../deliverAs.ts';
import type { AskPagerDuty } from './pagerDutyApi.ts';
import { fetchUser, findUser, pagerDutyAt, subdomainOf } from './pagerDutyApi.ts';

const abilitiesSchema = v.object({ abilities: v.array(v.string()) });
const serviceSchema = v.object({
  service: v.object({ name: v.nullish(v.string()), html_url: v.nullish(v.string()) }),
});

/**
 * Asks whose the key is (a user's, or the account's), what the account is able to do, and whether the settings'
 * service and user are there. `options`: `service`, `from`.
 */
export const checkPagerDuty: CheckConnection = async ({ baseUrl, token, options }, signal) => {
  if (token === undefined) return plainResult(notConnected('PagerDuty'));
  const fetch = (url: string, init: RequestInit): Promise<Response> => globalThis.fetch(url, init);
  const ask = pagerDutyAt({ fetch, baseUrl, token }, signal);
  const { service = '', from = '' } = options;
  const abilities = await ask(
    { method: 'GET', path: '/abilities', what: 'tell what the account is able to do' },
    abilitiesSchema,
  );
  // A token of an OAuth app may lack this scope and be good for the rest.
  if (!abilities.ok && abilities.failure.status !== 403) return plainResult(abilities);
  // A key of the whole account is no user's, and is told so with a 400.
  const me = await fetchUser(ask, 'me');
  if (!me.ok && me.failure.status !== 400 && me.failure.status !== 403) return plainResult(me);
  const user = me.ok ? me.value : undefined;
  const atService = await lookAtService(ask, service);
  const account = subdomainOf(user?.html_url ?? atService.htmlUrl);
  const who = user ? (user.email ?? user.name ?? user.id) : 'a key of the whole account';
  return ok({
    who: account === undefined ? who : `${who} in ${account}`,
    warnings: [
      ...(abilities.ok && !abilities.value.body.abilities.includes('coordinated_responding')
        ? ['This account cannot request responders: its plan lacks the ability coordinated_responding.']
        : []),
      ...atService.warnings,
      ...(await lookAtFrom(ask, from)),
    ],
  });
};

async function lookAtService(
  ask: AskPagerDuty,
  id: string,
): Promise<{ readonly htmlUrl?: string | null | undefined; readonly warnings: readonly string[] }> {
  if (id === '')
    return {
      warnings: [
        'No service is chosen: set incident.pagerduty.service to the id of the one that is to page people.',
      ],
    };
  const got = await ask(
    { method: 'GET', path: `/services/${encodeURIComponent(id)}`, what: 'read the service' },
    serviceSchema,
  );
  if (got.ok) return { htmlUrl: got.value.body.service.html_url, warnings: [] };
  return {
    warnings: [
      got.failure.status === 404
        ? `PagerDuty has no service ${id}, or does not show it to this key: correct incident.pagerduty.service.`
        : got.failure.message,
    ],
  };
}

async function lookAtFrom(ask: AskPagerDuty, from: string): Promise<readonly string[]> {
  if (from === '')
    return [
      'Nobody is named in whose name incidents are opened: set incident.pagerduty.from to the e-mail of a user.',
    ];
  const found = await findUser(ask, from);
  if (!found.ok) return [found.failure.message];
  return found.value ? [] : [`PagerDuty knows no user ${from}: correct incident.pagerduty.from.`];
}
