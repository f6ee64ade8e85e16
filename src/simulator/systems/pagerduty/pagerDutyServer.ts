import type { Server } from 'node:http';
import type { WebCall, WebReply } from '../webApi.ts';
import { createWebApi } from '../webApi.ts';
import { currentUser, directoryAnswers } from './directoryAnswers.ts';
import { answerEvent } from './eventsApi.ts';
import { incidentAnswers } from './incidentAnswers.ts';
import { PagerDutyRefusal, notFound } from './pagerDutyRefusal.ts';
import type { PagerDutyStore } from './pagerDutyStore.ts';
import type { Caller } from './requester.ts';
import { callerOf } from './requester.ts';

function run(store: PagerDutyStore, call: WebCall, caller: Caller): WebReply {
  const { method, path, query } = call;
  if (method === 'GET' && path === '/users/me') return currentUser(caller.user);
  const incidents = incidentAnswers.find(([pattern]) => pattern.test(path));
  const answer = incidents?.[1][method];
  if (incidents !== undefined && answer !== undefined) {
    if (method !== 'GET' && !caller.mayWrite) throw new PagerDutyRefusal(403, 2010, 'Access Denied');
    return answer(store, call, idIn(incidents[0], path), caller);
  }
  const directory = method === 'GET' ? directoryAnswers.find(([pattern]) => pattern.test(path)) : undefined;
  if (directory === undefined) throw notFound();
  return directory[1](store, query, idIn(directory[0], path));
}

const idIn = (pattern: RegExp, path: string): string => decodeURIComponent(pattern.exec(path)?.[1] ?? '');

/** By key of the account, by user with a user's key: a refusal of the limit has no `errors`. */
function limited(store: PagerDutyStore, caller: Caller, answer: () => WebReply): WebReply {
  const { allowed, remaining, resetMs } = store.window.take(caller.token, store.limits.rest, store.now());
  const headers = {
    'ratelimit-limit': String(store.limits.rest),
    'ratelimit-remaining': String(remaining),
    'ratelimit-reset': String(Math.ceil(resetMs / 1000)),
  };
  const reply = allowed
    ? answer()
    : { status: 429, body: { error: { message: 'Rate Limit Exceeded', code: 2020 } } };
  return { ...reply, headers: { ...headers, ...reply.headers } };
}

function refusal(thrown: unknown): WebReply {
  if (!(thrown instanceof PagerDutyRefusal)) throw thrown;
  const { status, message, code, errors } = thrown;
  return { status, body: { error: { message, code, ...(errors === undefined ? {} : { errors }) } } };
}

function answer(store: PagerDutyStore, call: WebCall): WebReply {
  if (call.path === '/v2/enqueue' || call.path === '/v2/change/enqueue') return answerEvent(store, call);
  try {
    const caller = callerOf(store, call);
    return limited(store, caller, () => {
      try {
        return run(store, call, caller);
      } catch (thrown) {
        return refusal(thrown);
      }
    });
  } catch (thrown) {
    return refusal(thrown);
  }
}

/**
 * The part of PagerDuty's REST API v2 that incidents and signals need (https://developer.pagerduty.com/api-reference/)
 * and the Events API v2, on one port. What a client must know: with a key of the account every change of an incident
 * and every note needs `From`, the email of a user; a responder request names its requester in the body instead.
 * `/users/me` tells the two kinds of keys apart: for one of the account it is a 400 whose `error` is a text. Creating
 * is safe to repeat only with an `incident_key`: while an incident with it is open on the service, a second one is a
 * 400, code 2002; once it is resolved, a new one is made. `status: acknowledged` opens a resolved incident again and
 * pages people, so look before; resolving twice is 1001. The filter `incident_key` finds incidents by their alerts'
 * keys too, though their own `incident_key` is then null. Lists are `limit` (100 at most), `offset` and `more`; lists
 * in a query are `statuses[]=…`. A JSON body without its content type is "params must be a Hash". Change events are
 * filtered by time and `integration_ids[]`, by service at `/services/{id}/change_events`.
 */
export const createPagerDutyServer = (store: PagerDutyStore): Server =>
  createWebApi({ log: store, now: store.now, answer: (call) => answer(store, call) });
