import * as v from 'valibot';
import { failed, ok } from '../../core/errors.ts';
import { plainResult } from '../askJson.ts';
import type { CheckConnection } from '../connection.ts';
import { createSlackCall } from './slackApi.ts';

/**
 * The bot scopes that are used, each with what does not work without it. The app's manifest asks for these and no
 * others: docs/slack-app-manifest.yaml.
 */
export const slackScopes: Readonly<Record<string, string>> = {
  'channels:manage': 'no channel can be created, given its topic, filled with people or archived',
  'channels:read': 'a channel that an earlier attempt made is not found again',
  'channels:history': 'a message that an earlier attempt posted is not found again',
  'chat:write': 'no message can be posted',
  'pins:write': 'the first message is not pinned',
  'pins:read': 'what people pin does not come into the timeline',
  'reactions:read': 'a reaction to a request for approval does not count',
  'users:read': 'pinned messages come without their author’s name',
  'users:read.email': 'people without a Slack id are not found by their e-mail address',
};

const identity = v.object({
  user: v.string(),
  team: v.string(),
  // From the header x-oauth-scopes.
  response_metadata: v.object({ scopes: v.optional(v.array(v.string())) }),
});

/** Asks auth.test as whom the token speaks, and names each scope that it lacks. */
export const checkSlack: CheckConnection = async ({ baseUrl, token }, signal) => {
  if (token === undefined)
    return failed('unauthorized', 'No token is stored for Slack. Give it the bot token of your Slack app.');
  const call = createSlackCall({ baseUrl, token }, signal);
  const asked = await call('auth.test', {}, 'find out who the token is', identity);
  if (!asked.ok) return plainResult(asked);
  const { user, team, response_metadata } = asked.value;
  return ok({ who: `${user} in ${team}`, warnings: warningsOf(response_metadata.scopes) });
};

function warningsOf(scopes: readonly string[] | undefined): readonly string[] {
  if (scopes === undefined) return ['Slack does not say which scopes the token has.'];
  return Object.entries(slackScopes)
    .filter(([scope]) => !scopes.includes(scope))
    .map(([scope, without]) => `Without the scope ${scope}, ${without}.`);
}
