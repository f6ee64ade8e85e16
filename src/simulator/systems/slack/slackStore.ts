import type { RequestLog } from '../webApi.ts';
import { createRequestLog } from '../webApi.ts';
import { asStored } from './messageText.ts';
import type { SlackChannel, SlackFault, SlackMessage, SlackToken, SlackUser } from './slackState.ts';
import { botScopes } from './slackState.ts';

/** The state of the simulated Slack workspace: tests may read and set all of it. */
export interface SlackStore extends RequestLog {
  /** The bot token of the simulated app, with every scope of `botScopes`: plainly no real one. */
  readonly token: string;
  /** A user token of the person who installed the app, for what Slack refuses to bots. */
  readonly userToken: string;
  readonly tokens: Map<string, SlackToken>;
  readonly team: { readonly id: string; readonly name: string; readonly url: string };
  readonly app: { readonly id: string; readonly botId: string; readonly botUser: string };
  readonly users: Map<string, SlackUser>;
  readonly channels: Map<string, SlackChannel>;
  /** Ids of members by the user group's id (`S…`). */
  readonly userGroups: Map<string, readonly string[]>;
  /** Names that nobody gets although no channel that anybody sees has them. */
  readonly takenNames: Set<string>;
  readonly faults: SlackFault[];
  /** The most a page of `conversations.history` holds: 15 for what is sold outside the Marketplace. */
  historyLimit: number;
  /** The present, in ms since 1970. */
  readonly now: () => number;
  /** The present in whole seconds, as Slack's `created` fields have it. */
  seconds(): number;
  addUser(user: { name: string; email?: string; realName?: string; timezone?: string }): SlackUser;
  /** A channel made by somebody else; the members given, and nobody more. */
  addChannel(channel: { name: string; isPrivate?: boolean; by?: string; members?: string[] }): SlackChannel;
  /** Removes a channel for good; its name stays taken. */
  deleteChannel(id: string): void;
  addUserGroup(members: readonly string[]): string;
  /** A message by that user; Slack's own words when a subtype is given. */
  say(channel: SlackChannel, user: string, text: string, more?: Partial<SlackMessage>): SlackMessage;
  /** Pins a message in somebody's name. */
  pin(channel: SlackChannel, ts: string, by: string): void;
  react(message: SlackMessage, user: string, emoji: string): void;
}

/** The workspace as it is when the simulated production starts: four people, #general and #incidents. */
export function createSlackStore(now: () => number): SlackStore {
  let numbered = 0;
  let lastMicroseconds = 0;
  const id = (letter: string): string =>
    `${letter}0SIM${(++numbered).toString(36).toUpperCase().padStart(6, '0')}`;
  const seconds = (): number => Math.floor(now() / 1000);
  const nextTs = (): string => {
    lastMicroseconds = Math.max(Math.floor(now()) * 1000, lastMicroseconds + 1);
    return `${Math.floor(lastMicroseconds / 1_000_000)}.${String(lastMicroseconds % 1_000_000).padStart(6, '0')}`;
  };
  const newUser = (user: Pick<SlackUser, 'name'> & Partial<SlackUser>): SlackUser => ({
    id: id('U'),
    realName: user.name,
    email: undefined,
    timezone: 'Europe/Berlin',
    isBot: false,
    deleted: false,
    ...user,
  });
  const bot = newUser({ name: 'incident_response', realName: 'Incident Response', isBot: true });
  const store: SlackStore = {
    ...createRequestLog(),
    token: 'simulated-slack-word',
    userToken: 'simulated-slack-user-word',
    tokens: new Map(),
    team: { id: id('T'), name: 'Simulated', url: 'https://simulated-workspace.slack.com/' },
    app: { id: id('A'), botId: id('B'), botUser: bot.id },
    users: new Map([[bot.id, bot]]),
    channels: new Map(),
    userGroups: new Map(),
    takenNames: new Set(),
    faults: [],
    historyLimit: 999,
    now,
    seconds,
    addUser(user) {
      const added = newUser(user);
      store.users.set(added.id, added);
      return added;
    },
    addChannel({ name, isPrivate = false, by = bot.id, members = [] }) {
      const unset = { value: '', creator: '', last_set: 0 };
      const channel: SlackChannel = {
        id: id('C'),
        name,
        isPrivate,
        creator: by,
        created: seconds(),
        isArchived: false,
        topic: unset,
        purpose: unset,
        members: new Set(members),
        messages: [],
        pins: [],
      };
      store.channels.set(channel.id, channel);
      return channel;
    },
    deleteChannel(channelId) {
      const channel = store.channels.get(channelId);
      if (channel === undefined) return;
      store.takenNames.add(channel.name);
      store.channels.delete(channelId);
    },
    addUserGroup(members) {
      const group = id('S');
      store.userGroups.set(group, members);
      return group;
    },
    say(channel, user, text, more = {}) {
      const message: SlackMessage = {
        ts: nextTs(),
        user,
        subtype: undefined,
        botId: store.users.get(user)?.isBot === true ? store.app.botId : undefined,
        threadTs: undefined,
        broadcast: false,
        text: asStored(text),
        blocks: undefined,
        attachments: undefined,
        metadata: undefined,
        edited: undefined,
        reactions: new Map(),
        ...more,
      };
      channel.messages.push(message);
      return message;
    },
    pin(channel, ts, by) {
      channel.pins.push({ ts, by, created: seconds() });
    },
    react(message, user, emoji) {
      message.reactions.set(emoji, [...(message.reactions.get(emoji) ?? []), user]);
    },
  };
  const people = [
    { name: 'ana', realName: 'Ana Lead', email: 'ana@example.com' },
    { name: 'ben', realName: 'Ben Tech', email: 'ben@example.com' },
    { name: 'cleo', realName: 'Cleo Manager', email: 'cleo@example.com' },
    { name: 'dev', realName: 'Dev On Call', email: 'dev@example.com' },
  ].map((person) => store.addUser(person).id);
  store.addChannel({ name: 'general', members: people });
  store.addChannel({ name: 'incidents', members: [...people, bot.id] });
  store.tokens.set(store.token, { kind: 'bot', user: bot.id, scopes: botScopes, revoked: false });
  store.tokens.set(store.userToken, {
    kind: 'user',
    user: people[0] ?? '',
    scopes: ['channels:read', 'channels:write', 'channels:history', 'chat:write', 'groups:write'],
    revoked: false,
  });
  return store;
}
