import {
  archiveChannel,
  channelInfo,
  createChannel,
  listChannels,
  listOwnChannels,
  setPurpose,
  setTopic,
  unarchiveChannel,
} from './channels.ts';
import { inviteUsers, joinChannel, listMembers } from './members.ts';
import { getPermalink, postMessage, readHistory, updateMessage } from './messages.ts';
import { listUserGroup, listUsers, lookupByEmail, testAuth, userInfo } from './people.ts';
import { addPin, listPins, removePin } from './pins.ts';
import { addReaction, getReactions, removeReaction } from './reactions.ts';
import type { SlackAnswer, SlackCall } from './slackCall.ts';

export interface SlackMethod {
  /** Any of them will do; none needed when empty. */
  readonly scopes: readonly string[];
  /** A JSON body is not read: every argument in it is missing. */
  readonly formOnly?: boolean;
  readonly run: (call: SlackCall) => SlackAnswer;
}

const manage = ['channels:manage', 'channels:write', 'groups:write', 'im:write', 'mpim:write'];
const read = ['channels:read', 'groups:read', 'im:read', 'mpim:read'];
const history = ['channels:history', 'groups:history', 'im:history', 'mpim:history'];
const topic = [...manage, 'channels:write.topic', 'groups:write.topic'];
const invites = [...manage, 'channels:write.invites', 'groups:write.invites'];

/** Each simulated method with the scopes of its page under https://docs.slack.dev/reference/methods */
export const slackMethods: Readonly<Record<string, SlackMethod>> = {
  'auth.test': { scopes: [], run: testAuth },
  'chat.getPermalink': { scopes: [], run: getPermalink },
  'chat.postMessage': { scopes: ['chat:write'], run: postMessage },
  'chat.update': { scopes: ['chat:write'], run: updateMessage },
  'conversations.archive': { scopes: manage, run: archiveChannel },
  'conversations.create': { scopes: manage, run: createChannel },
  'conversations.history': { scopes: history, run: readHistory },
  'conversations.info': { scopes: read, run: channelInfo },
  'conversations.invite': { scopes: invites, run: inviteUsers },
  'conversations.join': { scopes: ['channels:join', 'channels:write'], run: joinChannel },
  'conversations.list': { scopes: read, run: listChannels },
  'conversations.members': { scopes: read, run: listMembers },
  'conversations.setPurpose': { scopes: topic, run: setPurpose },
  'conversations.setTopic': { scopes: topic, run: setTopic },
  'conversations.unarchive': { scopes: manage, run: unarchiveChannel },
  'pins.add': { scopes: ['pins:write'], run: addPin },
  'pins.list': { scopes: ['pins:read'], run: listPins },
  'pins.remove': { scopes: ['pins:write'], run: removePin },
  'reactions.add': { scopes: ['reactions:write'], run: addReaction },
  'reactions.get': { scopes: ['reactions:read'], run: getReactions },
  'reactions.remove': { scopes: ['reactions:write'], run: removeReaction },
  'usergroups.users.list': { scopes: ['usergroups:read'], run: listUserGroup },
  'users.conversations': { scopes: read, run: listOwnChannels },
  'users.info': { scopes: ['users:read'], run: userInfo },
  'users.list': { scopes: ['users:read'], run: listUsers },
  'users.lookupByEmail': { scopes: ['users:read.email'], formOnly: true, run: lookupByEmail },
};
