import type { WebCall } from '../webApi.ts';
import type { PagerDutyUser } from './directory.ts';
import { PagerDutyRefusal } from './pagerDutyRefusal.ts';
import type { PagerDutyStore } from './pagerDutyStore.ts';

/** Whose key a request carries: `user` undefined for one of the account. */
export interface Caller {
  readonly token: string;
  readonly user: PagerDutyUser | undefined;
  readonly mayWrite: boolean;
}

/** Only `Token token=KEY` is a key of the REST API; throws 401, code 2006. */
export function callerOf(store: PagerDutyStore, { headers }: WebCall): Caller {
  const token = /^Token token=(\S+)$/.exec(headers.authorization ?? '')?.[1];
  if (token === store.token) return { token, user: undefined, mayWrite: true };
  if (token === store.readOnlyToken) return { token, user: undefined, mayWrite: false };
  const user = store.users[0];
  if (token === store.userToken && user !== undefined) return { token, user, mayWrite: true };
  throw new PagerDutyRefusal(401, 2006, 'Authentication failed');
}

/**
 * The user on whose behalf a change is made: with a key of the account the one whose email is in `From`, with a
 * user's key that user unless `From` names another. Throws 400: 2016 without the header, 1028 for one that is no
 * email, 1008 for one of nobody.
 */
export function requesterOf(store: PagerDutyStore, caller: Caller, { headers }: WebCall): PagerDutyUser {
  const from = headers.from;
  if (from === undefined || from === '') {
    if (caller.user !== undefined) return caller.user;
    throw new PagerDutyRefusal(
      400,
      2016,
      'You must specify a user\'s email address in the "From" header to perform this action',
    );
  }
  if (!/^[^\s@<>]+@[^\s@<>]+$/.test(from)) throw new PagerDutyRefusal(400, 1028, 'Malformed "From" header');
  const user = store.users.find(({ email }) => email === from.toLowerCase());
  if (user === undefined) throw new PagerDutyRefusal(400, 1008, 'Requester User Not Found');
  return user;
}
