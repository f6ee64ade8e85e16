import type { SlackAnswer, SlackCall } from './slackCall.ts';
import { pageOf, SlackRefusal } from './slackCall.ts';
import type { SlackUser } from './slackState.ts';

/** A user object; its email only for a token with `users:read.email`. */
const shownUser = ({ store, caller }: SlackCall, user: SlackUser): SlackAnswer => ({
  id: user.id,
  team_id: store.team.id,
  name: user.name,
  deleted: user.deleted,
  ...(user.deleted ? {} : { real_name: user.realName, tz: user.timezone }),
  profile: {
    real_name: user.realName,
    real_name_normalized: user.realName,
    display_name: user.name,
    display_name_normalized: user.name,
    team: store.team.id,
    ...(user.email !== undefined && caller.scopes.includes('users:read.email') ? { email: user.email } : {}),
  },
  is_bot: user.isBot,
  is_app_user: false,
  is_restricted: false,
  is_ultra_restricted: false,
});

/** users.lookupByEmail: form fields only, and nobody who is deactivated. */
export function lookupByEmail(call: SlackCall): SlackAnswer {
  const email = call.args.required('email').toLowerCase();
  const user = [...call.store.users.values()].find(
    (each) => each.email?.toLowerCase() === email && !each.deleted,
  );
  if (user === undefined) throw new SlackRefusal('users_not_found');
  return { user: shownUser(call, user) };
}

/** users.info */
export function userInfo(call: SlackCall): SlackAnswer {
  const user = call.store.users.get(call.args.required('user'));
  if (user === undefined) throw new SlackRefusal('user_not_found');
  return { user: shownUser(call, user) };
}

/** users.list: everybody at once without a limit, deactivated ones and bots too. */
export function listUsers(call: SlackCall): SlackAnswer {
  const all = [...call.store.users.values()];
  const page = pageOf(all, call, call.args.limit(all.length, 1000), ({ id }) => `user:${id}`);
  return {
    members: page.items.map((user) => shownUser(call, user)),
    cache_ts: call.store.seconds(),
    response_metadata: { next_cursor: page.next },
  };
}

/** usergroups.users.list: ids alone; an on-call group has its present members. */
export function listUserGroup(call: SlackCall): SlackAnswer {
  const users = call.store.userGroups.get(call.args.required('usergroup'));
  if (users === undefined) throw new SlackRefusal('no_such_subteam');
  return { users };
}

/** auth.test: any token, no scope. */
export function testAuth({ store, caller }: SlackCall): SlackAnswer {
  return {
    url: store.team.url,
    team: store.team.name,
    user: store.users.get(caller.user)?.name,
    team_id: store.team.id,
    user_id: caller.user,
    ...(caller.kind === 'bot' ? { bot_id: store.app.botId } : {}),
    is_enterprise_install: false,
  };
}
