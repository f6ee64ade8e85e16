import type { ErrorCode } from '../../core/errors.ts';
import type { ApiFailure } from '../askJson.ts';

/** Slack's trouble, not ours: its pages ask to try these again. */
const transient = new Set([
  'fatal_error',
  'internal_error',
  'request_timeout',
  'rollup_error',
  'service_unavailable',
  'team_added_to_org',
]);
const rateLimited = new Set(['rate_limited', 'ratelimited']);
const badToken = new Set([
  'account_inactive',
  'invalid_auth',
  'not_authed',
  'token_expired',
  'token_revoked',
]);
const notAllowed = new Set([
  'access_denied',
  'accesslimited',
  'cannot_create_channel',
  'ekm_access_denied',
  'enterprise_is_restricted',
  'no_permission',
  'not_allowed_token_type',
  'org_login_required',
  'restricted_action',
  'team_access_not_granted',
  'user_is_restricted',
  'user_is_ultra_restricted',
]);

/**
 * A refusal of Slack's (`ok: false`) as a failure; `what` goes on after "could not", `needed` are the scopes that a
 * `missing_scope` names. Codes: the error table of each method's page, https://docs.slack.dev/reference/methods
 */
export function slackRefusal(what: string, error: string, needed?: string): ApiFailure {
  const as = (code: ErrorCode, message: string): ApiFailure => ({
    code,
    message,
    said: error,
    retry: 'person',
  });
  if (rateLimited.has(error))
    return {
      ...as('failed', `Slack asks to wait (${error}). It is tried again by itself.`),
      retry: 'automatic',
    };
  if (transient.has(error))
    return {
      ...as(
        'failed',
        `Slack failed (${error}), so it is not known whether it could ${what}. It is asked, and tried again by itself.`,
      ),
      retry: 'automatic',
      mayBeDone: true,
    };
  if (badToken.has(error))
    return as(
      'unauthorized',
      `Slack refused the token (${error}). Nothing of the incident is lost: reconnect with Incident: Connect, then retry.`,
    );
  if (error === 'missing_scope')
    return as(
      'forbidden',
      `The Slack token lacks the scope ${scopesIn(needed)}, so it could not ${what}. Add it to the app, install the app again, reconnect with Incident: Connect, then retry.`,
    );
  if (notAllowed.has(error) || error.startsWith('restricted_action'))
    return as(
      'forbidden',
      `Slack does not allow the app to ${what} (${error}): a setting of the workspace forbids it. Ask one of its administrators, or do it by hand and mark it as done.`,
    );
  const [code, sentence] = known(what, error);
  return as(code, sentence);
}

function known(what: string, error: string): readonly [ErrorCode, string] {
  switch (error) {
    case 'channel_not_found':
      return [
        'not-found',
        `Slack no longer shows the channel to the app (${error}), so it could not ${what}: it was deleted or made private. Invite the app there and retry, or do it by hand and mark it as done.`,
      ];
    case 'is_archived':
      return [
        'conflict',
        `The Slack channel is archived, so it could not ${what}. Unarchive it in Slack and retry, or do it by hand and mark it as done.`,
      ];
    case 'not_in_channel':
      return [
        'forbidden',
        `The Slack app is not in the channel, so it could not ${what}. Invite it there with /invite, then retry.`,
      ];
    case 'msg_too_long':
    case 'too_long':
    case 'no_text':
      return ['invalid', `Slack does not take the text (${error}). Change it and send it again.`];
    default:
      return error.startsWith('invalid_name')
        ? [
            'invalid',
            `Slack does not take such a name for a channel (${error}). Change the setting incident.slack.channelName, then retry.`,
          ]
        : [
            'invalid',
            `Slack refused to ${what} (${error}). Nothing of the incident is lost: look in Slack, then retry or mark it as done by hand.`,
          ];
  }
}

/** Slack's list of scopes for a sentence: nothing but scopes can be in it. */
const scopesIn = (needed: string | undefined): string =>
  needed
    ?.replace(/[^a-z:.,|]/g, '')
    .split(/[,|]/)
    .slice(0, 4)
    .join(' or ') || 'it needs';
